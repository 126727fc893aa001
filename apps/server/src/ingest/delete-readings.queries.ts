import { type RawBuilder, sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'
import type { Of } from './tally.ts'

type Types = readonly string[] | undefined

const ofType = (types: Types): RawBuilder<unknown> => (types ? sql`metric = any(${[...types]}::text[])` : sql`true`)

/** What stands in [from, to); infinite bounds reach everywhere. */
function between(time: RawBuilder<unknown>, from: number, to: number): RawBuilder<unknown> {
  const start = Number.isFinite(from) ? sql`${time} >= ${new Date(from)}` : sql`true`
  const end = Number.isFinite(to) ? sql`${time} < ${new Date(to)}` : sql`true`
  return sql`${start} and ${end}`
}

/** A date is where it stands in a list of everything: at its midnight in UTC. */
export async function deleteDays(
  tx: Write,
  { userId, sourceId }: Of,
  metrics: Types,
  from: number,
  to: number,
): Promise<number> {
  const midnight = sql`(day_on::timestamp at time zone 'UTC')`
  const { numAffectedRows = 0n } = await sql`
    delete from source_days
    where user_id = ${userId} and source_id = ${sourceId} and ${ofType(metrics)} and ${between(midnight, from, to)}`.execute(
    tx,
  )
  return Number(numAffectedRows)
}

export async function deleteEvents(
  tx: Write,
  { userId, sourceId }: Of,
  types: Types,
  from: number,
  to: number,
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from events
    where user_id = ${userId} and source_id = ${sourceId} and ${ofType(types)} and ${between(sql`start_at`, from, to)}`.execute(
    tx,
  )
  return Number(numAffectedRows)
}

export async function findSeriesOf(tx: Read, { userId, sourceId }: Of, metrics: Types): Promise<number[]> {
  const { rows } = await sql<{ series_id: number }>`
    select series_id from series where user_id = ${userId} and source_id = ${sourceId} and ${ofType(metrics)}`.execute(
    tx,
  )
  return rows.map((row) => row.series_id)
}
