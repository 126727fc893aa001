/**
 * People with accounts at several brands: one life each, told by things that agree and disagree as such things do.
 * A watch's workout comes again through another brand a little later and longer; two things worn at night see other nights.
 */
import type { Reading, SessionReading } from '@tributary/protocol'
import { plansAhead } from '../people/ahead.ts'
import { type DemoYearOptions, demoYear } from '../people/demo-year.ts'
import { glucoseOf } from '../people/glucose.ts'
import { addDays, dayMs, localDate } from '../people/local-time.ts'
import type { Notes } from '../people/notebook.ts'
import type { DemoSourceKey } from '../people/sources.ts'
import type { NewAccount, Recording } from './cloud.ts'

export interface PersonOptions {
  /** ms since 1970: nothing was measured later, but training is planned. */
  until: number
  /** So many days before it. */
  days?: number
  /** Only the first so many of them: a life takes time to live. */
  most?: number
}

export interface CloudPerson {
  name: string
  email: string
  timeZone: string
  /** By provider id. */
  recordings: Readonly<Record<string, readonly Recording[]>>
}

/** Beside the things of the demo's year: a glucose sensor, and the calendar in which training is planned. */
type SourceKey = DemoSourceKey | 'sensor' | 'calendar'

/** How a thing tells what another one saw. */
interface View {
  of: SourceKey
  device: Recording['device']
  /** Metrics and session types it keeps; all when absent. */
  keeps?: readonly string[]
  /** ms that its sessions begin later. */
  late?: number
  /** What it takes one for: distances, steps. */
  stretch?: number
  /** Added to heart rates and scores. */
  bias?: number
}

const device = (manufacturer: string, model: string, serial: string): Recording['device'] => ({
  name: `${manufacturer} ${model}`,
  manufacturer,
  model,
  serial,
})

const daytime = ['heart_rate', 'steps', 'distance_walking_running', 'floors_climbed', 'energy_active', 'energy_basal']
const overnight = ['sleep', 'hrv_rmssd', 'respiratory_rate', 'spo2', 'heart_rate', 'resting_heart_rate', 'sleep_score']
const moods = ['readiness_score', 'skin_temperature_deviation', 'sleep_heart_rate_avg', 'sleep_heart_rate_min']

/** Which brand has what of the life, by provider id. */
// biome-ignore format: a table, one line for each thing.
const views: Readonly<Record<string, readonly View[]>> = {
  garmin: [{ of: 'watch', device: device('Garmin', 'Forerunner 965', '3411205877') }],
  strava: [
    { of: 'watch', device: device('Garmin', 'Forerunner 965', '3411205877'), keeps: ['workout'] },
    { of: 'phone', device: device('Strava', 'iPhone App', ''), keeps: ['workout'] },
  ],
  oura: [{ of: 'watch', device: device('Oura', 'Ring Gen3', 'A2-7731'), keeps: [...daytime, ...overnight, ...moods], late: 150_000, stretch: 0.94, bias: -1 }],
  whoop: [{ of: 'watch', device: device('WHOOP', '4.0', '4A0219553'), keeps: [...daytime, ...overnight, ...moods, 'workout'], late: 60_000, bias: 1 }],
  withings: [
    { of: 'scale', device: device('Withings', 'Body Comp', '9f1c') },
    { of: 'cuff', device: device('Withings', 'BPM Connect', '77ab') },
    { of: 'phone', device: device('Withings', 'Sleep Analyzer', 'c704'), keeps: ['sleep', 'steps', 'distance_walking_running', 'floors_climbed'] },
  ],
  polar: [{ of: 'watch', device: device('Polar', 'Vantage V3', '0B1C22EE'), late: 5_000, stretch: 1.012 }],
  polar_dynamic: [{ of: 'watch', device: device('Polar', 'Vantage V3', '0B1C22EE'), late: 5_000, stretch: 1.012 }],
  fitbit: [{ of: 'watch', device: device('Fitbit', 'Charge 6', 'FB-20417'), keeps: [...daytime, ...overnight, 'workout'], late: 30_000, stretch: 1.03, bias: 2 }],
  coros: [{ of: 'watch', device: device('COROS', 'PACE 3', 'C3-88120'), late: 2_000, stretch: 0.997 }],
  wahoo: [
    { of: 'watch', device: device('Wahoo', 'ELEMNT ROAM', 'WE-5512'), keeps: ['workout'], late: 8_000, stretch: 1.004 },
    { of: 'calendar', device: device('Wahoo', 'App', '') },
  ],
  suunto: [{ of: 'watch', device: device('Suunto', 'Race', '233715A'), late: 4_000, stretch: 1.006 }],
  ultrahuman: [
    { of: 'watch', device: device('Ultrahuman', 'Ring AIR', 'UH-9127'), keeps: [...overnight, 'steps'], late: 240_000, stretch: 0.9, bias: 1 },
    { of: 'sensor', device: device('Ultrahuman', 'M1', 'UM-5501'), keeps: ['blood_glucose'] },
  ],
  dexcom: [{ of: 'sensor', device: device('Dexcom', 'G7', 'DX-30714') }],
  intervals: [
    { of: 'watch', device: device('Garmin', 'Forerunner 965', '3411205877'), keeps: ['workout', ...overnight] },
    { of: 'calendar', device: device('intervals.icu', 'Calendar', '') },
  ],
}

