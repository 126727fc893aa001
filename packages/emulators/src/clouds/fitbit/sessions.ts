/** Nights and exercises, each a point with a name. */
import type { SessionReading, Totals } from '@tributary/protocol'
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { latencyOf, secondsOf, wakingsOf } from '../kit/night.ts'
import { rfc, spanOf } from './times.ts'
import type { Body } from './types.ts'

export const nameOf = (type: string, id: string) => `users/me/dataTypes/${type}/dataPoints/${id}`

export const spanIn = ({ start, end, offset }: SessionReading, { measured }: Account) =>
  spanOf(start, end, offset ?? measured.offsetAt(start), offset ?? measured.offsetAt(end))

const stages: Readonly<Record<string, string>> = {
  light: 'LIGHT',
  deep: 'DEEP',
  rem: 'REM',
  awake: 'AWAKE',
  out_of_bed: 'AWAKE',
  asleep_unspecified: 'ASLEEP',
  restless: 'RESTLESS',
}

const minutes = (seconds: number) => String(Math.round(seconds / 60))

export function* nightsOf(ids: Ids, account: Account): Iterable<Draft> {
  for (const { reading, key } of account.measured.sessions('sleep')) {
    const { start, end, isNap = false, parts, extra = {} } = reading
    const id = String(ids.integer(10, 'sleep', key))
    const told = parts
      .filter(({ kind }) => kind === 'stage')
      .map((part) => ({ ...part, type: stages[part.label ?? ''] ?? 'AWAKE' }))
    const awake = secondsOf(reading, 'awake', 'out_of_bed')
    const value = {
      type: told.some(({ type }) => type === 'ASLEEP') ? 'CLASSIC' : 'STAGES',
      interval: spanIn(reading, account),
      stages: told.map((part) => ({ type: part.type, startTime: rfc(part.start), endTime: rfc(part.end) })),
      summary: {
        minutesInSleepPeriod: minutes((end - start) / 1000),
        minutesAsleep: minutes((end - start) / 1000 - awake),
        minutesAwake: minutes(awake),
        minutesToFallAsleep: minutes(latencyOf(reading)),
        stagesSummary: (['deep', 'light', 'rem', 'awake'] as const).map((stage) => ({
          type: stages[stage],
          minutes: minutes(secondsOf(reading, stage)),
          count: String(stage === 'awake' ? wakingsOf(reading) : parts.filter(({ label }) => label === stage).length),
        })),
      },
      // What is not processed yet comes again.
      metadata: {
        mainSleep: !isNap,
        nap: isNap,
        processed: extra['unprocessed'] !== true,
        stagesStatus: extra['unprocessed'] === true ? 'REJECTED_COVERAGE' : 'SUCCEEDED',
        manuallyEdited: false,
      },
    }
    yield {
      feed: 'sleep',
      id,
      at: start,
      end,
      body: { points: [{ start, end, value: { name: nameOf('sleep', id), sleep: value } }] },
    }
  }
}

const exerciseTypes: Readonly<Record<string, string>> = {
  running: 'RUNNING',
  running_trail: 'TRAIL_RUN',
  walking: 'WALKING',
  hiking: 'HIKING',
  cycling: 'BIKING',
  swimming_pool: 'SWIMMING_POOL',
  swimming_open_water: 'SWIMMING_OPEN_WATER',
  meditation: 'MEDITATE',
  strength: 'STRENGTH_TRAINING',
  yoga: 'YOGA',
  rowing: 'ROWING',
}

const milli = (v: number) => Math.round(v * 1000)
const text = (v: number) => String(Math.round(v))

