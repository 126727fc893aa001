/** `tributary`: everything as a zip that can be imported again (packages/formats/src/own-export says what stands where). */
import { PassThrough, Readable } from 'node:stream'
import {
  type DayLine,
  type EventLine,
  type ExportCounts,
  type ExportSource,
  exportFormat,
  exportVersion,
  listPath,
  type Manifest,
  manifestPath,
  noExportCounts,
  type PlanLine,
  partPath,
  type SampleLine,
  type SessionLine,
  type SuppressionLine,
  type WayLine,
  writeColumn,
  writeSteps,
} from '@tributary/formats'
import { ZipFile } from 'yazl'
import { noOffset, type Points } from '../platform/samples/points.ts'
import { decodeTrack } from '../platform/tracks/track-codec.ts'
import type { DayRow, EventRow, FileRow, PlanRow, SourceRow, SuppressionRow } from './contents.queries.ts'
import type { Contents, WholeSession } from './contents.ts'
import type { ExportTally } from './tally.ts'

/** Nothing in the file says when it was made but the manifest. */
const mtime = new Date('2020-01-01T00:00:00Z')

interface Entry {
  path: string
  /** Original files are mostly packed already. */
  pack: boolean
  bytes: AsyncIterable<string | Buffer>
}

export async function* writeArchive(contents: Contents, tally: ExportTally, now: number): AsyncGenerator<Buffer> {
  const zip = new ZipFile()
  const out = new PassThrough({ highWaterMark: 1 << 20 })
  zip.on('error', (error: unknown) => out.destroy(error as Error))
  zip.outputStream.pipe(out)
  const feeding = feed(zip, entriesOf(contents, tally, now)).catch((error: Error) => void out.destroy(error))
  for await (const chunk of out) yield chunk as Buffer
  await feeding
}

/** One entry after another: the next is begun when the one before was read to its end. */
async function feed(zip: ZipFile, entries: AsyncIterable<Entry>): Promise<void> {
  for await (const { path, pack, bytes } of entries) {
    const stream = Readable.from(bytes, { objectMode: false })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    stream.once('end', resolve).once('error', reject)
    zip.addReadStream(stream, path, { compress: pack, mtime })
    await promise
  }
  zip.end()
}

async function* entriesOf(contents: Contents, tally: ExportTally, now: number): AsyncGenerator<Entry> {
  const { sources, series, range, wanted } = contents
  const counts: ExportCounts = noExportCounts()
  const fileIds = new Set<string>()
  const bySource = Map.groupBy(series, ({ source_id }) => source_id)
  const text = (path: string, bytes: AsyncIterable<string>): Entry => ({ path, pack: true, bytes })
  for (const [number, { source_id }] of sources.entries()) {
    const own = bySource.get(source_id) ?? []
    yield text(partPath('samples', number), sampleLines(contents, own, counts, tally))
    yield text(
      partPath('days', number),
      lines(contents.days(source_id), dayLine, () => counts.days++),
    )
    yield text(
      partPath('events', number),
      lines(contents.events(source_id), eventLine, () => counts.events++),
    )
    if (wanted) continue // sessions and their ways are no metrics
    yield text(
      partPath('positions', number),
      lines(
        contents.ways(source_id),
        ({ data }) => wayLine(data),
        ({ n }) => (counts.positions += n),
      ),
    )
    yield text(
      partPath('sessions', number),
      lines(contents.sessions(source_id), sessionLine, (_, { file_id }) => {
        if (file_id) fileIds.add(file_id)
        counts.sessions++
        tally.sessions++
      }),
    )
  }
  const isWhole = !wanted && !Number.isFinite(range.from) && !Number.isFinite(range.to)
  if (isWhole) {
    const numbers = new Map(sources.map(({ source_id }, number) => [source_id, number]))
    yield text(
      listPath('planned_sessions'),
      lines(
        await contents.plans(),
        (row) => planLine(row, numbers),
        () => counts.planned_sessions++,
      ),
    )
    yield text(
      listPath('suppressions'),
      lines(
        await contents.suppressions(),
        (row) => suppressionLine(row, numbers),
        () => counts.suppressions++,
      ),
    )
  }
  for (const file of wanted ? [] : await contents.files(isWhole ? null : [...fileIds])) {
    counts.files++
    yield { path: pathOfFile(file), pack: true, bytes: contents.bytesOf(file) }
  }
  const manifest = JSON.stringify(manifestOf(contents, counts, now), null, 2)
  yield { path: manifestPath, pack: true, bytes: Readable.from([`${manifest}\n`]) }
}

async function* sampleLines(
  contents: Contents,
  series: Contents['series'],
  counts: ExportCounts,
  tally: ExportTally,
): AsyncGenerator<string> {
  for (const { series_id, metric } of series)
    for await (const points of contents.points(series_id)) {
      counts.samples += points.n
      tally.samples += points.n
      yield `${JSON.stringify(sampleLine(metric, points))}\n`
    }
}

function sampleLine(metric: string, { n, t, v, d, q, z, m }: Points): SampleLine {
  const says = (column: ArrayLike<number> | null, nothing: number): column is ArrayLike<number> => {
    if (column) for (let i = 0; i < n; i++) if (column[i] !== nothing) return true
    return false
  }
  return {
    metric,
    n,
    t: writeSteps(t),
    v: writeColumn(v),
    ...(says(d, 0) && { d: writeColumn(d) }),
    ...(says(q, 0) && { q: writeColumn(q) }),
    ...(says(z, noOffset) && { z: writeColumn(z) }),
    ...(says(m, 0) && { m: writeColumn(m) }),
  }
}

