/** Days, workouts, nights and ECGs. What is in `data` is told only when it is asked for by name. */
import type { SessionReading } from '@tributary/protocol'
import { localTime } from '../../people/local-time.ts'
import type { Recording } from '../cloud.ts'
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { type Held, type Measured, mean, round, sum } from '../kit/measured.ts'
import { latencyOf, secondsOf, stageAt, wakingsOf } from '../kit/night.ts'
import { unix } from '../kit/times.ts'

const dayMs = 86_400_000

export function* activitiesOf(ids: Ids, account: Account): Iterable<Draft> {
  for (const { device, measured } of account.things()) {
    yield* daysOf(account, device, measured)
    for (const held of measured.sessions('workout')) yield workoutOf(ids, held, measured)
    for (const held of measured.sessions('sleep')) yield nightOf(ids, held, measured)
    for (const { reading, key } of measured.sessions('ecg')) {
      const signalid = ids.integer(8, 'ecg', key)
      const heart = measured.between('heart_rate', reading.start, reading.end + 1).v
      const body = {
        deviceid: device.serial,
        model: 44,
        ecg: { signalid, afib: Number(reading.extra?.['afib'] ?? 0) },
        heart_rate: heart.length ? Math.round(mean(heart)) : null,
        timestamp: unix(reading.start),
        timezone: account.timeZone,
      }
      const signal = [...(reading.streams?.['ecg']?.v ?? [])]
      yield { feed: 'ecg', id: String(signalid), at: reading.start, end: reading.end, body: { ...body, signal } }
    }
  }
}

function heartOf(measured: Measured, from: number, to: number): Record<string, number> {
  const { v } = measured.between('heart_rate', from, to)
  if (!v.length) return {}
  return { hr_average: Math.round(mean(v)), hr_min: Math.round(Math.min(...v)), hr_max: Math.round(Math.max(...v)) }
}

function zonesOf(measured: Measured, from: number, to: number): Record<string, number> {
  const { v } = measured.between('heart_rate', from, to)
  const limits = [0, 95, 133, 171, Number.POSITIVE_INFINITY]
  const step = v.length ? (to - from) / 1000 / v.length : 0
  return Object.fromEntries(
    [0, 1, 2, 3].map((zone) => {
      const [least = 0, most = 0] = limits.slice(zone, zone + 2)
      return [`hr_zone_${zone}`, Math.round(v.filter((beats) => beats >= least && beats < most).length * step)]
    }),
  )
}

/** Also days of another maker's app that shares with Withings are told, as another brand's. */
function* daysOf({ email }: Account, device: Recording['device'], measured: Measured): Iterable<Draft> {
  const isOwn = device.manufacturer === 'Withings'
  for (const date of measured.sumByDate('steps').keys()) {
    const from = localTime(measured.timeZone, date, 0)
    const to = localTime(measured.timeZone, date, 1_440)
    const total = (metric: string) => sum(measured.between(metric, from, to).v)
    const paces = measured.between('steps', from, to).v
    const minutes = (least: number, most: number) => paces.filter((steps) => steps >= least && steps < most).length * 60
    const [soft, moderate, intense] = [minutes(1, 100), minutes(100, 130), minutes(130, Number.POSITIVE_INFINITY)]
    const data = {
      steps: Math.round(total('steps')),
      distance: round(total('distance_walking_running'), 1),
      elevation: Math.round(total('floors_climbed')), // floors, whatever the name says
      soft,
      moderate,
      intense,
      active: moderate + intense,
      calories: round(total('energy_active'), 1),
      totalcalories: round(total('energy_active') + total('energy_basal'), 1),
      ...heartOf(measured, from, to),
      ...zonesOf(measured, from, to),
    }
    const body = {
      date,
      timezone: measured.timeZone,
      deviceid: isOwn ? device.serial : null,
      hash_deviceid: isOwn ? device.serial : null,
      brand: isOwn ? 1 : 18,
      is_tracker: isOwn,
      model: isOwn ? 59 : 1_055,
      modelid: isOwn ? 59 : 1_055,
      data,
    }
    yield { feed: 'activity', id: `${email}/${device.serial}/${date}`, at: from, end: to, date, body }
  }
}

const categories: Readonly<Record<string, number>> = {
  walking: 1,
  running: 2,
  hiking: 3,
  cycling: 6,
  swimming_pool: 7,
  swimming_open_water: 7,
  strength: 16,
  elliptical: 18,
  yoga: 28,
  rowing: 187,
  running_trail: 498,
  cycling_mountain: 523,
  hiit: 550,
  cycling_indoor: 308,
  running_treadmill: 307,
}