const homes = [
  { name: 'Mira Lind', email: 'mira@example.org', timeZone: 'Europe/Stockholm' },
  { name: 'Jonas Weber', email: 'jonas@example.org', timeZone: 'Europe/Berlin' },
  { name: 'Aiko Tan', email: 'aiko@example.org', timeZone: 'America/Los_Angeles' },
] as const

/** The same seed and end, the same people. */
export function peopleOf(seed: number, { until, days = 14, most }: PersonOptions): CloudPerson[] {
  return homes.slice(0, most).map((home, i) => {
    const life = lifeOf(home.timeZone, seed + i, until, days)
    const recordings = Object.fromEntries(
      Object.entries(views).map(([brand, things]) => [brand, things.flatMap((view) => seenBy(view, life))]),
    )
    return { ...home, recordings }
  })
}

/** What a person registers at a brand with: `cloud.addAccount(accountAt(person, cloud.id))`. */
export const accountAt = ({ recordings, ...person }: CloudPerson, brand: string): NewAccount => ({
  ...person,
  recordings: recordings[brand] ?? [],
  ...(traits[brand] ? { traits: traits[brand] } : {}),
})

/** So that there is something to read at once. */
const traits: Readonly<Record<string, readonly string[]>> = { polar: ['registered'] }

interface Told {
  source: SourceKey
  /** `workout-2026-11-03T17:10`, `2026-11-03`. */
  key: string
  readings: Reading[]
}

/** The last days of a year's life. One recording a session, one a day for the rest. */
function lifeOf(timeZone: string, seed: number, until: number, days: number): Told[] {
  const first = addDays(localDate(timeZone, until), 1 - days)
  const from = until - (days + 2) * dayMs
  const told: Told[] = []
  const byDay = new Map<string, Told>()
  const ofDay = (source: SourceKey, date: string, reading: Reading) => {
    if (date < first) return
    const key = `${source}/${date}`
    const day = byDay.get(key) ?? { source, key: date, readings: [] }
    if (!byDay.has(key)) told.push(day)
    byDay.set(key, day)
    day.readings.push(reading)
  }
  for (const { source, readings, sessions } of notesOf({ until, timeZone, seed, days: days + 2 })) {
    for (const session of sessions) {
      const { start, end, type, offset = 0 } = session
      if (end < from || localDate(timeZone, end) < first) continue
      const wall = new Date(start + offset * 60_000).toISOString().slice(0, 16)
      told.push({ source, key: `${type}-${wall}`, readings: [session] })
    }
    for (const reading of readings)
      if (reading.kind === 'day') ofDay(source, reading.date, reading)
      else if (reading.kind === 'event') ofDay(source, localDate(timeZone, reading.start), reading)
      else if (reading.kind === 'series') {
        if ((reading.t.at(-1) ?? 0) < from) continue
        for (const [date, part] of splitByDate(reading, timeZone, from)) ofDay(source, date, part)
      } else throw new Error(`the year tells no ${reading.kind}`)
  }
  for (const plan of plansAhead({ until, timeZone, seed }))
    told.push({ source: 'calendar', key: plan.externalId ?? '', readings: [plan] })
  return told
}

