import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'
import { keepEdits, keepTotals } from '../platform/sessions/kept-edits.queries.ts'
import type { Night, Stage } from './night.ts'
import type { Of } from './tally.ts'

/** Nights that were put together from stages carry this in their external id; those of files and clouds have an id of their own. */
const mark = 'stages:'

interface NightRow {
  start: number
  end: number
  totals: Record<string, number>
  offset: number | null
  nap: boolean
}

interface FoundRow {
  session_id: string
  utc_offset_minutes: number | null
  start_at: Date
  end_at: Date
  label: string
  quality: number
}

/** Nights that reach into [from, to], oldest first, with all of their stages. Infinite bounds reach everywhere. */
export async function findNights(tx: Write, { userId, sourceId }: Of, from: number, to: number): Promise<Night[]> {
  const { rows } = await sql<FoundRow>`
    select s.session_id, s.utc_offset_minutes, p.start_at, p.end_at, p.label, p.quality
    from sessions s
    join session_parts p on p.user_id = s.user_id and p.session_id = s.session_id and p.kind = 'stage'
    where s.user_id = ${userId} and s.source_id = ${sourceId} and starts_with(s.external_id, ${mark}) and s.deleted_at is null
      and (${dateOf(from)}::timestamptz is null or s.end_at >= ${dateOf(from)})
      and (${dateOf(to)}::timestamptz is null or s.start_at <= ${dateOf(to)})
    order by s.start_at, p.start_at`.execute(tx)
  const nights = new Map<string, Night>()
  for (const row of rows) {
    const { session_id: sessionId, utc_offset_minutes: offset } = row
    const night = nights.get(sessionId) ?? { sessionId, offset, stages: new Map() }
    nights.set(sessionId, night)
    const [start, end] = [row.start_at.getTime(), row.end_at.getTime()]
    night.stages.set(start, { start, end, label: row.label, quality: row.quality })
  }
  return [...nights.values()]
}

const dateOf = (ms: number): Date | null => (Number.isFinite(ms) ? new Date(ms) : null)

export async function insertNight(
  tx: Write,
  { userId, sourceId }: Of,
  sessionId: string,
  night: NightRow,
): Promise<void> {
  await sql`
    insert into sessions (user_id, session_id, source_id, external_id, type, start_at, end_at, utc_offset_minutes, totals, derived, is_nap)
    values (${userId}, ${sessionId}, ${sourceId}, ${mark + sessionId}, 'sleep', ${new Date(night.start)}, ${new Date(night.end)},
      ${night.offset}, ${JSON.stringify(night.totals)}, ${Object.keys(night.totals)}, ${night.nap})`.execute(tx)
}

export async function updateNight(tx: Write, { userId }: Of, sessionId: string, night: NightRow): Promise<void> {
  const totals = sql`${JSON.stringify(night.totals)}::jsonb`
  await sql`
    update sessions
    set start_at = ${new Date(night.start)}, end_at = ${new Date(night.end)}, utc_offset_minutes = ${night.offset},
      totals = ${keepTotals(sql`sessions`, totals)}, edits = ${keepEdits(sql`sessions`, { totals })}, is_nap = ${night.nap}, updated_at = now()
    where user_id = ${userId} and session_id = ${sessionId}`.execute(tx)
}

export async function deleteNight(tx: Write, { userId }: Of, sessionId: string): Promise<void> {
  await sql`delete from sessions where user_id = ${userId} and session_id = ${sessionId}`.execute(tx)
}

/** All of a night's stages, in place of those it had. */
export async function putStages(tx: Write, { userId }: Of, sessionId: string, stages: readonly Stage[]): Promise<void> {
  await sql`
    delete from session_parts where user_id = ${userId} and session_id = ${sessionId} and kind = 'stage'`.execute(tx)
  await sql`
    insert into session_parts (user_id, session_id, kind, start_at, end_at, label, quality)
    select ${userId}, ${sessionId}, 'stage', stage.*
    from unnest(
      ${stages.map((stage) => new Date(stage.start))}::timestamptz[], ${stages.map((stage) => new Date(stage.end))}::timestamptz[],
      ${stages.map((stage) => stage.label)}::text[], ${stages.map((stage) => stage.quality)}::int4[]
    ) as stage`.execute(tx)
}
