/** What some sources hold, in one statement, so that a read asks for nothing that is not there. */
import type { Database } from '../platform/db/database.ts'
import { ask, type Statement } from '../platform/samples/sql.ts'

export interface SeriesRow {
  series_id: number
  source_id: string
  metric: string
}

export interface Holdings {
  series: SeriesRow[]
  days: boolean
  events: boolean
  nights: boolean
  ways: boolean
}

const describe = {
  name: 'query_holdings',
  text: `
    select
      (select coalesce(json_agg(json_build_array(series_id, source_id, metric) order by metric, series_id), '[]')
       from series where user_id = $1 and source_id = any ($2::uuid[])),
      exists (select from source_days where user_id = $1 and source_id = any ($2::uuid[])),
      exists (select from events where user_id = $1 and source_id = any ($2::uuid[])),
      exists (select from sessions where user_id = $1 and source_id = any ($2::uuid[]) and type = 'sleep'),
      exists (select from tracks where user_id = $1 and source_id = any ($2::uuid[]) and session_id is null)`,
} as const satisfies Statement

export async function findHoldings(db: Database, userId: string, sources: readonly string[]): Promise<Holdings> {
  const [row] = await db.readOn({ userId }, (client) => ask(client, describe, [userId, sources]))
  const [series, ...held] = row ?? []
  const [days = false, events = false, nights = false, ways = false] = held.map((flag) => flag === 't')
  const rows = JSON.parse(series ?? '[]') as [number, string, string][]
  return {
    series: rows.map(([series_id, source_id, metric]) => ({ series_id, source_id, metric })),
    days,
    events,
    nights,
    ways,
  }
}