function* notesOf(options: DemoYearOptions): Generator<Notes & { source: SourceKey }> {
  yield* demoYear(options)
  yield { source: 'sensor', ...glucoseOf(options) }
}

type Series = Extract<Reading, { kind: 'series' }>

function splitByDate(series: Series, timeZone: string, from: number): [string, Series][] {
  const places = new Map<string, number[]>()
  for (const [i, t] of series.t.entries()) {
    if (t < from) continue
    const date = localDate(timeZone, t)
    const list = places.get(date)
    if (list) list.push(i)
    else places.set(date, [i])
  }
  return [...places].map(([date, list]) => {
    const pick = (column: Float64Array) => Float64Array.from(list, (i) => column[i] ?? 0)
    const { offsets, durations } = series
    return [
      date,
      {
        ...series,
        t: pick(series.t),
        v: pick(series.v),
        ...(durations ? { durations: pick(durations) } : {}),
        ...(offsets ? { offsets: Int16Array.from(list, (i) => offsets[i] ?? 0) } : {}),
      },
    ]
  })
}

function seenBy(view: View, life: readonly Told[]): Recording[] {
  const { of, device, keeps } = view
  return life.flatMap(({ source, key, readings }) => {
    if (source !== of) return []
    const kept = readings
      .filter((reading) => !keeps || keeps.includes(nameOf(reading)))
      .map((reading) => asSeen(reading, view))
    return kept.length ? [{ key: `${device.model}/${key}`, device, readings: kept }] : []
  })
}

function nameOf(reading: Reading): string {
  if (reading.kind === 'series' && reading.method === 'active') return 'workout' // measured in one, and kept with it
  return reading.kind === 'session' ? reading.type : 'metric' in reading ? reading.metric : reading.kind
}

const stretched = /^(steps|distance|energy|floors)/
const biased = /heart_rate|score/

function asSeen(reading: Reading, { late = 0, stretch = 1, bias = 0 }: View): Reading {
  if (reading.kind === 'session') return sessionAsSeen(reading, late, stretch, bias)
  if (!('metric' in reading)) return reading
  const tell = (value: number) =>
    stretched.test(reading.metric) ? value * stretch : biased.test(reading.metric) ? value + bias : value
  if (reading.kind === 'series') return { ...reading, v: reading.v.map(tell) }
  if (reading.kind === 'day') return { ...reading, value: tell(reading.value) }
  return reading
}

function sessionAsSeen(session: SessionReading, late: number, stretch: number, bias: number): SessionReading {
  const totals = Object.fromEntries(
    Object.entries(session.totals).map(([name, value]) => {
      if (stretched.test(name)) return [name, value * stretch]
      return [name, biased.test(name) ? value + bias : value]
    }),
  )
  const start = session.start + late
  const seconds = late / 1000
  for (const name of ['duration', 'active_duration', 'sleep_time_in_bed'])
    if (totals[name] !== undefined) totals[name] = Math.max(0, totals[name] - seconds)
  const { track, streams } = session
  return {
    ...session,
    start,
    totals,
    // A lap that was half over has other figures than the whole one; a stage has none.
    parts: session.parts
      .filter((part) => part.end > start && (part.start >= start || !part.totals))
      .map((part) => (part.start < start ? { ...part, start } : part)),
    ...(track ? { track: since(start, track) } : {}),
    ...(streams
      ? { streams: Object.fromEntries(Object.entries(streams).map(([name, stream]) => [name, since(start, stream)])) }
      : {}),
  }
}

/** The rows of columns that are not before a time. */
function since<T extends { t: Float64Array }>(start: number, columns: T): T {
  const first = columns.t.findIndex((t) => t >= start)
  const from = first < 0 ? columns.t.length : first
  const cut: Record<string, Float64Array> = {}
  for (const [name, column] of Object.entries<Float64Array>({ ...columns })) cut[name] = column.slice(from)
  return { ...columns, ...cut }
}
