/** All records of one session, the one it is shown by first, then the better before the worse. */
import type { Read } from '../platform/db/database.ts'
import { compareRecords } from '../platform/sessions/group-sessions.ts'
import { listTellings, type Telling } from '../platform/sessions/records.queries.ts'
import { recordOf } from '../platform/sessions/settle.ts'
import type { SessionRow } from './sessions.queries.ts'

export type { Telling }

type Named = Pick<SessionRow, 'session_id' | 'superseded_by'>

/** By the id of the record shown. */
export async function tellingsOf(tx: Read, userId: string, rows: readonly Named[]): Promise<Map<string, Telling[]>> {
  const shown = new Set(rows.map(({ session_id, superseded_by }) => superseded_by ?? session_id))
  const all = await listTellings(tx, userId, [...shown])
  return new Map(
    [...Map.groupBy(all, ({ session_id, superseded_by }) => superseded_by ?? session_id)].map(([id, own]) => [
      id,
      own.sort(
        (a, b) =>
          Number(a.superseded_by !== null) - Number(b.superseded_by !== null) ||
          compareRecords(recordOf(a), recordOf(b)),
      ),
    ]),
  )
}

/** Where to look for a part of a session, in this order: a record by itself has its own, the one shown also what another has. */
export async function placesToLook(tx: Read, userId: string, row: Named): Promise<Telling[]> {
  const all = (await tellingsOf(tx, userId, [row])).get(row.superseded_by ?? row.session_id) ?? []
  return row.superseded_by ? all.filter(({ session_id }) => session_id === row.session_id) : all
}
