/** Training sessions: local times, their offset beside them in each exercise, lengths in milliseconds, long numbers as text. */
import type { SessionReading } from '@tributary/protocol'
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { along, type Held, type Measured, mean, round } from '../kit/measured.ts'
import { wallClock } from '../kit/times.ts'
import { numberOf } from './devices.ts'
import { sportIdOf } from './sports.ts'

/** Metric to type, and how it is told. */
const sampleTypes: readonly (readonly [metric: string, type: string, tell: (v: number) => number])[] = [
  ['heart_rate', 'HEART_RATE', Math.round],
  ['speed', 'SPEED', (v) => round(v * 3.6, 2)], // km/h
  ['cadence', 'CADENCE', Math.round],
  ['cadence_steps', 'CADENCE', Math.round],
  ['elevation', 'ALTITUDE', (v) => round(v, 1)],
  ['ambient_temperature', 'TEMPERATURE', (v) => round(v, 1)],
  ['power', 'POWER', Math.round],
]

export function* sessionsOf(ids: Ids, { measured }: Account): Iterable<Draft> {
  for (const held of measured.sessions('workout')) {
    const id = ids.uuid('session', held.key)
    const { start, end } = held.reading
    yield { feed: 'training', id, at: start, end, body: bodyOf(ids, id, held, measured) }
  }
}

function bodyOf(ids: Ids, id: string, { reading, key, device }: Held<SessionReading>, measured: Measured) {
  const { start, end, totals, activity, title } = reading
  const offset = reading.offset ?? measured.offsetAt(start)
  const times = { startTime: wallClock(start, offset), stopTime: wallClock(end, offset) }
  const heart = totals['heart_rate_avg']
  const figures = {
    durationMillis: end - start,
    calories: Math.round(totals['energy_active'] ?? 0),
    ...(totals['distance'] === undefined ? {} : { distanceMeters: round(totals['distance'], 1) }),
    trainingLoad: round(((heart ?? 100) * (end - start)) / 6_000_000, 1),
    recoveryTimeMillis: String(end - start),
  }
  const sport = { id: sportIdOf(activity) }
  return {
    identifier: { id },
    name: title ?? '',
    ...times,
    deviceId: numberOf(device),
    product: { modelName: device.name },
    application: { name: 'Polar Flow' },
    sport,
    ...figures,
    ...(heart === undefined ? {} : { hrAvg: Math.round(heart), hrMax: Math.round(totals['heart_rate_max'] ?? heart) }),
    trainingBenefit: 'NONE',
    startTrigger: 'MANUAL',
    exercises: [
      {
        identifier: { id: ids.uuid('exercise', key) },
        ...times,
        timezoneOffsetMinutes: offset,
        sport,
        ...figures,
        ...(totals['elevation_gain'] === undefined ? {} : { ascentMeters: totals['elevation_gain'] }),
        samples: samplesOf(reading, measured),
        laps: lapsOf(reading),
        routes: routesOf(reading, offset),
        statistics: statisticsOf(reading, measured),
        zones: zonesOf(reading, measured),
      },
    ],
  }
}

/** Where a sensor was off the pulse is 0, and anything else no number, which JSON says in words. */
function samplesOf({ start, end, streams }: SessionReading, measured: Measured) {
  const { t } = measured.between('heart_rate', start, end)
  const every = Math.max(1_000, Math.round(((t[1] ?? 0) - (t[0] ?? 0)) / 1_000) * 1_000)
  const times = Array.from({ length: Math.floor((end - start) / every) }, (_, i) => start + i * every)
  const list = (type: string, values: readonly (number | null)[]) => ({
    type,
    intervalMillis: every,
    values: values.map((value) => value ?? (type === 'HEART_RATE' ? 0 : 'NaN')),
  })
  const told = sampleTypes.flatMap(([metric, type, tell]) => {
    const column = measured.between(metric, start, end)
    if (!column.t.length) return []
    const values = along(times, column, 2 * every)
    return [
      list(
        type,
        values.map((v) => (v === null ? null : tell(v))),
      ),
    ]
  })
  const distance = streams?.['distance']
  if (distance) told.push(list('DISTANCE', along(times, { t: [...distance.t], v: [...distance.v] }, 2 * every)))
  const beats = measured.between('rr_interval', start, end).v
  return {
    samples: told,
    ...(beats.length ? { rrSamples: beats.map((beat) => ({ durationMillis: Math.round(beat), offline: false })) } : {}),
  }
}

/** `splitTimeMillis` is where the lap ends, counted from the start. */
function lapsOf({ parts, start }: SessionReading) {
  const laps = parts.filter(({ kind }) => kind === 'lap')
  if (!laps.length) return {}
  return {
    laps: laps.map((lap) => ({
      splitTimeMillis: lap.end - start,
      durationMillis: lap.end - lap.start,
      ...(lap.totals?.['distance'] === undefined ? {} : { distanceMeters: round(lap.totals['distance'], 1) }),
      statistics: {
        statistics:
          lap.totals?.['heart_rate_avg'] === undefined
            ? []
            : [{ type: 'STATISTICS_TYPE_HEART_RATE', avg: Math.round(lap.totals['heart_rate_avg']) }],
      },
    })),
  }
}

/** A way begins when the first place was known; each place tells how long after that. */
function routesOf({ track }: SessionReading, offset: number) {
  const first = track?.t[0]
  if (!track || first === undefined) return {}
  const wayPoints = [...track.t].map((t, i) => ({
    longitude: track.lon[i],
    latitude: track.lat[i],
    ...(track.ele ? { altitude: track.ele[i] } : {}),
    elapsedMillis: Math.round(t - first),
  }))
  const wall = new Date(first + offset * 60_000).toISOString().slice(0, 23)
  return { route: { startTime: wall, wayPoints } }
}

function statisticsOf({ start, end }: SessionReading, measured: Measured) {
  const { v } = measured.between('heart_rate', start, end)
  if (!v.length) return {}
  const [min, max] = [Math.round(Math.min(...v)), Math.round(Math.max(...v))]
  return { statistics: [{ type: 'STATISTICS_TYPE_HEART_RATE', min, avg: Math.round(mean(v)), max }] }
}

function zonesOf({ start, end }: SessionReading, measured: Measured) {
  const { v } = measured.between('heart_rate', start, end)
  const step = v.length ? (end - start) / v.length : 0
  const zones = [96, 115, 134, 153, 172].map((lowerLimit, i, all) => {
    const higherLimit = all[i + 1] ?? 191
    const inZone = Math.round(v.filter((beats) => beats >= lowerLimit && beats < higherLimit).length * step)
    return { lowerLimit, higherLimit, inZone }
  })
  return [{ type: 'ZONE_TYPE_HEART_RATE', zones }]
}