/** Of an exercise, or of a lap of it. */
function summaryOf(totals: Totals): Body {
  const figure = (name: string, total: string, tell: (v: number) => unknown) =>
    totals[total] === undefined ? {} : { [name]: tell(totals[total]) }
  const mobility = {
    ...figure('avgCadenceStepsPerMinute', 'cadence_steps_avg', (v) => v),
    ...figure('avgStrideLengthMillimeters', 'stride_length_avg', (v) => text(v * 1000)),
    ...figure('avgVerticalOscillationMillimeters', 'vertical_oscillation_avg', text),
    ...figure('avgVerticalRatio', 'vertical_ratio_avg', (v) => v),
    ...figure('avgGroundContactTimeDuration', 'ground_contact_time_avg', (v) => `${v / 1000}s`),
  }
  return {
    ...figure('caloriesKcal', 'energy_active', Math.round),
    ...figure('distanceMillimeters', 'distance', milli),
    ...figure('steps', 'steps', text),
    ...figure('averageHeartRateBeatsPerMinute', 'heart_rate_avg', text),
    ...figure('averageSpeedMillimetersPerSecond', 'speed_avg', milli),
    ...figure('averagePaceSecondsPerMeter', 'speed_avg', (v) => 1 / v),
    ...figure('elevationGainMillimeters', 'elevation_gain', milli),
    ...(Object.keys(mobility).length ? { mobilityMetrics: mobility } : {}),
  }
}

const splitTypes: Readonly<Record<string, string>> = { manual: 'MANUAL', time: 'DURATION', distance: 'DISTANCE' }

/** Lengths of a pool are points of their own, and only counted in the exercise. */
function poolOf({ parts }: SessionReading): { metadata: Body; summary: Body } {
  const lengths = parts.filter(({ kind }) => kind === 'length')
  if (!lengths.length) return { metadata: {}, summary: {} }
  const metres = lengths[0]?.totals?.['distance']
  return {
    metadata: metres === undefined ? {} : { poolLengthMillimeters: text(metres * 1000) },
    summary: { totalSwimLengths: lengths.length },
  }
}

export function* exercisesOf(ids: Ids, account: Account): Iterable<Draft> {
  const { measured } = account
  for (const { reading, key } of [...measured.sessions('workout'), ...measured.sessions('meditation')]) {
    const { start, end, totals, parts, title, track, type } = reading
    const activity = type === 'meditation' ? 'meditation' : (reading.activity ?? '')
    const id = String(ids.integer(10, 'exercise', key))
    const pool = poolOf(reading)
    const offset = spanIn(reading, account).startUtcOffset
    const value = {
      exerciseType: exerciseTypes[activity] ?? 'WORKOUT',
      displayName: title ?? 'Workout',
      activeDuration: `${Math.round(totals['active_duration'] ?? (end - start) / 1000)}s`,
      interval: spanIn(reading, account),
      metricsSummary: { ...summaryOf(totals), ...pool.summary },
      exerciseMetadata: { hasGps: Boolean(track), ...pool.metadata },
      exerciseEvents: parts
        .filter(({ kind }) => kind === 'pause')
        .flatMap((pause) => [
          { eventTime: rfc(pause.start), eventUtcOffset: offset, exerciseEventType: 'PAUSE' },
          { eventTime: rfc(pause.end), eventUtcOffset: offset, exerciseEventType: 'RESUME' },
        ]),
      splitSummaries: parts
        .filter(({ kind }) => kind === 'lap')
        .map((lap) => ({
          splitType: splitTypes[lap.label ?? ''] ?? 'MANUAL',
          ...spanIn({ ...reading, start: lap.start, end: lap.end }, account),
          activeDuration: `${Math.round((lap.end - lap.start) / 1000)}s`,
          metricsSummary: summaryOf(lap.totals ?? {}),
        })),
    }
    yield {
      feed: 'exercise',
      id,
      at: start,
      end,
      body: { points: [{ start, end, value: { name: nameOf('exercise', id), exercise: value } }] },
    }
  }
}

/** Of each swim: a point for each length, with its strokes. */
export function* lengthsOf(account: Account): Iterable<Draft> {
  for (const { reading, key } of account.measured.sessions('workout')) {
    const points = reading.parts.flatMap(({ kind, start, end, label, totals = {} }) => {
      if (kind !== 'length') return []
      const interval = spanIn({ ...reading, start, end }, account)
      const strokes = { strokeCount: text(totals['swim_strokes'] ?? 0), swimStrokeType: label?.toUpperCase() }
      return [{ start, end, value: { swimLengthsData: { interval, ...strokes } } }]
    })
    const { start, end } = reading
    if (points.length)
      yield { feed: 'swim-lengths-data', id: `swim-lengths-data/${key}`, at: start, end, body: { points } }
  }
}