function workoutOf(ids: Ids, { reading, key, device }: Held<SessionReading>, measured: Measured): Draft {
  const { start, end, totals, activity = '' } = reading
  const id = ids.integer(9, 'workout', key)
  const date = measured.dateOf(start)
  const data = {
    calories: round(totals['energy_active'] ?? 0, 1),
    distance: round(totals['distance'] ?? 0, 1),
    elevation: round(totals['elevation_gain'] ?? 0, 1),
    steps: Math.round(sum(measured.between('steps', start, end).v)),
    intensity: 50,
    ...heartOf(measured, start, end),
    ...zonesOf(measured, start, end),
  }
  const body = {
    id,
    category: categories[activity] ?? 36,
    timezone: measured.timeZone,
    model: 93,
    attrib: 7,
    startdate: unix(start),
    enddate: unix(end),
    date,
    deviceid: device.serial,
    data,
  }
  return { feed: 'workout', id: String(id), at: start, end, date, body }
}

/** 32 is a mat under the mattress, 16 what is worn. */
const kindOf = ({ model }: Recording['device']) =>
  /Sleep/.test(model) ? { model: 32, model_id: 63 } : { model: 16, model_id: 93 }

function nightOf(ids: Ids, { reading, key, device }: Held<SessionReading>, measured: Measured): Draft {
  const { start, end } = reading
  const id = ids.integer(7, 'night', key)
  const date = measured.dateOf(end)
  const inBed = Math.round((end - start) / 1000)
  const [light, deep, rem] = [
    secondsOf(reading, 'light', 'asleep_unspecified'),
    secondsOf(reading, 'deep'),
    secondsOf(reading, 'rem'),
  ]
  const awake = secondsOf(reading, 'awake')
  const latency = latencyOf(reading)
  const heart = heartOf(measured, start, end)
  const breath = measured.between('respiratory_rate', start, end).v
  const data = {
    total_timeinbed: inBed,
    total_sleep_time: light + deep + rem,
    lightsleepduration: light,
    deepsleepduration: deep,
    remsleepduration: rem,
    wakeupduration: awake,
    sleep_efficiency: inBed ? round((light + deep + rem) / inBed, 2) : 0,
    sleep_latency: latency,
    waso: Math.max(0, awake - latency),
    wakeupcount: wakingsOf(reading),
    ...heart,
    ...(breath.length ? { rr_average: Math.round(mean(breath)) } : {}),
    snoring: 600,
    breathing_disturbances_intensity: 12,
    apnea_hypopnea_index: 3,
    ...(measured.day('sleep_score', date) === undefined ? {} : { sleep_score: measured.day('sleep_score', date) }),
  }
  const body = {
    id,
    timezone: measured.timeZone,
    ...kindOf(device),
    startdate: unix(start),
    enddate: unix(end),
    date,
    hash_deviceid: device.serial,
    completed: true,
    data,
  }
  return { feed: 'sleep', id: String(id), at: start, end, date, body }
}

/** In the window, by second: what moved and what beat. */
export function intradayOf({ measured }: Account, from: number, to: number): Map<number, Record<string, number>> {
  const rows = new Map<number, Record<string, number>>()
  const add = (name: string, metric: string) => {
    const { t, v, length } = measured.between(metric, from, to)
    for (const [i, at] of t.entries()) {
      const row = rows.get(unix(at)) ?? {}
      rows.set(unix(at), { ...row, [name]: v[i] ?? 0, ...(length[i] ? { duration: length[i] / 1000 } : {}) })
    }
  }
  add('steps', 'steps')
  add('distance', 'distance_walking_running')
  add('elevation', 'floors_climbed')
  add('calories', 'energy_active')
  add('heart_rate', 'heart_rate')
  add('spo2_auto', 'spo2')
  add('rmssd', 'hrv_rmssd')
  add('sdnn1', 'hrv_sdnn')
  add('rr', 'respiratory_rate')
  return new Map([...rows].sort(([a], [b]) => a - b))
}

const states: Readonly<Record<string, number>> = {
  awake: 0,
  light: 1,
  deep: 2,
  rem: 3,
  asleep_unspecified: 5,
  out_of_bed: 15,
}

/** Stages of all nights in the window, each with what was measured in it minute by minute. */
export function segmentsOf({ measured }: Account, from: number, to: number, fields: readonly string[]) {
  const series = { hr: 'heart_rate', rr: 'respiratory_rate', rmssd: 'hrv_rmssd', sdnn_1: 'hrv_sdnn' } as const
  return measured.sessions('sleep').flatMap(({ reading, device }) =>
    reading.parts
      .filter(({ kind, start, end }) => kind === 'stage' && start < to && end > from)
      .map(({ start, end }) => ({
        startdate: unix(start),
        enddate: unix(end),
        state: states[stageAt(reading, start) ?? 'awake'] ?? 5,
        model: device.model,
        model_id: kindOf(device).model_id,
        ...Object.fromEntries(
          Object.entries(series)
            .filter(([name]) => fields.includes(name))
            .map(([name, metric]) => {
              const { t, v } = measured.between(metric, start, end)
              return [name, Object.fromEntries(t.map((at, i) => [unix(at), v[i]]))]
            }),
        ),
        ...(fields.includes('snoring') ? { snoring: {} } : {}),
      })),
  )
}

export const spanMs = dayMs
