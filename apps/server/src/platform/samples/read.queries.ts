/**
 * Reads of one person's stored bytes. Chunk and segments always come in one statement, so in one snapshot: between two, the
 * compactor could move points from where they were not yet read to where they were read already. Days are numbers since 1970.
 */
import type { Statement } from './sql.ts'

const epoch = `date '1970-01-01'`
const startOf = (day: string): string => `(${epoch} + ${day})::timestamp at time zone 'UTC'`

/** Series, day, age, bytes of a range of days. */
export const readDays = {
  name: 'samples_read_days',
  text: `
    select series_id, day - ${epoch}, 0::int8, data
    from chunk
    where user_id = $1 and series_id = any($2::int8[]) and day between ${epoch} + $3::int and ${epoch} + $4::int
    union all
    select series_id, (t0 at time zone 'UTC')::date - ${epoch}, seq, data
    from segment
    where user_id = $1 and series_id = any($2::int8[]) and t0 >= ${startOf('$3::int')} and t0 < ${startOf('$4::int + 1')}`,
} as const satisfies Statement

/** The first day of a range on which any of the series has points. */
export const nextDay = {
  name: 'samples_next_day',
  text: `
    select min(least(
      (select min(c.day) from chunk c
       where c.user_id = $1 and c.series_id = s.id and c.day between ${epoch} + $3::int and ${epoch} + $4::int) - ${epoch},
      ((select min(g.t0) from segment g
       where g.user_id = $1 and g.series_id = s.id and g.t0 >= ${startOf('$3::int')} and g.t0 < ${startOf('$4::int + 1')})
       at time zone 'UTC')::date - ${epoch}))
    from unnest($2::int8[]) as s (id)`,
} as const satisfies Statement

/** Upper bound of the points of a range of days: a time that a chunk and a segment both hold counts twice. */
export const countStored = {
  name: 'samples_count_stored',
  text: `
    select
      (select coalesce(sum(n), 0) from chunk
       where user_id = $1 and series_id = any($2::int8[]) and day between ${epoch} + $3::int and ${epoch} + $4::int)
      +
      (select coalesce(sum(n), 0) from segment
       where user_id = $1 and series_id = any($2::int8[]) and t0 >= ${startOf('$3::int')} and t0 < ${startOf('$4::int + 1')})`,
} as const satisfies Statement

/** Points of the chunks of whole days without segments, and the days that have to be decoded to be counted (null n). */
export const countDays = {
  name: 'samples_count_days',
  text: `
    with hot as (
      select distinct series_id, (t0 at time zone 'UTC')::date as day
      from segment
      where user_id = $1 and series_id = any($2::int8[]) and t0 >= ${startOf('$3::int')} and t0 < ${startOf('$4::int + 1')}
    )
    select null::int8, series_id, day - ${epoch} from hot
    union all
    select sum(n), series_id, null from chunk c
    where user_id = $1 and series_id = any($2::int8[]) and day between ${epoch} + $3::int and ${epoch} + $4::int
      and not exists (select from hot where hot.series_id = c.series_id and hot.day = c.day)
    group by series_id`,
} as const satisfies Statement

/** All chunks in key order, for the recount: those after a key. Names the schema, since an operator's connection may ask. */
export const pageOfChunks = {
  name: 'samples_page_of_chunks',
  text: `
    select user_id, series_id, day - ${epoch}, n, (extract(epoch from t_last) * 1000)::int8, v_min, v_max, v_sum, data
    from tributary.chunk
    where (user_id, series_id, day) > ($1::uuid, $2::int8, ${epoch} + $3::int)
    order by user_id, series_id, day
    limit $4`,
} as const satisfies Statement
