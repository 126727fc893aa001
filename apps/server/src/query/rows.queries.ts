/** What is stored as rows: values for days, events, sleep stages, positions. All of one person, oldest first. */
import { sql } from 'kysely'
import type { Read } from '../platform/db/database.ts'
import { must } from '../platform/must.ts'
import type { Place } from './entries.ts'

export interface SourceRow {
  source_id: string
  name: string
  kind: 'device' | 'connection' | 'app' | 'file' | 'manual'
  device_id: string | null
  is_demo: boolean
}

export async function listSources(tx: Read, userId: string): Promise<SourceRow[]> {
  const { rows } = await sql<SourceRow>`
    select s.source_id, coalesce(d.device_name, s.name) as name, s.kind, s.device_id, s.is_demo
    from sources s
    left join devices d using (user_id, device_id)
    where s.user_id = ${userId}
    order by s.created_at, s.source_id`.execute(tx)
  return rows
}

export async function findTimeZone(tx: Read, userId: string): Promise<string> {
  const { rows } = await sql<{ time_zone: string }>`select time_zone from users where user_id = ${userId}`.execute(tx)
  return must(rows[0], 'a caller is a person').time_zone
}

/** What to read: of these sources, within a range, behind a place. */
export interface RowScope {
  userId: string
  sources: readonly string[]
  metrics: readonly string[]
  /** Seconds since 1970; ±Infinity where open. */
  from: number
  to: number
  after: Place | null
  limit: number
}

const instant = (seconds: number) =>
  Number.isFinite(seconds) ? sql`to_timestamp(${seconds})` : sql`${seconds < 0 ? '-infinity' : 'infinity'}::timestamptz`

/** A row comes behind the place the last page ended at. `collate "C"` orders as the program does, whatever the database's language. */
function behind(after: Place | null, time: string, type: string, tie: string) {
  if (!after) return sql`true`
  return sql`(${sql.raw(time)}, ${sql.raw(type)} collate "C", ${sql.raw(tie)} collate "C") > (to_timestamp(${after.t / 1_000}), ${after.type}, ${after.tie})`
}

export interface StoredDay {
  source_id: string
  metric: string
  day_on: string
  value: number
  unit: string | null
  quality: number
}

export async function listDayValues(
  tx: Read,
  { userId, sources, metrics, from, to, after, limit }: RowScope,
): Promise<StoredDay[]> {
  const day = `(day_on::timestamp at time zone 'UTC')`
  const { rows } = await sql<StoredDay>`
    select source_id, metric, day_on, value, unit, quality
    from source_days
    where user_id = ${userId} and source_id = any (${[...sources]}::uuid[]) and metric = any (${[...metrics]}::text[])
      and ${sql.raw(day)} >= ${instant(from)} and ${sql.raw(day)} < ${instant(to)}
      and ${behind(after, day, 'metric', 'source_id::text')}
    order by day_on, metric collate "C", source_id::text collate "C"
    limit ${limit}`.execute(tx)
  return rows
}

export interface StoredEvent {
  metric: string
  start_at: Date
  end_at: Date | null
  value: Record<string, unknown>
  unit: string | null
  quality: number
  utc_offset_minutes: number | null
  external_id: string
}

export async function listEvents(
  tx: Read,
  { userId, sources, metrics, from, to, after, limit }: RowScope,
): Promise<StoredEvent[]> {
  const { rows } = await sql<StoredEvent>`
    select metric, start_at, end_at, value, unit, quality, utc_offset_minutes, external_id
    from events
    where user_id = ${userId} and source_id = any (${[...sources]}::uuid[]) and metric = any (${[...metrics]}::text[])
      and start_at >= ${instant(from)} and start_at < ${instant(to)}
      and ${behind(after, 'start_at', 'metric', 'external_id')}
    order by start_at, metric collate "C", external_id collate "C"
    limit ${limit}`.execute(tx)
  return rows
}

export interface StoredStage {
  session_id: string
  start_at: Date
  end_at: Date
  label: string
  quality: number
  utc_offset_minutes: number | null
}

export async function listStages(
  tx: Read,
  { userId, sources, from, to, after, limit }: RowScope,
): Promise<StoredStage[]> {
  const { rows } = await sql<StoredStage>`
    select p.session_id, p.start_at, p.end_at, p.label, p.quality, s.utc_offset_minutes
    from session_parts p
    join sessions s using (user_id, session_id)
    where p.user_id = ${userId} and p.kind = 'stage' and s.source_id = any (${[...sources]}::uuid[])
      and p.start_at >= ${instant(from)} and p.start_at < ${instant(to)}
      and ${behind(after, 'p.start_at', `'sleep'`, 'p.session_id::text')}
    order by p.start_at, p.session_id::text collate "C"
    limit ${limit}`.execute(tx)
  return rows
}

export interface StoredWay {
  track_id: string
  start_at: Date
  data: Buffer
}

/** Hours of positions, from the hour that holds `from` on. */
export async function listWays(
  tx: Read,
  scope: { userId: string; sources: readonly string[]; from: number; to: number; limit: number },
): Promise<StoredWay[]> {
  const { rows } = await sql<StoredWay>`
    select track_id, start_at, data
    from tracks
    where user_id = ${scope.userId} and source_id = any (${[...scope.sources]}::uuid[]) and session_id is null
      and start_at >= date_trunc('hour', ${instant(scope.from)}) and start_at < ${instant(scope.to)}
    order by start_at, source_id
    limit ${scope.limit}`.execute(tx)
  return rows
}

export interface LatestRow {
  metric: string
  at: Date
  end_at: Date | null
  day_on: string | null
  value: Record<string, unknown>
  quality: number
  utc_offset_minutes: number | null
}

/** The newest of each day metric, event and stage. */
export async function listLatestRows(tx: Read, userId: string, source: string): Promise<LatestRow[]> {
  const { rows } = await sql<LatestRow>`
    (select distinct on (metric) metric, day_on::timestamp at time zone 'UTC' as at, null::timestamptz as end_at, day_on,
        jsonb_build_object('value', value) as value, quality, null::smallint as utc_offset_minutes
      from source_days
      where user_id = ${userId} and source_id = ${source}
      order by metric, day_on desc)
    union all
    (select distinct on (metric) metric, start_at, end_at, null, value, quality, utc_offset_minutes
      from events
      where user_id = ${userId} and source_id = ${source}
      order by metric, start_at desc)
    union all
    (select 'sleep', p.start_at, p.end_at, null, jsonb_build_object('stage', p.label), p.quality, s.utc_offset_minutes
      from session_parts p
      join sessions s using (user_id, session_id)
      where p.user_id = ${userId} and p.kind = 'stage' and s.source_id = ${source}
      order by p.start_at desc
      limit 1)`.execute(tx)
  return rows
}

export async function findLastWay(tx: Read, userId: string, source: string): Promise<StoredWay | undefined> {
  const { rows } = await sql<StoredWay>`
    select track_id, start_at, data
    from tracks
    where user_id = ${userId} and source_id = ${source} and session_id is null
    order by start_at desc
    limit 1`.execute(tx)
  return rows[0]
}
