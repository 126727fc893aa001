/** When a source says something anew, what a person changed stays as they changed it, and the source's new word is kept beside. */
import { type RawBuilder, sql } from 'kysely'

type Sql = RawBuilder<unknown>

/** What the source itself said before, whatever a person made of it. */
export const saidText = (row: Sql, column: 'title' | 'activity'): Sql =>
  sql`case when ${row}.edits ? ${sql.lit(column)} then ${row}.edits ->> ${sql.lit(column)} else ${row}.${sql.ref(column)} end`

export const saidTotals = (row: Sql): Sql => sql`
  (${row}.totals - array(select jsonb_object_keys(${row}.edits -> 'totals')) || jsonb_strip_nulls(coalesce(${row}.edits -> 'totals', '{}')))`

/** `row` is the session as it is stored, `fresh` the column's new value. */
export const keepText = (row: Sql, column: 'title' | 'activity', fresh: Sql): Sql =>
  sql`case when ${row}.edits ? ${sql.lit(column)} then ${row}.${sql.ref(column)} else ${fresh} end`

export const keepTotals = (row: Sql, fresh: Sql): Sql => sql`
  ${fresh} || coalesce((
    select jsonb_object_agg(key, ${row}.totals -> key)
    from jsonb_object_keys(${row}.edits -> 'totals') as key where ${row}.totals ? key
  ), '{}')`

/** `fresh` answers a column's new value; columns it does not know keep the word they have. */
export function keepEdits(row: Sql, fresh: { title?: Sql; activity?: Sql; totals: Sql }): Sql {
  const text = (column: 'title' | 'activity', value: Sql | undefined) =>
    value
      ? sql`case when ${row}.edits ? ${sql.lit(column)} then jsonb_build_object(${sql.lit(column)}, ${value}) else '{}' end`
      : sql`'{}'::jsonb`
  return sql`
    ${row}.edits || ${text('title', fresh.title)} || ${text('activity', fresh.activity)}
      || case when ${row}.edits ? 'totals' then jsonb_build_object('totals', (
           select jsonb_object_agg(key, coalesce(${fresh.totals} -> key, 'null')) from jsonb_object_keys(${row}.edits -> 'totals') as key
         )) else '{}' end`
}
