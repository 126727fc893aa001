import type { Write } from '../db/database.ts'
import { familyOf } from './family.ts'
import { localDate } from './local-time.ts'
import { type Done, matchPlans, nearMs, type Plan } from './match-plans.ts'
import { type DoneRow, listFreeSessions, listOpenPlans, type PlanRow, putMatches } from './plans.queries.ts'
import { findTimeZone, type Span } from './records.queries.ts'

const dayMs = 86_400_000
/** How many dates away a plan may be that a session fulfils: its time may lie a day and a half from its noon, the session two hours more. */
const reachDays = 2
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** Matches the plans of the days around some sessions anew. What a person said of a plan stays. */
export async function settlePlans(tx: Write, userId: string, spans: readonly Pick<Span, 'start'>[]): Promise<void> {
  if (!spans.length) return
  const from = spans.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY)
  const to = spans.reduce((most, { start }) => Math.max(most, start), Number.NEGATIVE_INFINITY)
  await settlePlansOfDays(tx, userId, dateOf(from - reachDays * dayMs), dateOf(to + reachDays * dayMs))
}

/** The plans of a day, and those beside it that want the same sessions. */
export async function settleDay(tx: Write, userId: string, day: string): Promise<void> {
  const noon = Date.parse(day) + dayMs / 2
  await settlePlansOfDays(tx, userId, dateOf(noon - reachDays * dayMs), dateOf(noon + reachDays * dayMs))
}

/** From day to day, both in. */
async function settlePlansOfDays(tx: Write, userId: string, first: string, last: string): Promise<void> {
  const rows = (await listOpenPlans(tx, userId, first, last)).filter(isForTheRule)
  if (!rows.length) return
  const timeZone = await findTimeZone(tx, userId)
  const from = Date.parse(first) - dayMs - nearMs
  const to = Date.parse(last) + 2 * dayMs + nearMs
  const ids = rows.map(({ planned_session_id }) => planned_session_id)
  const sessions = await listFreeSessions(tx, userId, new Date(from), new Date(to), ids)
  const matches = matchPlans(
    rows.map(planOf),
    sessions.map((row) => doneOf(row, timeZone)),
  )
  const changes = rows
    .map((row) => ({ row, sessionId: matches.get(row.planned_session_id) ?? null }))
    .filter(({ row, sessionId }) => row.session_id !== sessionId)
    .map(({ row, sessionId }) => ({ planId: row.planned_session_id, sessionId }))
  if (changes.length) await putMatches(tx, userId, changes)
}

/** A match made by hand holds while its session is there. */
const isForTheRule = ({ matched_by, session_id }: PlanRow): boolean =>
  matched_by !== 'nobody' && !(matched_by === 'person' && session_id !== null)

const planOf = (row: PlanRow): Plan => ({
  id: row.planned_session_id,
  family: row.activity === null ? null : familyOf('workout', row.activity),
  day: row.scheduled_on,
  start: row.start_at?.getTime() ?? null,
  duration: row.duration,
  distance: row.distance,
})

function doneOf(row: DoneRow, timeZone: string): Done {
  const start = row.start_at.getTime()
  return {
    id: row.session_id,
    family: familyOf('workout', row.type === 'meditation' ? 'meditation' : row.activity),
    day: localDate(start, row.utc_offset_minutes, timeZone),
    start,
    duration: row.totals['duration'] ?? (row.end_at.getTime() - start) / 1_000,
    distance: row.totals['distance'] ?? null,
  }
}
