import type { ActivityType, SeriesReading, SessionPart, SessionReading, Stream, Totals } from '@tributary/protocol'
import { isOnFoot } from '@tributary/protocol/activities'
import type { SampleColumns } from './columns.ts'
import type { PointLog } from './point-log.ts'
import { deriveTotals } from './totals.ts'
import { distanceAlong, speedFrom, type Way } from './way.ts'

/** What a TCX or GPX file says of one workout, beside its points. */
export interface PointSession {
  log: PointLog
  activity: ActivityType
  start: number
  end: number
  title: string | undefined
  externalId: string
  totals: Totals
  parts: SessionPart[]
  extra: Record<string, unknown>
  /** Metres that a rise must pass to count: 1 for a barometer, 3 for a phone's GPS. */
  climbThreshold: number
}

/** The workout, with totals and streams that the file lacks worked out and marked. */
export function buildPointSession(stated: PointSession): SessionReading {
  const { log, activity, start, end } = stated
  const way = log.way()
  const streams = streamsOf(log.samples)
  const worked = workOut(log, way, streams)
  const lookUp = (name: string) =>
    name.startsWith('cadence') ? cadenceAs(name, activity, log.samples) : (streams[name] ?? log.samples.get(name))
  const totals = { ...stated.totals }
  const derived = deriveTotals(totals, { start, end, pauses: log.pauses }, lookUp, stated.climbThreshold)
  return {
    kind: 'session',
    type: 'workout',
    activity,
    ...(stated.title ? { title: stated.title } : {}),
    start,
    end,
    ...(log.offset === undefined ? {} : { offset: log.offset }),
    externalId: stated.externalId,
    totals,
    parts: [...stated.parts, ...log.pauses.map((pause) => ({ kind: 'pause' as const, ...pause }))],
    ...trackOf(way),
    ...(Object.keys(streams).length ? { streams } : {}),
    ...(derived.length ? { derived } : {}),
    extra: { ...stated.extra, ...(worked.length ? { derived_streams: worked } : {}) },
  }
}

/** Metrics of the catalogue from all workouts of a file. */
export function seriesOf(sessions: PointSession[], into: SampleColumns): SeriesReading[] {
  for (const { log, activity } of sessions) {
    for (const name of log.samples.names) {
      if (name.startsWith('/')) continue
      const column = name === 'cadence' && isOnFoot(activity) ? 'cadence_steps' : name
      const stream = name === 'cadence' ? cadenceAs(column, activity, log.samples) : log.samples.get(name)
      for (let i = 0; i < (stream?.t.length ?? 0); i++)
        into.push(column, stream?.t[i] as number, stream?.v[i] as number)
    }
  }
  return into.names.flatMap((metric) => {
    const stream = into.get(metric)
    return stream ? [{ kind: 'series', metric, ...stream, method: 'active' }] : []
  })
}

function streamsOf(samples: SampleColumns): Record<string, Stream> {
  const streams: Record<string, Stream> = {}
  for (const name of samples.names) {
    const stream = name.startsWith('/') ? samples.get(name) : undefined
    if (stream) streams[name.slice(1)] = stream
  }
  return streams
}

function workOut(log: PointLog, way: Way, streams: Record<string, Stream>): string[] {
  const worked: string[] = []
  const distance = streams['distance'] ?? distanceAlong(way)
  if (distance && !streams['distance']) {
    streams['distance'] = distance
    worked.push('distance')
  }
  const speed = distance && !log.samples.has('speed') ? speedFrom(distance, log.pauses) : undefined
  if (speed) {
    streams['speed'] = speed
    worked.push('speed')
  }
  return worked
}

/**
 * Devices write strides of one leg or steps of both, and the file does not say which; the average does. Nobody runs 120 strides
 * of one leg a minute, and nobody runs at fewer than 120 steps; walking, the two part at 80.
 */
const fewestStepsRunning = 120
const fewestStepsWalking = 80

function cadenceAs(name: string, activity: ActivityType, samples: SampleColumns): Stream | undefined {
  if ((name === 'cadence_steps') !== isOnFoot(activity)) return undefined
  const stream = samples.get('cadence')
  if (!stream || name === 'cadence') return stream
  const turning = stream.v.filter((value) => value > 0)
  const mean = turning.reduce((sum, value) => sum + value, 0) / (turning.length || 1)
  const fewest = activity.startsWith('running') ? fewestStepsRunning : fewestStepsWalking
  return mean < fewest ? { t: stream.t, v: stream.v.map((value) => value * 2) } : stream
}

function trackOf({ t, lat, lon, ele }: Way): Pick<SessionReading, 'track'> {
  if (!t.length) return {}
  return {
    track: {
      t: t.slice(),
      lat: lat.slice(),
      lon: lon.slice(),
      ...(ele.some(Number.isFinite) ? { ele: ele.slice() } : {}),
    },
  }
}
