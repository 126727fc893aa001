import { createHash } from 'node:crypto'
import { Gatherer } from '../archives/gatherer.ts'
import { keptRecord, openKept, partOfNight, replayed } from '../archives/kept-record.ts'
import type { Stage } from '../archives/night.ts'
import { isRecord } from '../json/records.ts'
import type { Losses } from '../losses.ts'
import { FormatError } from '../parsed-file.ts'
import type { Ending, FileInput, FileReader, Piece, PieceSource, ReadOptions } from '../piece.ts'
import { sniff } from '../sniff.ts'
import { clockOf, type LocalClock } from '../zones.ts'
import { MinuteRuns, type SleepSpan, sleepsOf, withEnds, withStarts } from './nights.ts'
import { type Cell, Database } from './open-database.ts'
import {
  type DbRow,
  type MinuteMemory,
  otherTables,
  sampleTables,
  stageTables,
  type Value,
  xiaomiManual,
} from './tables.ts'
import { workoutColumns, workoutOf } from './workouts.ts'

/** The database of Gadgetbridge, which collects from watches and bands without their makers' clouds. */
export const gadgetbridge: FileReader = {
  format: 'gadgetbridge',
  title: 'Gadgetbridge database',
  recognises: (head) => sniff(head) === 'sqlite',
  read,
  replay,
}

interface Device {
  source: PieceSource
  typeName: string
  stages: Stage[]
  spans: SleepSpan[]
}

interface Reading {
  db: Pick<Database, 'tables' | 'rows'>
  gather: Gatherer
  losses: Losses
  clock: LocalClock
  devices: Map<number, Device>
  /** Time of the newest sample: until then the copy is complete. */
  newest: number
}

const mostStages = 2_000_000

async function* read(input: FileInput): AsyncGenerator<Piece, Ending> {
  const gather = new Gatherer(input)
  const { losses } = gather
  const db = await Database.open(input)
  try {
    const devices = devicesOf(db)
    const clock = clockOf(input.timeZone)
    const reading: Reading = { db, gather, losses, clock, devices, newest: Number.NEGATIVE_INFINITY }
    let isWhole = true
    for (const [index, name] of [...db.tables.keys()].sort().entries()) {
      gather.bytes = Math.floor((input.size * index) / db.tables.size)
      try {
        for (const _ of readTable(name, reading)) yield* gather.ready()
      } catch (error) {
        gather.at(undefined)
        if (!(error instanceof FormatError)) throw error
        isWhole = false
        losses.warn('table_damaged', `${name}: ${error.detail}`)
      }
    }
    for (const name of db.refused) losses.leaveUnused(`table ${name.slice(0, 60)}: it would compute what it shows`)
    for (const { source, stages, spans } of devices.values()) {
      for (const night of sleepsOf(source.key, stages, spans, clock)) gather.session(source, night)
    }
    gather.bytes = input.size
    yield* gather.rest()
    const family = isWhole ? familyOf(db) : undefined
    return gather.ending(
      'gadgetbridge',
      family && Number.isFinite(reading.newest) ? { family, asOf: reading.newest } : undefined,
    )
  } finally {
    await db.close()
  }
}

/** One row, as if a database held it alone, beside the device it is of. */
function replay(raw: string, options: ReadOptions): Piece {
  const { where, text } = openKept(raw)
  const { table, device } = where
  const row = rowIn(text)
  if (!isRecord(device) || !isRecord(device['source']) || !row)
    throw new FormatError(
      'device_unknown',
      'its database does not say what measured this, so that it belongs to no device',
    )
  const gather = new Gatherer(options)
  const source = device['source'] as unknown as PieceSource
  const owner: Device = { source, typeName: String(device['typeName']), stages: [], spans: [] }
  const name = String(table)
  const reading: Reading = {
    db: {
      tables: new Map(),
      rows: function* (asked) {
        if (asked === name) yield row
      },
    },
    gather,
    losses: gather.losses,
    clock: clockOf(options.timeZone),
    devices: new Map([[Number(row['DEVICE_ID']), owner]]),
    newest: Number.NEGATIVE_INFINITY,
  }
  for (const _ of readTable(name, reading)) throw new FormatError('too_large', 'one record is more than a whole piece')
  if (owner.stages.length + owner.spans.length) throw partOfNight()
  return replayed(gather)
}

