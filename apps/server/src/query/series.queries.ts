import { sql } from 'kysely'
import type { Read } from '../platform/db/database.ts'

export interface SeriesExtent {
  metric: string
  source_id: string
  n: number
  first_at: Date
  last_at: Date
}

/** What a person's sources hold, from the headers of chunks and segments and the keys of rows: no value is read. */
export async function listSeriesExtents(tx: Read, userId: string): Promise<SeriesExtent[]> {
  const { rows } = await sql<SeriesExtent>`
    select s.metric, s.source_id, (coalesce(c.n, 0) + coalesce(g.n, 0))::int8 as n, least(c.first_at, g.first_at) as first_at, l.ts as last_at
    from series s
    join latest l using (user_id, series_id)
    left join lateral (
      select sum(n)::int8 as n, min(day)::timestamp at time zone 'UTC' as first_at
      from chunk where user_id = s.user_id and series_id = s.series_id) c on true
    left join lateral (
      select sum(n)::int8 as n, min(t0) as first_at
      from segment where user_id = s.user_id and series_id = s.series_id) g on true
    where s.user_id = ${userId} and l.ts is not null
    union all
    select metric, source_id, count(*), min(day_on)::timestamp at time zone 'UTC', max(day_on)::timestamp at time zone 'UTC'
    from source_days
    where user_id = ${userId}
    group by metric, source_id
    union all
    select metric, source_id, count(*), min(start_at), max(start_at)
    from events
    where user_id = ${userId}
    group by metric, source_id
    union all
    select 'sleep', s.source_id, count(*), min(p.start_at), max(p.start_at)
    from session_parts p
    join sessions s using (user_id, session_id)
    where p.user_id = ${userId} and p.kind = 'stage'
    group by s.source_id
    union all
    select 'gps', source_id, sum(n)::int8, min(start_at), max(end_at)
    from tracks
    where user_id = ${userId} and session_id is null
    group by source_id
    order by metric, source_id`.execute(tx)
  return rows
}