async function* lines<R, L>(
  rows: AsyncIterable<R> | Iterable<R>,
  lineOf: (row: R) => L,
  count: (line: L, row: R) => void,
): AsyncGenerator<string> {
  for await (const row of rows) {
    const line = lineOf(row)
    count(line, row)
    yield `${JSON.stringify(line)}\n`
  }
}

const dayLine = ({ metric, day_on, value, quality }: DayRow): DayLine => ({ metric, date: day_on, value, quality })

const eventLine = (row: EventRow): EventLine => ({
  metric: row.metric,
  start: row.start_at.getTime(),
  end: row.end_at?.getTime() ?? null,
  value: row.value,
  quality: row.quality,
  offset: row.utc_offset_minutes,
  external_id: row.external_id,
})

function wayLine(data: Buffer): WayLine {
  const { t, lat, lon, ele } = decodeTrack(data)
  return { n: t.length, t: writeSteps(t), lat: writeColumn(lat), lon: writeColumn(lon), ele: writeColumn(ele) }
}

function sessionLine(session: WholeSession): SessionLine {
  return {
    type: session.type,
    is_nap: session.is_nap,
    external_id: session.external_id,
    activity: session.activity,
    title: session.title,
    notes: session.notes,
    start: session.start_at.getTime(),
    end: session.end_at.getTime(),
    offset: session.utc_offset_minutes,
    totals: session.totals,
    derived: session.derived,
    extra: session.activity_data,
    edits: session.edits,
    file: session.file_id ? `files/${session.file_id}/` : null,
    format: session.format,
    file_name: session.file_name,
    hash: session.content_hash?.toString('hex') ?? null,
    parts: session.parts.map(({ kind, start_at, end_at, label, intensity, totals }) => ({
      kind,
      start: start_at.getTime(),
      end: end_at.getTime(),
      label,
      intensity,
      totals,
    })),
    track: session.track ? wayLine(session.track) : null,
    streams: Object.fromEntries(
      session.streams.map(({ stream, points: { n, t, v } }) => [stream, { n, t: writeSteps(t), v: writeColumn(v) }]),
    ),
  }
}

type Numbers = ReadonlyMap<string, number>

function planLine(row: PlanRow, numbers: Numbers): PlanLine {
  const at = (sourceId: string | null, external_id: string | null) => {
    const source = sourceId === null ? undefined : numbers.get(sourceId)
    return source === undefined || external_id === null ? null : { source, external_id }
  }
  return {
    id: row.planned_session_id,
    activity: row.activity,
    title: row.title,
    description: row.description,
    date: row.scheduled_on,
    start: row.start_at?.getTime() ?? null,
    duration: row.duration,
    distance: row.distance,
    skipped: row.skipped_at?.getTime() ?? null,
    matched_by: row.matched_by,
    session: at(row.source_id, row.external_id),
    told: at(row.told_by, row.told_as),
    edits: row.edits,
  }
}

const suppressionLine = (row: SuppressionRow, numbers: Numbers): SuppressionLine => ({
  id: row.suppression_id,
  source: row.source_id === null ? null : (numbers.get(row.source_id) ?? null),
  metric: row.metric,
  external_id: row.external_id,
  title: row.title,
  start: row.start_at?.getTime() ?? null,
  end: row.end_at?.getTime() ?? null,
})

/** A name from somebody's machine, without what could lead out of a folder. */
function pathOfFile({ file_id, name }: FileRow): string {
  const plain = (name?.split(/[\\/›]/).at(-1) ?? '')
    .replace(/[^\p{L}\p{N}. _-]/gu, '_')
    .replace(/^\.+/, '')
    .trim()
  return `files/${file_id}/${plain.slice(0, 120) || 'file'}`
}

function manifestOf({ sources, range, wanted }: Contents, counts: ExportCounts, now: number): Manifest {
  const instant = (ms: number) => (Number.isFinite(ms) ? new Date(ms).toISOString() : null)
  return {
    format: exportFormat, // first: it is what a reader knows the archive by
    version: exportVersion,
    created_at: new Date(now).toISOString(),
    start_time: instant(range.from),
    end_time: instant(range.to),
    metrics: wanted ? [...wanted] : null,
    sources: sources.map(exportSource),
    counts,
  }
}

/** Of a source that came in such an archive itself, the key it had there: however often data moves on, it is one source. */
function exportSource(row: SourceRow): ExportSource {
  const {
    source_id,
    name,
    kind,
    archive,
    external_key,
    manufacturer,
    model,
    serial_number,
    firmware_version,
    device_type,
  } = row
  const isOurs = archive === exportFormat
  return {
    key: (isOurs && external_key) || source_id,
    name,
    kind,
    ...(archive && external_key && !isOurs ? { archive, external_key } : {}),
    ...(device_type ? { device_type } : {}),
    ...(manufacturer ? { manufacturer } : {}),
    ...(model ? { model } : {}),
    ...(serial_number ? { serial: serial_number } : {}),
    ...(firmware_version ? { firmware: firmware_version } : {}),
  }
}