/** Undefined when it was kept in part. */
function rowIn(text: string): Record<string, Cell> | undefined {
  try {
    const row: unknown = JSON.parse(text)
    return isRecord(row) ? (row as Record<string, Cell>) : undefined
  } catch (error) {
    throw new FormatError('raw_broken', 'the record is not whole: import its file again', error)
  }
}

const noDevice: PieceSource = { key: 'gadgetbridge', name: 'Gadgetbridge', app: 'Gadgetbridge' }

const kept = (table: string, device: Device | undefined, row: DbRow) => () =>
  keptRecord(
    { table, device: device ? { source: device.source, typeName: device.typeName } : null },
    JSON.stringify(row),
  )

function devicesOf(db: Reading['db']): Map<number, Device> {
  if (!db.tables.has('DEVICE')) {
    throw new FormatError('not_gadgetbridge', 'this database is not one of Gadgetbridge: it has no table of devices')
  }
  const firmware = new Map<number, string>()
  for (const row of db.rows('DEVICE_ATTRIBUTES', ['DEVICE_ID', 'FIRMWARE_VERSION1'])) {
    if (typeof row['FIRMWARE_VERSION1'] === 'string')
      firmware.set(Number(row['DEVICE_ID']), row['FIRMWARE_VERSION1'].slice(0, 100))
  }
  const devices = new Map<number, Device>()
  const columns = ['_id', 'NAME', 'MANUFACTURER', 'IDENTIFIER', 'TYPE_NAME', 'MODEL', 'ALIAS']
  for (const row of db.rows('DEVICE', columns)) {
    const id = Number(row['_id'])
    const text = (column: string) => (typeof row[column] === 'string' ? row[column].slice(0, 200) : '')
    const identifier = text('IDENTIFIER') || `device ${id}`
    const source: PieceSource = {
      key: `gadgetbridge:${identifier}`,
      name: text('ALIAS') || text('NAME') || identifier,
      manufacturer: text('MANUFACTURER'),
      model: text('MODEL') || text('NAME'),
      serial: identifier,
      app: 'Gadgetbridge',
    }
    const version = firmware.get(id)
    if (version) source.firmware = version
    if (!source.manufacturer) delete source.manufacturer
    if (!source.model) delete source.model
    devices.set(id, { source, typeName: text('TYPE_NAME'), stages: [], spans: [] })
  }
  return devices
}

/**
 * One installation of Gadgetbridge, told by when it first met its first device: the same band in a new phone begins an empty
 * database, which must not count as the deletion of all that the old one had.
 */
function familyOf(db: Reading['db']): string | undefined {
  let first: { id: number; since: number } | undefined
  for (const row of db.rows('DEVICE_ATTRIBUTES', ['DEVICE_ID', 'VALID_FROM_UTC'])) {
    const id = Number(row['DEVICE_ID'])
    const since = Number(row['VALID_FROM_UTC'])
    if (!(since > 0)) continue
    if (!first || since < first.since || (since === first.since && id < first.id)) first = { id, since }
  }
  if (!first) return undefined
  for (const row of db.rows('DEVICE', ['_id', 'IDENTIFIER'])) {
    if (Number(row['_id']) !== first.id || typeof row['IDENTIFIER'] !== 'string') continue
    return `gadgetbridge:${createHash('sha256').update(`${row['IDENTIFIER']} ${first.since}`).digest('hex').slice(0, 32)}`
  }
  return undefined
}

function* readTable(name: string, reading: Reading): Generator<void> {
  const { losses } = reading
  if (name === 'DEVICE' || name === 'DEVICE_ATTRIBUTES') return
  if (Object.hasOwn(sampleTables, name)) yield* readSamples(name, reading)
  else if (Object.hasOwn(stageTables, name)) yield* readStages(name, reading)
  else if (name === 'XIAOMI_SLEEP_TIME_SAMPLE') yield* readXiaomiSleeps(name, reading)
  else if (name === 'XIAOMI_MANUAL_SAMPLE') yield* readXiaomiManual(name, reading)
  else if (name === 'BASE_ACTIVITY_SUMMARY') yield* readWorkouts(name, reading)
  else if (name !== 'GARMIN_EVENT_SAMPLE') losses.leaveUnused(`table ${name}: ${otherTables[name] ?? 'not read'}`)
}

