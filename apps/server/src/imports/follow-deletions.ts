/**
 * What an earlier export of the same family had and a newer one lacks was deleted at its source, so it goes here too. The first
 * reading counts what the export says of each series and day; only days where the store holds another number are read a second
 * time, value by value. A step of deletions is counted in its own transaction. Why so: docs/decisions/0006-archives.md.
 */
import type { Ending } from '@tributary/formats'
import type { Write } from '../platform/db/database.ts'
import { ask, transact } from '../platform/samples/sql.ts'
import { forgetSessions } from '../platform/sessions/forget.ts'
import {
  addDeleted,
  addDeletedRows,
  deleteHeldDays,
  deleteHeldEvents,
  findArchiveRead,
  type HeldBefore,
  type HeldDay,
  type HeldEvent,
  type HeldSeries,
  type HeldSession,
  heldPage,
  listSeriesOfArchive,
  pageDaysOfArchive,
  pageEventsOfArchive,
  pageSessionsOfArchive,
  putArchiveRead,
} from './archive-holdings.queries.ts'
import type { Edges } from './edges.ts'
import type { FileJob } from './import-file.ts'
import { assertHeld, LeaseLost } from './queue.queries.ts'
import { readAgain } from './read-file.ts'
import { dayMs, rowKey, type Said, seriesKey } from './said.ts'
import type { PieceTaker } from './take-pieces.ts'
import { TimesOfDays } from './times-of-days.ts'

/** An export that lacks more than this share of what is there, and more than so many values, is more likely damaged than pruned. */
const mostGoneShare = 0.05
const mostGoneValues = 1_000
/** Rows to delete are held by name until all are known: some 20 MB. */
const mostGoneRows = 200_000
/** Values whose times are held at once: 24 MB. */
const timesTogether = 3_000_000

interface SeriesDay {
  series: HeldSeries
  day: number
  stored: number
}

interface GoneRows {
  days: HeldDay[]
  events: string[]
  sessions: string[]
}

export async function followDeletions(edges: Edges, job: FileJob, ending: Ending, pieces: PieceTaker): Promise<void> {
  const { complete } = ending
  const { archive, said } = pieces
  if (!complete || !archive) return
  const { db } = edges
  const { userId, importId } = job.held
  const { family } = complete
  const asOf = Math.min(complete.asOf, edges.clock.now()) // a clock that was wrong once must not silence all later exports
  if (said.isTooMuch) {
    ending.warnings.push({
      code: 'deletions_not_followed',
      detail: 'This export names more days and entries than can be compared, so nothing that it lacks was deleted here',
    })
    return
  }
  const last = await db.asWriter((tx) => findArchiveRead(tx, userId, family))
  if (last && last.getTime() >= asOf) return // an older export only adds
  if (last) {
    const { differing, held, gone } = await compareDays(edges, job, archive, said, asOf)
    const rows = await compareRows(edges, job, archive, said, asOf)
    const { goneRows } = rows
    const note = tooMuch(gone + goneRows, held + rows.held, goneRows > mostGoneRows)
    if (note) ending.warnings.push(note)
    else {
      for (const some of slices(differing)) await deleteTimes(edges, job, some)
      if (goneRows) await deleteRows(edges, job, rows.gone)
    }
  }
  await db.asWriter(async (tx) => {
    await assertHeld(tx, job.held)
    await putArchiveRead(tx, { userId, family, asOf: new Date(asOf), importId })
  })
  await edges.reached('followed')
}

function tooMuch(gone: number, held: number, isMany: boolean) {
  if (!isMany && (gone <= mostGoneValues || gone <= held * mostGoneShare)) return undefined
  const share = `${gone.toLocaleString('en')} of the ${held.toLocaleString('en')} values and entries`
  const detail = `This newer export lacks ${share} that are stored of its kind. That is more than people delete, so nothing was deleted here`
  return { code: 'deletions_not_followed', detail }
}

async function compareDays(
  { db, store }: Edges,
  { held: { userId }, signal }: FileJob,
  archive: string,
  said: Said,
  asOf: number,
) {
  const differing: SeriesDay[] = []
  let held = 0
  let gone = 0
  for (const series of await db.asWriter((tx) => listSeriesOfArchive(tx, userId, archive))) {
    const days = said.counts.get(seriesKey(series.key, series.metric))
    for await (const { day, points } of store.read({
      userId,
      seriesIds: [series.series_id],
      from: Number.NEGATIVE_INFINITY,
      to: asOf,
    })) {
      signal.throwIfAborted()
      held += points.n
      const told = days?.get(day) ?? 0
      if (told === points.n) continue
      gone += Math.max(0, points.n - told)
      differing.push({ series, day, stored: points.n })
    }
  }
  return { differing, held, gone }
}

