/** Workouts and daily records as COROS spells them: ids beyond what a number holds, zones in quarters of an hour, speed as seconds for a kilometre. */
import type { SessionReading } from '@tributary/protocol'
import type { Account, Draft, Kept } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { type Held, type Measured, mean, sum } from '../kit/measured.ts'
import { unix, wallClock } from '../kit/times.ts'

/** 18 digits: as text here, as bare numbers on the wire. */
export const labelOf = (ids: Ids, key: string): string => `45981${ids.integer(13, 'label', key)}`

export function* recordsOf(ids: Ids, account: Account): Iterable<Draft> {
  for (const held of account.measured.sessions('workout')) yield workoutOf(ids, held, account)
  yield* daysOf(account)
}

const modes: Readonly<Record<string, readonly [number, number]>> = {
  running: [8, 1],
  running_treadmill: [8, 2],
  running_trail: [15, 1],
  hiking: [16, 1],
  mountaineering: [14, 1],
  walking: [31, 1],
  cycling: [9, 1],
  cycling_indoor: [9, 2],
  swimming_open_water: [10, 1],
  swimming_pool: [10, 2],
}

const quarters = (minutes: number) => minutes / 15

function workoutOf(
  ids: Ids,
  { reading, key, device }: Held<SessionReading>,
  { id: openId, measured, traits }: Account,
): Draft {
  const { start, end, totals, activity = '', extra = {} } = reading
  const labelId = labelOf(ids, key)
  const legs = Array.isArray(extra['legs']) ? (extra['legs'] as string[]) : []
  const [mode, subMode] = legs.length ? [13, 1] : (modes[activity] ?? [18, 1])
  const offset = reading.offset ?? measured.offsetAt(start)
  const { speed_avg: speed } = totals
  const body = {
    openId,
    labelId,
    mode,
    subMode,
    deviceName: device.name,
    distance: totals['distance'] ?? 0,
    // Small calories, as one who implemented it says; or kcal, as days have: trait `kcal`.
    calorie: Math.round((totals['energy_active'] ?? 0) * (traits.has('kcal') ? 1 : 1000)),
    avgSpeed: speed ? Math.round(1000 / speed) : 0,
    avgFrequency: Math.round(totals['cadence_steps_avg'] ?? totals['cadence_avg'] ?? 0),
    step: Math.round(totals['steps'] ?? 0),
    startTime: unix(start),
    endTime: unix(end),
    startTimezone: quarters(offset),
    endTimezone: quarters(offset),
    duration: Math.round(totals['active_duration'] ?? (end - start) / 1000),
    planWorkoutId: extra['plan'] === true ? `44120${ids.integer(13, 'plan', key)}` : null,
    // Not told, but by the lists: the address of its file is missing there (`unlisted`), or there is none (`none`).
    file: extra['file'],
    triathlonItemList: legs.length
      ? legs.map((leg) => ({ mode: modes[leg]?.[0] ?? 18, subMode: modes[leg]?.[1] ?? 1, distance: 0, duration: 0 }))
      : null,
  }
  return { feed: 'workout', id: labelId, at: start, end, date: wallClock(start, offset).slice(0, 10), body }
}

/** Of each day that anything is known of; the night belongs to the day of waking up. */
function* daysOf({ measured, traits }: Account): Iterable<Draft> {
  const steps = measured.sumByDate('steps')
  const [active, basal] = [measured.sumByDate('energy_active'), measured.sumByDate('energy_basal')]
  const resting = measured.daysOf('resting_heart_rate')
  const nights = new Map(
    measured
      .sessions('sleep')
      .filter(({ reading }) => !reading.isNap)
      .map(({ reading }) => [measured.dateOf(reading.end), reading]),
  )
  for (const date of new Set([...steps.keys(), ...resting.keys(), ...nights.keys()])) {
    const night = nights.get(date)
    const of = (metric: string) =>
      night ? measured.between(metric, night.start, night.end) : { t: [], v: [], length: [] }
    const [heart, hrv] = [of('heart_rate'), of('hrv_rmssd')]
    const at = night?.start ?? Date.parse(`${date}T00:00:00Z`)
    const end = night?.end ?? at
    const [startZone, endZone] = [at, end].map((t) => night?.offset ?? measured.offsetAt(t)) as [number, number]
    const wall = (t: number, offset: number) => wallClock(t, offset).replace('T', ' ')
    const body = {
      // A number, or a text: trait `texts`.
      happenDay: traits.has('texts') ? date.replaceAll('-', '') : Number(date.replaceAll('-', '')),
      step: Math.round(steps.get(date) ?? 0),
      calorie: Math.round((active.get(date) ?? 0) + (basal.get(date) ?? 0)),
      rhr: resting.get(date)?.value ?? 0,
      ...(night
        ? {
            sleepStartTime: wall(night.start, startZone),
            sleepEndTime: wall(night.end, endZone),
            sleepAvgHr: heart.v.length ? Math.round(mean(heart.v)) : 0,
          }
        : {}),
      ...(hrv.v.length ? { ppgHrv: Math.round(mean(hrv.v)) } : {}),
      hrvList: hrv.t.map((t, i) => ({ timestamp: unix(t), hrv: Math.round(hrv.v[i] ?? 0), hr: heartAt(measured, t) })),
      startTimezone: quarters(startZone),
      endTimezone: quarters(endZone),
    }
    yield { feed: 'day', id: date, at, date, body }
  }
}

const heartAt = (measured: Measured, t: number) => {
  const { v } = measured.between('heart_rate', t, t + 300_000)
  return v.length ? Math.round(sum(v) / v.length) : 0
}

const linkSeconds = 3_600

/** An address is good for an hour; the page says only that it expires. */
function fitUrlOf(origin: string, { id, body }: Kept, now: number, leg?: number): string {
  const url = new URL(`/fit/${String(body['openId'])}/${id}.fit`, origin)
  url.search = new URLSearchParams({
    ...(leg === undefined ? {} : { leg: String(leg) }),
    expires: String(unix(now) + linkSeconds),
    sig: id.slice(-8),
  }).toString()
  return url.href
}

/** As lists and notices tell it. */
export function shown(kept: Kept, origin: string, now: number): Record<string, unknown> {
  const { fitUrl, ...workout } = filed(kept, origin, now)
  return kept.body['file'] === 'unlisted' || fitUrl === undefined ? workout : { ...workout, fitUrl }
}

/** With addresses of its files: a workout of several sports has one a leg, and none itself. */
export function filed(kept: Kept, origin: string, now: number): Record<string, unknown> {
  const { file, ...workout } = kept.body
  const legs = workout['triathlonItemList'] as Record<string, unknown>[] | null
  if (file === 'none') return workout
  if (!legs) return { ...workout, fitUrl: fitUrlOf(origin, kept, now) }
  return { ...workout, triathlonItemList: legs.map((leg, i) => ({ ...leg, fitUrl: fitUrlOf(origin, kept, now, i) })) }
}