/** Rows that have a device and a time; the other columns of the table are named as unused. */
function* rowsOf(
  name: string,
  tick: number,
  columns: readonly string[],
  reading: Reading,
): Generator<{ row: DbRow; t: number; device: Device }> {
  const { db, losses, gather, devices } = reading
  const known = new Set(['TIMESTAMP', 'DEVICE_ID', 'USER_ID', 'UTC_OFFSET', ...columns])
  for (const column of db.tables.get(name)?.columns ?? [])
    if (!known.has(column)) losses.leaveUnused(`${name} ${column}`)
  for (const row of db.rows(name, ['TIMESTAMP', 'DEVICE_ID', 'UTC_OFFSET', ...columns])) {
    gather.records++
    const device = devices.get(Number(row['DEVICE_ID']))
    gather.at(kept(name, device, row))
    if (!device) {
      gather.reject(noDevice, 'device_unknown', `${name} has a row of a device that is not in the table of devices`)
      continue
    }
    const t = typeof row['TIMESTAMP'] === 'number' ? row['TIMESTAMP'] * tick : Number.NaN
    if (!gather.isTime(device.source, name, t)) continue
    reading.newest = Math.max(reading.newest, t)
    yield { row, t, device }
  }
  gather.at(undefined)
}

function* readSamples(name: string, reading: Reading): Generator<void> {
  const { gather } = reading
  const { tick, values, stage, reads = [], isIdle } = sampleTables[name] as (typeof sampleTables)[string]
  const columns = Object.entries(values)
  const memories = new Map<Device, { memory: MinuteMemory; runs: MinuteRuns }>()
  for (const { row, t, device } of rowsOf(name, tick, [...Object.keys(values), ...reads], reading)) {
    const idle = isIdle?.(row) ?? false
    for (const [column, value] of columns) takeValue(name, column, value, row, t, device, reading, idle)
    if (stage) {
      let known = memories.get(device)
      if (!known) {
        known = { memory: { kind: -1, device: device.typeName }, runs: new MinuteRuns() }
        memories.set(device, known)
      }
      const asleep = stage(row, known.memory)
      if (asleep && known.runs.stages.length < mostStages) known.runs.add(asleep, t)
    }
    if (gather.hasReady) yield
  }
  for (const [device, { runs }] of memories) for (const one of runs.stages) device.stages.push(one)
}

function takeValue(
  table: string,
  column: string,
  value: Value,
  row: DbRow,
  t: number,
  device: Device,
  reading: Reading,
  idle = false,
): void {
  const { gather, losses, clock } = reading
  const { metric, times = 1, duration, day, isMissing } = value
  const number = row[column]
  if (number === undefined || number === null) return
  if (typeof number !== 'number') {
    gather.reject(device.source, 'number_unreadable', `${table} ${column} is not a number`)
    return
  }
  if (isMissing?.(number)) {
    losses.leaveUnused(`${table} ${column}: not measured`)
    return
  }
  if (idle && duration !== undefined && number === 0) {
    losses.leaveUnused(`${table} ${column}: nothing, while not worn`)
    return
  }
  const offset = offsetOf(row)
  if (day) {
    const date = offset === undefined ? clock.dateOf(t) : new Date(t + offset * 60_000).toISOString().slice(0, 10)
    gather.day(device.source, { metric, date, value: number * times })
  } else {
    const extras = { ...(duration === undefined ? {} : { duration }), ...(offset === undefined ? {} : { offset }) }
    gather.sample(device.source, metric, t, number * times, extras)
  }
}

/** Huami's tables carry the zone in milliseconds. */
function offsetOf(row: DbRow): number | undefined {
  const ms = row['UTC_OFFSET']
  return typeof ms === 'number' && Math.abs(ms) <= 64_800_000 ? Math.round(ms / 60_000) : undefined
}

function* readStages(name: string, reading: Reading): Generator<void> {
  const { duration, isEnd, stages: names } = stageTables[name] as (typeof stageTables)[string]
  const found = new Map<Device, Stage[]>()
  for (const { row, t, device } of rowsOf(name, 1, ['STAGE', 'DURATION'], reading)) {
    const list = found.get(device) ?? []
    if (!list.length) found.set(device, list)
    const length = duration === undefined ? 0 : Number(row['DURATION']) * duration
    if (!(length >= 0 && length <= 86_400_000) || list.length >= mostStages) {
      reading.gather.reject(device.source, 'stage_unreadable', `${name} has a stage of an impossible length`)
      continue
    }
    list.push({ stage: names[Number(row['STAGE'])] ?? 'unknown', start: t, end: t + length })
    if (reading.gather.hasReady) yield
  }
  const spans = isEnd || duration === undefined ? sleepTimes(reading) : undefined
  for (const [device, list] of found) {
    const known = spans?.get(device) ?? []
    const stages = isEnd
      ? withStarts(
          list,
          known.map(({ start }) => start),
        )
      : duration === undefined
        ? withEnds(list, known)
        : list
    for (const one of stages) if (one.end > one.start) device.stages.push(one)
  }
}

