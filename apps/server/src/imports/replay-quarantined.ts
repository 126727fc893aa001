/** A record that could not be used, tried again: by the reader of its format if it is the file's own text, by ingest if it is a value. */
import {
  archiveReaders,
  type CsvMap,
  FormatError,
  fileReaders,
  headerKey,
  type Piece,
  type PieceSource,
  type ReadOptions,
  replayCsv,
  sniffCsv,
} from '@tributary/formats'
import { type Measured, type Reading, type Rejection, routes, timeFaultOf } from '@tributary/protocol'
import type { Parts } from '../parts.ts'
import type { Write } from '../platform/db/database.ts'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import {
  deleteQuarantined,
  findQuarantined,
  noteReason,
  type QuarantineRow,
} from '../platform/quarantine/quarantine.queries.ts'
import type { RefusedTold } from '../platform/quarantine/refused-values.ts'
import { cleanReadings, cleanSessions } from '../platform/readings/clean-readings.ts'
import { keepSessions } from '../platform/sessions/keep-sessions.ts'
import { findTimeZone } from '../platform/sessions/records.queries.ts'
import { appSourceOf, sourcesFull } from './app-source.ts'
import { listMappings } from './csv-mappings.queries.ts'

type Reason = Pick<Rejection, 'code' | 'detail'>

/** Readings go first and by themselves: tried a second time they are duplicates, and the record leaves all the same. */
export const replayQuarantined = handle(routes.replayQuarantined, async (call, parts) => {
  const { db, ingest, clock, config } = parts
  const { userId } = call.caller
  await call.repeatIfKept()
  const row = await call.read((tx) => findQuarantined(tx, userId, call.params.record_id))
  if (!row) throw new Problem('not_found')
  const { connection_id } = row
  if (connection_id && row.kind === 'record') {
    const refused = await parts.replayRecord(userId, { ...row, connection_id })
    return call.write((tx) => settle(tx, userId, row, refused))
  }
  const timeZone = await call.read((tx) => findTimeZone(tx, userId))
  const mappings = await call.read((tx) => listMappings(tx, userId))
  const read = await readAgain(
    row,
    mappings.map(({ mapping }) => mapping as CsvMap),
    { now: clock.now(), timeZone },
  )
  const sourceId =
    'piece' in read ? await db.write({ userId }, (tx) => sourceOf(tx, userId, row, read.piece, config)) : null
  const reason =
    'reason' in read ? read.reason : await useReadings({ ingest, userId, sourceId, row, piece: read.piece })
  return call.write(async (tx) => {
    if (reason || 'reason' in read || !sourceId) return settle(tx, userId, row, reason)
    return settle(tx, userId, row, await keepOfPiece(tx, userId, row, sourceId, read.piece, clock.now()))
  })
})

async function settle(tx: Write, userId: string, { record_id }: QuarantineRow, reason: Reason | null) {
  if (reason) await noteReason(tx, userId, record_id, reason)
  else await deleteQuarantined(tx, userId, record_id)
  return reason ? { used: false, ...reason } : { used: true, code: null, detail: null }
}

type ReadAgain = { piece: Piece } | { reason: Reason }

async function readAgain(row: QuarantineRow, mappings: readonly CsvMap[], options: ReadOptions): Promise<ReadAgain> {
  if (row.kind === 'reading') return ofTold(JSON.parse(row.raw))
  try {
    const piece = row.format === 'csv' ? await ofTable(row, mappings, options) : await ofReader(row, options)
    const [refused] = piece.unusable
    return refused ? { reason: { code: refused.code, detail: refused.detail } } : { piece }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    return { reason: { code: error.code, detail: error.detail } }
  }
}

/** What a provider told; the bytes of a file and the rest of a calendar are not kept with it. */
function ofTold(told: Reading | RefusedTold['told']): ReadAgain {
  if (told.kind === 'file' || told.kind === 'plan')
    return {
      reason: { code: 'not_by_itself', detail: 'This is read only with what came with it: read its connection anew' },
    }
  return { piece: pieceOf(told) }
}

