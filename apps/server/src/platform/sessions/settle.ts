/**
 * After sessions came, changed or went: which record each is shown by, and which plan it fulfils, in the transaction of the change.
 * Looked at is whatever can be affected: records of the type that hang together in time, without a gap, with what changed.
 */
import type { Read, Write } from '../db/database.ts'
import { familyOf } from './family.ts'
import { groupSessions, type SessionRecord } from './group-sessions.ts'
import { rankOf } from './rank.ts'
import { carryEdits, listRecords, lockSessions, putWinners, type RecordRow, type Span } from './records.queries.ts'
import { settlePlans } from './settle-plans.ts'

/** Stretches nearer than this are looked at together: one question more costs more than some records more. */
const togetherMs = 30 * 86_400_000

/** `spans` tell where each session is, and where it was before. The caller holds `lockSessions`, or has it taken here. */
export async function settleSessions(tx: Write, userId: string, spans: readonly Span[]): Promise<void> {
  if (!spans.length) return
  await lockSessions(tx, userId)
  for (const span of stretchesOf(spans)) await settleStretch(tx, userId, span)
  await settlePlans(
    tx,
    userId,
    spans.filter(({ type }) => type === 'workout' || type === 'meditation'),
  )
}

async function settleStretch(tx: Write, userId: string, span: Span): Promise<void> {
  const rows = await neighbours(tx, userId, span)
  const winners = groupSessions(rows.map(recordOf))
  const changed = rows
    .map((row) => ({ row, winner: winnerOf(winners, row) }))
    .filter(({ row, winner }) => row.superseded_by !== winner)
  if (!changed.length) return
  await putWinners(
    tx,
    userId,
    changed.map(({ row, winner }) => ({ id: row.session_id, winner })),
  )
  for (const { row, winner } of changed)
    if (row.is_edited && winner) await carryEdits(tx, userId, row.session_id, winner)
}

function winnerOf(winners: ReadonlyMap<string, string>, { session_id }: RecordRow): string | null {
  const winner = winners.get(session_id)
  return winner === undefined || winner === session_id ? null : winner
}

/** Grown until nothing more touches it: only then does nobody outside have a say. */
async function neighbours(tx: Read, userId: string, { type, start, end }: Span): Promise<RecordRow[]> {
  for (let from = start, to = end; ; ) {
    const rows = await listRecords(tx, userId, type, from, to)
    const first = rows.reduce((least, row) => Math.min(least, row.start_at.getTime()), from)
    const last = rows.reduce((most, row) => Math.max(most, row.end_at.getTime()), to)
    if (first === from && last === to) return rows
    from = first
    to = last
  }
}

export function recordOf(row: RecordRow): SessionRecord {
  return {
    id: row.session_id,
    teller: `${row.source_id} ${row.format ?? ''}`,
    type: row.type,
    family: familyOf(row.type, row.activity),
    isDemo: row.is_demo,
    start: row.start_at.getTime(),
    end: row.end_at.getTime(),
    rank: rankOf(row),
    created: row.created_at.getTime(),
  }
}

function stretchesOf(spans: readonly Span[]): Span[] {
  const stretches: Span[] = []
  for (const span of spans.toSorted((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : a.start - b.start))) {
    const last = stretches.at(-1)
    if (last && last.type === span.type && span.start <= last.end + togetherMs) last.end = Math.max(last.end, span.end)
    else stretches.push({ ...span })
  }
  return stretches
}