async function compareRows({ db }: Edges, job: FileJob, archive: string, { rows }: Said, asOf: number) {
  const of = { userId: job.held.userId, archive, asOf: new Date(asOf) }
  const gone: GoneRows = { days: [], events: [], sessions: [] }
  let held = 0
  let goneRows = 0
  async function compare<Row>(
    page: (tx: Write, of: HeldBefore, after?: Row) => Promise<Row[]>,
    keyOf: (row: Row) => string,
    take: (row: Row) => void,
  ): Promise<void> {
    let after: Row | undefined
    do {
      job.signal.throwIfAborted()
      const some = await db.asWriter((tx) => page(tx, of, after))
      held += some.length
      // Of more than can be, only the number is needed: that many are not deleted.
      for (const row of some) if (!rows.has(keyOf(row)) && goneRows++ < mostGoneRows) take(row)
      after = some.length === heldPage ? some.at(-1) : undefined
    } while (after)
  }
  await compare(
    pageDaysOfArchive,
    (day: HeldDay) => rowKey('day', day.key, day.metric, day.day_on),
    (day) => gone.days.push(day),
  )
  await compare(
    pageEventsOfArchive,
    (event: HeldEvent) => rowKey('event', event.key, event.metric, String(event.start_at.getTime()), event.external_id),
    ({ event_id }) => gone.events.push(event_id),
  )
  await compare(
    pageSessionsOfArchive,
    ({ key, external_id }: HeldSession) => rowKey('session', key, external_id),
    ({ session_id }) => gone.sessions.push(session_id),
  )
  return { gone, held, goneRows }
}

function* slices(days: readonly SeriesDay[]): Generator<SeriesDay[]> {
  let some: SeriesDay[] = []
  let values = 0
  for (const day of days) {
    if (some.length && values + day.stored > timesTogether) {
      yield some
      some = []
      values = 0
    }
    some.push(day)
    values += day.stored
  }
  if (some.length) yield some
}

async function deleteTimes(edges: Edges, job: FileJob, days: readonly SeriesDay[]): Promise<void> {
  const told = new TimesOfDays(days.map(({ series, day }) => ({ key: seriesKey(series.key, series.metric), day })))
  await readAgain(edges, job, (piece, readings) => told.note(piece, readings))
  for (const { series, day } of days) {
    job.signal.throwIfAborted()
    const times = told.of(seriesKey(series.key, series.metric), day)
    await deleteOfDay(edges, job, series, day, times)
  }
}

/** Neighbours that are all gone go as one stretch. */
async function deleteOfDay(
  { db, store }: Edges,
  { held, file }: FileJob,
  series: HeldSeries,
  day: number,
  told: ReadonlySet<number>,
): Promise<void> {
  const { userId, importId, lease } = held
  const seriesIds = [series.series_id]
  const { t, n } = await store.readAll({ userId, seriesIds, from: day * dayMs, to: (day + 1) * dayMs })
  const stretches: { from: number; to: number }[] = []
  let open: { from: number; to: number } | undefined
  for (let i = 0; i < n; i++) {
    const time = t[i] as number
    if (told.has(time)) open = undefined
    else if (open) open.to = time + 1
    else {
      open = { from: time, to: time + 1 }
      stretches.push(open)
    }
  }
  if (!stretches.length) return
  await transact(db.writerPool, async (client) => {
    let deleted = 0
    for (const stretch of stretches) deleted += await store.deleteRange({ userId, seriesIds, ...stretch }, client)
    const ours = await ask(client, addDeleted, [userId, importId, file.position, deleted, lease])
    if (!ours.length) throw new LeaseLost('another worker has taken the import over')
  })
}

async function deleteRows({ db }: Edges, { held, file }: FileJob, gone: GoneRows): Promise<void> {
  const { userId, importId } = held
  await db.asWriter(async (tx) => {
    await assertHeld(tx, held)
    let deleted = 0
    if (gone.days.length) deleted += await deleteHeldDays(tx, userId, gone.days)
    if (gone.events.length) deleted += await deleteHeldEvents(tx, userId, gone.events)
    if (gone.sessions.length) deleted += (await forgetSessions(tx, userId, gone.sessions)).length
    await addDeletedRows(tx, { userId, importId, position: file.position, deleted })
  })
}