async function ofReader({ format, raw }: QuarantineRow, options: ReadOptions): Promise<Piece> {
  const reader = [...fileReaders, ...archiveReaders].find((reader) => reader.format === format)
  if (!reader?.replay)
    throw new FormatError(
      'not_by_itself',
      'A record of this kind of file is read only with its file: import that again',
    )
  return reader.replay(raw, options)
}

/** A row of a table stands below its header, which says whose mapping it is. */
async function ofTable({ raw }: QuarantineRow, mappings: readonly CsvMap[], options: ReadOptions): Promise<Piece> {
  const table = sniffCsv(Buffer.from(raw))
  const key = table && headerKey(table.columns)
  const map =
    mappings.find(({ columns }) => columns && headerKey(columns) === key) ??
    mappings.find(({ columns }) => columns?.every((name) => raw.includes(name)))
  if (!map) throw new FormatError('mapping_missing', 'Nobody has said what the columns of this table are')
  const [first, ...others] = await replayCsv(raw, map, options)
  if (!first) throw new FormatError('empty', 'the row has no value')
  for (const { readings, unusable } of others) {
    first.readings.push(...readings)
    first.unusable.push(...unusable)
  }
  return first
}

const pieceOf = (reading: Reading): Piece => ({
  source: { key: '', name: '' },
  readings: reading.kind === 'session' ? [] : [withNumbers(reading)],
  sessions: reading.kind === 'session' ? [reading] : [],
  unusable: [],
  progress: { bytes: 0, records: 1 },
})

/** JSON knows no NaN: what was none is null, and none again. */
function withNumbers(reading: Measured): Measured {
  if (reading.kind === 'sample') return { ...reading, value: reading.value ?? Number.NaN }
  if (reading.kind !== 'positions') return reading
  const columns = Object.entries<Float64Array>({ ...reading.track }).map(([name, column]) => [
    name,
    Float64Array.from(column, (value) => value ?? Number.NaN),
  ])
  return { ...reading, track: Object.fromEntries(columns) }
}

/** Where its import would have put it; of a source that is gone by now it is made again. */
async function sourceOf(
  tx: Write,
  userId: string,
  row: QuarantineRow,
  piece: Piece,
  { DEFAULT_SYNC_INTERVAL_MINUTES }: Parts['config'],
): Promise<string | null> {
  if (row.kind === 'reading' && !row.source) return row.source_id
  const settled = await appSourceOf(
    tx,
    { userId, archive: row.format },
    row.source as PieceSource,
    piece.readings,
    DEFAULT_SYNC_INTERVAL_MINUTES,
  )
  return settled?.sourceId ?? null
}

async function useReadings({
  ingest,
  userId,
  sourceId,
  row,
  piece,
}: Pick<Parts, 'ingest'> & {
  userId: string
  sourceId: string | null
  row: QuarantineRow
  piece: Piece
}): Promise<Reason | null> {
  if (!sourceId) return row.source ? sourcesFull : { code: 'source_gone', detail: 'Its device or its data was removed' }
  const { cleaned } = cleanReadings(piece.readings)
  if (!cleaned.length) return null
  const { rejected } = await ingest({ userId, sourceId, readings: cleaned })
  const [first] = rejected
  return first ? { code: first.code, detail: first.detail } : null
}

async function keepOfPiece(
  tx: Write,
  userId: string,
  row: QuarantineRow,
  sourceId: string,
  { sessions }: Piece,
  now: number,
): Promise<Reason | null> {
  if (!sessions.length) return null
  for (const { start, end } of sessions) {
    const fault = timeFaultOf(start, now) ?? timeFaultOf(end, now)
    if (fault) return fault
  }
  const origin = {
    userId,
    sourceId,
    fileId: null,
    importId: row.import_id,
    fileName: row.file_name,
    format: row.format,
  }
  const [first] = (await keepSessions(tx, origin, cleanSessions(sessions))).refused
  return first ? { code: first.code, detail: first.detail } : null
}
