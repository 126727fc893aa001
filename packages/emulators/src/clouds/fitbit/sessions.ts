/** Nights and exercises, each a point with a name. */
import type { SessionReading } from '@tributary/protocol'
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { latencyOf, secondsOf, wakingsOf } from '../kit/night.ts'
import { rfc, spanOf } from './times.ts'

const nameOf = (type: string, id: string) => `users/me/dataTypes/${type}/dataPoints/${id}`

const spanIn = ({ start, end, offset }: SessionReading, { measured }: Account) =>
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
  strength: 'STRENGTH_TRAINING',
  yoga: 'YOGA',
  rowing: 'ROWING',
}

export function* exercisesOf(ids: Ids, account: Account): Iterable<Draft> {
  for (const { reading, key } of account.measured.sessions('workout')) {
    const { start, end, totals, parts, title, activity = '', track } = reading
    const id = String(ids.integer(10, 'exercise', key))
    const figure = (name: string, total: string, tell: (v: number) => unknown) =>
      totals[total] === undefined ? {} : { [name]: tell(totals[total]) }
    const milli = (v: number) => Math.round(v * 1000)
    const text = (v: number) => String(Math.round(v))
    const value = {
      exerciseType: exerciseTypes[activity] ?? 'WORKOUT',
      displayName: title ?? 'Workout',
      activeDuration: `${Math.round(totals['active_duration'] ?? (end - start) / 1000)}s`,
      interval: spanIn(reading, account),
      metricsSummary: {
        ...figure('caloriesKcal', 'energy_active', Math.round),
        ...figure('distanceMillimeters', 'distance', milli),
        ...figure('steps', 'steps', text),
        ...figure('averageHeartRateBeatsPerMinute', 'heart_rate_avg', text),
        ...figure('averageSpeedMillimetersPerSecond', 'speed_avg', milli),
        ...figure('elevationGainMillimeters', 'elevation_gain', milli),
        ...(totals['cadence_steps_avg'] === undefined
          ? {}
          : { mobilityMetrics: { avgCadenceStepsPerMinute: totals['cadence_steps_avg'] } }),
      },
      exerciseMetadata: { hasGps: Boolean(track) },
      exerciseEvents: parts
        .filter(({ kind }) => kind === 'pause')
        .flatMap((pause) => [
          { eventTime: rfc(pause.start), exerciseEventType: 'PAUSE' },
          { eventTime: rfc(pause.end), exerciseEventType: 'RESUME' },
        ]),
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
