/** A workout as a FIT file, as small as one can be: file_id, timer events, records, laps, session, activity. */
import { activities, type SessionPart, type SessionReading } from '@tributary/protocol'
import type { Measured } from './measured.ts'

export interface FitMaker {
  /** 23 Suunto, 32 Wahoo, 294 COROS, 1 Garmin. */
  manufacturer: number
  serial: number
}

/** Base type, bytes, and what stands for nothing. */
const types = {
  enum: [0x00, 1, 0xff],
  uint8: [0x02, 1, 0xff],
  uint16: [0x84, 2, 0xffff],
  sint32: [0x85, 4, 0x7fffffff],
  uint32: [0x86, 4, 0xffffffff],
  uint32z: [0x8c, 4, 0],
} as const

type Field = readonly [number: number, type: keyof typeof types]
type Value = number | undefined

interface Shape {
  local: number
  message: number
  fields: readonly Field[]
}

const epoch = 631_065_600
const fitTime = (t: number): number => Math.floor(t / 1000) - epoch
const semicircles = (degrees: Value): Value => degrees && Math.round((degrees * 2 ** 31) / 180)
const scaled = (value: Value, scale: number, offset = 0): Value =>
  value === undefined || Number.isNaN(value) ? undefined : Math.round((value + offset) * scale)

const totals: readonly Field[] = [
  [253, 'uint32'],
  [2, 'uint32'],
  [7, 'uint32'],
  [8, 'uint32'],
  [9, 'uint32'],
]

// biome-ignore format: one message a line.
const shapes = {
  fileId: { local: 0, message: 0, fields: [[0, 'enum'], [1, 'uint16'], [2, 'uint16'], [3, 'uint32z'], [4, 'uint32']] },
  event: { local: 1, message: 21, fields: [[253, 'uint32'], [0, 'enum'], [1, 'enum']] },
  record: { local: 2, message: 20, fields: [[253, 'uint32'], [0, 'sint32'], [1, 'sint32'], [2, 'uint16'], [3, 'uint8'], [4, 'uint8'], [5, 'uint32'], [6, 'uint16'], [7, 'uint16']] },
  lap: { local: 3, message: 19, fields: [...totals, [11, 'uint16'], [15, 'uint8'], [16, 'uint8']] },
  session: { local: 4, message: 18, fields: [...totals, [11, 'uint16'], [16, 'uint8'], [17, 'uint8'], [22, 'uint16'], [5, 'enum'], [6, 'enum'], [25, 'uint16'], [26, 'uint16']] },
  activity: { local: 5, message: 34, fields: [[253, 'uint32'], [0, 'uint32'], [1, 'uint16'], [2, 'enum'], [3, 'enum'], [4, 'enum'], [5, 'uint32']] },
} as const satisfies Record<string, Shape>

/** Rows where there is a way, else where there is a heart rate; cadence of runs is of one leg, as devices write it. */
export function fitOf(
  session: SessionReading,
  measured: Measured,
  { manufacturer, serial }: FitMaker,
): Uint8Array<ArrayBuffer> {
  const { start, end, track, streams, parts } = session
  const out: number[] = []
  const defined = new Set<Shape>()
  const write = (shape: Shape, ...values: Value[]) => {
    if (!defined.has(shape)) define(out, shape)
    defined.add(shape)
    out.push(shape.local)
    for (const [i, [, type]] of shape.fields.entries()) put(out, types[type][1], values[i] ?? types[type][2])
  }
  const column = (metric: string) => {
    const { t, v } = measured.between(metric, start, end + 1)
    return new Map(t.map((at, i) => [at, v[i] ?? 0]))
  }
  const [heart, speed, power, rpm, strides] = ['heart_rate', 'speed', 'power', 'cadence', 'cadence_steps'].map(column)
  const distance = streams?.['distance']
  const metres = new Map([...(distance?.t ?? [])].map((at, i) => [at, distance?.v[i] ?? 0]))
  const times = track ? [...track.t] : [...(heart?.keys() ?? [])]
  const offset = session.offset ?? measured.offsetAt(start)

  write(shapes.fileId, 4, manufacturer, 1, serial, fitTime(start))
  write(shapes.event, fitTime(start), 0, 0)
  for (const [i, t] of times.entries()) {
    const steps = strides?.get(t)
    write(
      shapes.record,
      fitTime(t),
      semicircles(track?.lat[i]),
      semicircles(track?.lon[i]),
      scaled(track?.ele?.[i], 5, 500),
      scaled(heart?.get(t), 1),
      scaled(steps === undefined ? rpm?.get(t) : steps / 2, 1),
      scaled(metres.get(t), 100),
      scaled(speed?.get(t), 1000),
      scaled(power?.get(t), 1),
    )
  }
  write(shapes.event, fitTime(end), 0, 4)
  const laps = parts.filter(({ kind }) => kind === 'lap')
  for (const lap of laps.length ? laps : [session]) write(shapes.lap, ...figuresOf(lap))
  const [sport = 0, sub = 0] = activities[session.activity ?? 'other'].fit
  const { elevation_gain } = session.totals
  write(shapes.session, ...figuresOf(session), scaled(elevation_gain, 1), sport, sub, 0, laps.length || 1)
  const timer = scaled(session.totals['active_duration'] ?? (end - start) / 1000, 1000)
  write(shapes.activity, fitTime(end), timer, 1, 0, 26, 1, fitTime(end) + offset * 60)
  return framed(out)
}

/** In the order of lap and session, which begin alike. */
function figuresOf({ start, end, totals = {} }: Pick<SessionPart, 'start' | 'end' | 'totals'>): Value[] {
  const elapsed = (end - start) / 1000
  return [
    fitTime(end),
    fitTime(start),
    scaled(elapsed, 1000),
    scaled(totals['active_duration'] ?? elapsed, 1000),
    scaled(totals['distance'], 100),
    scaled(totals['energy_active'], 1),
    scaled(totals['heart_rate_avg'], 1),
    scaled(totals['heart_rate_max'], 1),
  ]
}

function define(out: number[], { local, message, fields }: Shape): void {
  out.push(0x40 | local, 0, 0)
  put(out, 2, message)
  out.push(fields.length)
  for (const [number, type] of fields) out.push(number, types[type][1], types[type][0])
}

function put(out: number[], size: number, value: number): void {
  for (let i = 0; i < size; i++) out.push(Math.floor((value < 0 ? value + 2 ** 32 : value) / 256 ** i) & 0xff)
}

function framed(messages: readonly number[]): Uint8Array<ArrayBuffer> {
  const out: number[] = [14, 0x20]
  put(out, 2, 21_212)
  put(out, 4, messages.length)
  out.push(...Buffer.from('.FIT'))
  put(out, 2, crcOf(out))
  for (const one of messages) out.push(one) // no spread: a long ride is too much for the stack
  put(out, 2, crcOf(out))
  return Uint8Array.from(out)
}

// biome-ignore format: the table of the format.
const nibbles = [0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401, 0xa001, 0x6c00, 0x7800, 0xb401, 0x5000, 0x9c01, 0x8801, 0x4400]

/** Also proves a file: over all of its bytes it is 0. */
export function crcOf(bytes: Iterable<number>): number {
  let crc = 0
  for (const byte of bytes)
    for (const nibble of [byte & 15, byte >> 4]) crc = (crc >> 4) ^ (nibbles[crc & 15] ?? 0) ^ (nibbles[nibble] ?? 0)
  return crc
}