/** When a device says that a sleep began and ended. */
function sleepTimes({ db, devices }: Reading): Map<Device, SleepSpan[]> {
  const spans = new Map<Device, SleepSpan[]>()
  const put = (id: unknown, start: number, end: number) => {
    const device = devices.get(Number(id))
    if (!device || !Number.isFinite(start)) return
    const list = spans.get(device) ?? []
    list.push({ start, end, totals: {} })
    spans.set(device, list)
  }
  for (const row of db.rows('XIAOMI_SLEEP_TIME_SAMPLE', ['TIMESTAMP', 'DEVICE_ID', 'WAKEUP_TIME'])) {
    put(row['DEVICE_ID'], Number(row['TIMESTAMP']), Number(row['WAKEUP_TIME']))
  }
  // event 74 is sleep, type 0 its beginning
  for (const row of db.rows('GARMIN_EVENT_SAMPLE', ['TIMESTAMP', 'DEVICE_ID', 'EVENT', 'EVENT_TYPE'])) {
    if (row['EVENT'] === 74 && row['EVENT_TYPE'] === 0)
      put(row['DEVICE_ID'], Number(row['TIMESTAMP']), Number.POSITIVE_INFINITY)
  }
  return spans
}

const xiaomiTotals = {
  TOTAL_DURATION: 'sleep_total',
  DEEP_SLEEP_DURATION: 'sleep_deep',
  LIGHT_SLEEP_DURATION: 'sleep_light',
  REM_SLEEP_DURATION: 'sleep_rem',
  AWAKE_DURATION: 'sleep_awake',
} as const

/** Sums in minutes; they count for nights of which no stage is known. */
function* readXiaomiSleeps(name: string, reading: Reading): Generator<void> {
  const { gather } = reading
  for (const { row, t, device } of rowsOf(name, 1, ['WAKEUP_TIME', ...Object.keys(xiaomiTotals)], reading)) {
    const end = Number(row['WAKEUP_TIME'])
    if (!(end > t && end - t <= 86_400_000)) {
      gather.reject(device.source, 'span_backwards', 'a sleep ends before it begins, or lasts longer than a day')
      continue
    }
    const totals: Record<string, number> = {}
    for (const [column, total] of Object.entries(xiaomiTotals)) {
      const minutes = row[column]
      if (typeof minutes === 'number' && minutes >= 0) totals[total] = minutes * 60
    }
    device.spans.push({ start: t, end, totals })
    if (gather.hasReady) yield
  }
}

function* readXiaomiManual(name: string, reading: Reading): Generator<void> {
  const { gather, losses } = reading
  for (const { row, t, device } of rowsOf(name, 1, ['TYPE', 'VALUE'], reading)) {
    const value = xiaomiManual[Number(row['TYPE'])]
    if (value) takeValue(name, 'VALUE', value, row, t, device, reading)
    else losses.leaveUnused(`${name} of type ${Number(row['TYPE'])}`)
    if (gather.hasReady) yield
  }
}

function* readWorkouts(name: string, reading: Reading): Generator<void> {
  const { db, gather, losses, devices } = reading
  const known = new Set<string>(['_id', 'USER_ID', ...workoutColumns])
  for (const column of db.tables.get(name)?.columns ?? [])
    if (!known.has(column)) losses.leaveUnused(`${name} ${column}`)
  for (const row of db.rows(name, workoutColumns)) {
    gather.records++
    const device = devices.get(Number(row['DEVICE_ID']))
    gather.at(kept(name, device, row))
    const workout = device && workoutOf(row, device.source.key)
    if (!device || !workout)
      gather.reject(device?.source ?? noDevice, 'record_unreadable', 'a workout has no device or no times')
    else if (gather.session(device.source, workout)) reading.newest = Math.max(reading.newest, workout.end)
    if (gather.hasReady) yield
  }
  gather.at(undefined)
}
