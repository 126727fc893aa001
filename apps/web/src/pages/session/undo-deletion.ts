/**
 * Deleting takes what was measured away for good. The page therefore takes the original files, and what was entered by hand,
 * into its memory first; undoing lifts what keeps the session away and hands them in again. What has neither comes back when
 * its source sends it.
 */
import { client } from '../../api/client.ts'
import type { Session } from '../../api/types.ts'
import { uploadFiles } from '../../api/upload.ts'
import { download } from '../../util/path-builder.ts'
import { editsOf } from './edits-of.ts'

export interface Deleted {
  suppressionIds: readonly string[]
  files: readonly File[]
  byHand: readonly Session[]
  /** The one that was shown, with the person's edits. */
  session: Session
}

/** More is not kept in a tab's memory: an archive of years is imported again by hand. */
const mostBytes = 50_000_000

export async function deleteSession(session: Session, records: 'all' | 'one'): Promise<Deleted> {
  const going = session.records.filter(({ session_id }) => records === 'all' || session_id === session.session_id)
  const files: File[] = []
  let bytes = 0
  for (const { session_id, has_file, file_name } of going) {
    if (!has_file) continue
    const response = await fetch(download.sessionFile(session_id))
    const length = Number(response.headers.get('content-length') ?? 0)
    if (!response.ok || bytes + length > mostBytes) {
      await response.body?.cancel()
      continue
    }
    const blob = await response.blob()
    bytes += blob.size
    files.push(new File([blob], file_name ?? 'session'))
  }
  const byHand = await Promise.all(
    going
      .filter(({ source }) => source.kind === 'manual')
      .map(({ session_id }) => client.getSession({ params: { session_id } })),
  )
  const { suppression_ids } = await client.deleteSession({
    params: { session_id: session.session_id },
    query: { records },
  })
  return { suppressionIds: suppression_ids, files, byHand, session }
}

/** Answers the id of what is there again, if it is there already. */
export async function undoDeletion({ suppressionIds, files, byHand, session }: Deleted): Promise<string | undefined> {
  for (const suppression_id of suppressionIds) await client.deleteSuppression({ params: { suppression_id } })
  const made = await Promise.all(byHand.map(enterAgain))
  const found = files.length > 0 ? await importAgain(files) : []
  const ids = [...found, ...made]
  const restored = await nearest(ids, session)
  if (restored) await editAgain(restored, session)
  return restored?.session_id
}

async function enterAgain(session: Session): Promise<string> {
  const { type, is_nap, start_time, end_time, utc_offset_minutes, title, activity, notes, totals, derived } = session
  const { session_id } = await client.createSession({
    body: {
      type: type === 'ecg' ? 'workout' : type,
      ...(type === 'sleep' && { is_nap }),
      start_time,
      end_time,
      ...(utc_offset_minutes !== null && { utc_offset_minutes }),
      title,
      activity,
      notes,
      totals: Object.fromEntries(Object.entries(totals).filter(([name]) => !derived.includes(name))),
    },
  })
  return session_id
}

async function importAgain(files: readonly File[]): Promise<string[]> {
  const created = await uploadFiles(files, () => undefined, new AbortController().signal)
  for (;;) {
    const { status, files: read } = await client.getImport({ params: { import_id: created.import_id } })
    if (status !== 'queued' && status !== 'reading') return read.flatMap(({ session_ids }) => session_ids)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

/** A file may hold more than the one session. */
async function nearest(ids: readonly string[], { start_time }: Session): Promise<Session | undefined> {
  const found = await Promise.all(ids.map((session_id) => client.getSession({ params: { session_id } })))
  const away = (session: Session) => Math.abs(Date.parse(session.start_time) - Date.parse(start_time))
  const [first] = found.sort((a, b) => away(a) - away(b))
  if (!first?.superseded_by) return first
  return client.getSession({ params: { session_id: first.superseded_by } })
}

async function editAgain(restored: Session, before: Session): Promise<void> {
  const edits = editsOf(before)
  const figures = edits.filter(({ isFigure }) => isFigure).map(({ name, now }) => [name, now] as const)
  const words = edits.filter(({ isFigure }) => !isFigure).map(({ name, now }) => [name, now] as const)
  if (edits.length === 0 && before.notes === restored.notes) return
  await client.updateSession({
    params: { session_id: restored.session_id },
    body: {
      ...Object.fromEntries(words),
      ...(before.notes !== null && { notes: before.notes }),
      ...(figures.length > 0 && { totals: Object.fromEntries(figures) as Record<string, number> }),
    },
  })
}
