/** Summaries as Garmin spells them, by the key of the envelope they are sent in. */
import type { SessionReading } from '@tributary/protocol'
import { localTime } from '../../people/local-time.ts'
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { type Column, type Held, type Measured, mean, round, sum } from '../kit/measured.ts'
import { secondsOf } from '../kit/night.ts'
import { unix } from '../kit/times.ts'

const dayMs = 86_400_000
const slotMs = 900_000

type Make = (feed: string, key: string, at: number, end: number, body: Record<string, unknown>) => Draft

export function* recordsOf(ids: Ids, account: Account): Iterable<Draft> {
  const { measured } = account
  const make: Make = (feed, key, at, end, body) => {
    const summaryId = String(body['summaryId'] ?? `${ids.hex(8, feed, key)}-${ids.hex(6, key)}`)
    return { feed, id: summaryId, at, end, body: { userId: account.id, summaryId, ...body } }
  }
  yield* daysOf(account, make)
  yield* epochsOf(measured, make)
  for (const held of measured.sessions('sleep')) if (!held.reading.isNap) yield* nightOf(held, measured, make)
  yield* bodyOf(account, make)
  for (const held of measured.sessions('workout')) {
    const told = rarities.find(([word]) => held.reading.extra?.[word] === true)?.[1]
    if (told) yield told(held, measured, make)
    else yield* activityOf(ids, held, measured, make)
  }
}

/** What is no activity, by a word in the session: a snapshot of two minutes, a movement the device noticed by itself, a day of a cycle. */
const rarities = [
  ['snapshot', snapshotOf],
  ['noticed', noticedOf],
  ['cycle', ({ reading, key }, _, make) => make('mct', key, reading.start, reading.end, {})], // its form is not published
] as const satisfies readonly (readonly [
  string,
  (held: Held<SessionReading>, measured: Measured, make: Make) => Draft,
])[]

const snapshots = [
  ['heart_rate', 'heart_rate'],
  ['respiration', 'respiratory_rate'],
  ['stress', 'stress_score'],
  ['spo2', 'spo2'],
  ['rmssd_hrv', 'hrv_rmssd'],
  ['sdrr_hrv', 'hrv_sdnn'],
] as const

/** Here the offset is spelt in another way. */
function snapshotOf({ reading, key }: Held<SessionReading>, measured: Measured, make: Make): Draft {
  const { start, end } = reading
  const { startTimeOffsetInSeconds, ...times } = timesOf(start, end, reading.offset ?? measured.offsetAt(start))
  const summaries = snapshots.flatMap(([summaryType, metric]) => {
    const column = measured.between(metric, start, end + 1)
    if (!column.v.length) return []
    const [minValue, maxValue, avgValue] = [Math.min(...column.v), Math.max(...column.v), round(mean(column.v), 1)]
    const course = summaryType.endsWith('hrv') ? {} : { epochSummaries: samples(column, start) }
    return [{ summaryType, minValue, maxValue, avgValue, ...course }]
  })
  const offsetStartTimeInSeconds = startTimeOffsetInSeconds
  const calendarDate = measured.dateOf(start)
  return make('healthSnapshot', key, start, end, { calendarDate, ...times, offsetStartTimeInSeconds, summaries })
}

function noticedOf({ reading, key }: Held<SessionReading>, measured: Measured, make: Make): Draft {
  const { start, end } = reading
  const { startTimeOffsetInSeconds, ...times } = timesOf(start, end, reading.offset ?? measured.offsetAt(start))
  const said = { activityType: 'Walking', activitySubType: 'Hurdles' }
  const calendarDate = measured.dateOf(start)
  return make('moveIQActivities', key, start, end, {
    calendarDate,
    ...times,
    offsetInSeconds: startTimeOffsetInSeconds,
    ...said,
  })
}

const timesOf = (start: number, end: number, offset: number) => ({
  startTimeInSeconds: unix(start),
  startTimeOffsetInSeconds: offset * 60,
  durationInSeconds: Math.round((end - start) / 1000),
})

/** Seconds after the start, as text, to the value. */
const samples = ({ t, v }: Column, start: number, tell: (v: number) => number = (x) => x) =>
  Object.fromEntries(t.map((at, i) => [String(Math.round((at - start) / 1000)), tell(v[i] ?? 0)]))

function* daysOf({ measured, timeZone }: Account, make: Make): Iterable<Draft> {
  const metrics = [
    'steps',
    'heart_rate',
    'stress_score',
    'energy_reserve',
    'spo2',
    'respiratory_rate',
    'skin_temperature_deviation',
  ]
  const dates = new Set(
    metrics.flatMap((metric) => [
      ...measured.column(metric).t.map((t) => measured.dateOf(t)),
      ...measured.daysOf(metric).keys(),
    ]),
  )
  const newest = [...dates].sort().at(-1)
  for (const calendarDate of dates) {
    const start = localTime(timeZone, calendarDate, 0)
    const midnight = localTime(timeZone, calendarDate, 1_440)
    const of = (metric: string) => measured.between(metric, start, midnight)
    const last = Math.max(start, ...metrics.map((metric) => of(metric).t.at(-1) ?? start))
    // The newest day is as long as what there is of it.
    const end = calendarDate === newest ? Math.min(midnight, last + 60_000) : midnight
    const times = { calendarDate, ...timesOf(start, end, measured.offsetAt(start)) }
    const [heart, steps] = [of('heart_rate'), of('steps')]
    if (heart.t.length || steps.t.length)
      yield make('dailies', calendarDate, start, end, { ...times, ...dailyOf(calendarDate, measured, of, start) })
    const [stress, reserve] = [of('stress_score'), of('energy_reserve')]
    if (stress.t.length || reserve.t.length)
      yield make('stressDetails', calendarDate, start, end, {
        ...times,
        timeOffsetStressLevelValues: { ...samples(stress, start, Math.round), ...offWrist(stress, start) },
        timeOffsetBodyBatteryValues: samples(reserve, start, Math.round),
      })
    if (of('spo2').t.length)
      yield make('pulseox', calendarDate, start, end, {
        ...times,
        timeOffsetSpo2Values: samples(of('spo2'), start, Math.round),
        onDemand: false,
      })
    if (of('respiratory_rate').t.length)
      yield make('allDayRespiration', calendarDate, start, end, {
        ...timesOf(start, end, measured.offsetAt(start)),
        timeOffsetEpochToBreaths: samples(of('respiratory_rate'), start),
      })
    const warmth = measured.day('skin_temperature_deviation', calendarDate)
    if (warmth !== undefined)
      yield make('skinTemp', calendarDate, start, end, { ...times, avgDeviationCelsius: warmth })
    const fitness = of('vo2max').v.at(-1)
    if (fitness !== undefined)
      yield make('userMetrics', calendarDate, start, end, {
        calendarDate,
        vo2Max: round(fitness, 1),
        fitnessAge: 31,
        enhanced: true,
      })
  }
}

/** After the last value the watch was taken off. */
const offWrist = ({ t }: Column, start: number) =>
  t.length ? { [String(Math.round(((t.at(-1) ?? 0) - start) / 1000) + 180)]: -1 } : {}

function dailyOf(date: string, measured: Measured, of: (metric: string) => Column, start: number) {
  const heart = of('heart_rate')
  const stress = of('stress_score').v
  const total = (metric: string) => sum(of(metric).v)
  // The mean that is stated is one of seven days.
  const week = measured.between('heart_rate', start - 6 * dayMs, start + dayMs).v
  return {
    activityType: 'WALKING',
    steps: Math.round(total('steps')),
    distanceInMeters: round(total('distance_walking_running'), 1),
    pushes: 0,
    activeTimeInSeconds: of('steps').t.length * 60,
    activeKilocalories: Math.round(total('energy_active')),
    bmrKilocalories: Math.round(total('energy_basal')),
    floorsClimbed: Math.round(total('floors_climbed')),
    ...(heart.v.length
      ? {
          minHeartRateInBeatsPerMinute: Math.min(...heart.v),
          averageHeartRateInBeatsPerMinute: Math.round(mean(week)),
          maxHeartRateInBeatsPerMinute: Math.max(...heart.v),
        }
      : {}),
    restingHeartRateInBeatsPerMinute: measured.day('resting_heart_rate', date),
    timeOffsetHeartRateSamples: samples(heart, start, Math.round),
    averageStressLevel: stress.length ? Math.round(mean(stress)) : -1,
    maxStressLevel: stress.length ? Math.max(...stress) : -1,
    stepsGoal: 9_000,
  }
}

/** Slots of a quarter of an hour, one record for each kind of movement in them; the newest is as long as what there is of it. */
function* epochsOf(measured: Measured, make: Make): Iterable<Draft> {
  const kindAt = kindsOf(measured)
  const { t } = measured.column('steps')
  for (const start of new Set(t.map((at) => Math.floor(at / slotMs) * slotMs))) {
    const [steps, metres, energy] = ['steps', 'distance_walking_running', 'energy_active'].map((metric) =>
      measured.between(metric, start, start + slotMs),
    ) as [Column, Column, Column]
    const end = Math.min(start + slotMs, (steps.t.at(-1) ?? start) + 60_000)
    for (const activityType of new Set(steps.t.map(kindAt))) {
      const of = ({ t, v }: Column) => v.filter((_, i) => kindAt(t[i] ?? 0) === activityType)
      yield make('epochs', activityType === 'WALKING' ? String(start) : `${start}/${activityType}`, start, end, {
        activityType,
        ...timesOf(start, end, measured.offsetAt(start)),
        activeTimeInSeconds: of(steps).length * 60,
        steps: Math.round(sum(of(steps))),
        distanceInMeters: round(sum(of(metres)), 1),
        activeKilocalories: Math.round(sum(of(energy))),
        met: 3.1,
        intensity: 'ACTIVE',
        meanMotionIntensity: 3.2,
        maxMotionIntensity: 6,
      })
    }
  }
}

/** What is done in a workout is of its kind, the rest is walking. */
function kindsOf(measured: Measured): (t: number) => string {
  const workouts = measured.sessions('workout').map(({ reading }) => reading)
  return (t) => {
    const workout = workouts.find(({ start, end }) => start <= t && t < end)
    if (!workout) return 'WALKING'
    return /^running/.test(workout.activity ?? '') ? 'RUNNING' : 'GENERIC'
  }
}

const levels = [
  ['light', 'light'],
  ['deep', 'deep'],
  ['rem', 'rem'],
  ['awake', 'awake'],
  ['unmeasurable', 'unknown'],
] as const

function* nightOf({ reading, key }: Held<SessionReading>, measured: Measured, make: Make): Iterable<Draft> {
  const { start, end, parts, extra } = reading
  const calendarDate = measured.dateOf(end)
  const offset = reading.offset ?? measured.offsetAt(start)
  const times = { calendarDate, ...timesOf(start, end, offset) }
  const of = (metric: string) => measured.between(metric, start, end)
  const score = measured.day('sleep_score', calendarDate)
  const sleepLevelsMap = Object.fromEntries(
    levels.flatMap(([name, stage]) => {
      const spans = parts.filter(({ kind, label }) => kind === 'stage' && label === stage)
      return spans.length
        ? [[name, spans.map((part) => ({ startTimeInSeconds: unix(part.start), endTimeInSeconds: unix(part.end) }))]]
        : []
    }),
  )
  yield make('sleeps', key, start, end, {
    ...times,
    unmeasurableSleepInSeconds: secondsOf(reading, 'unknown'),
    deepSleepDurationInSeconds: secondsOf(reading, 'deep'),
    lightSleepDurationInSeconds: secondsOf(reading, 'light'),
    remSleepInSeconds: secondsOf(reading, 'rem'),
    awakeDurationInSeconds: secondsOf(reading, 'awake'),
    sleepLevelsMap,
    validation: extra?.['validation'] ?? 'ENHANCED_FINAL',
    timeOffsetSleepRespiration: samples(of('respiratory_rate'), start),
    timeOffsetSleepSpo2: samples(of('spo2'), start, Math.round),
    ...(score === undefined
      ? {}
      : { overallSleepScore: { value: score, qualifierKey: score >= 80 ? 'GOOD' : 'FAIR' } }),
    naps: [],
  })
  const hrv = of('hrv_rmssd')
  if (hrv.v.length)
    yield make('hrv', key, start, end, {
      ...times,
      lastNightAvg: Math.round(mean(hrv.v)),
      lastNight5MinHigh: Math.max(...hrv.v),
      hrvValues: samples(hrv, start, Math.round),
    })
}

function* bodyOf({ measured }: Account, make: Make): Iterable<Draft> {
  const mass = measured.column('body_mass')
  for (const [i, t] of mass.t.entries()) {
    const near = (metric: string) => measured.between(metric, t, t + 1).v[0]
    const grams = (metric: string) => {
      const v = near(metric)
      return v === undefined ? undefined : Math.round(v * 1000)
    }
    yield make('bodyComps', String(t), t, t, {
      measurementTimeInSeconds: unix(t),
      measurementTimeOffsetInSeconds: measured.offsetAt(t) * 60,
      weightInGrams: Math.round((mass.v[i] ?? 0) * 1000),
      bodyFatInPercent: near('body_fat'),
      muscleMassInGrams: grams('muscle_mass'),
      boneMassInGrams: grams('bone_mass'),
      bodyWaterInPercent: near('body_water'),
      bodyMassIndex: near('bmi'),
    })
  }
  for (const { reading, key } of measured.events('blood_pressure')) {
    const { start, value } = reading
    const { systolic, diastolic } = value
    const pulse = measured.between('heart_rate', start, start + 60_000).v[0]
    yield make('bloodPressures', key, start, start, {
      measurementTimeInSeconds: unix(start),
      measurementTimeOffsetInSeconds: measured.offsetAt(start) * 60,
      systolic,
      diastolic,
      pulse,
      sourceType: 'DEVICE',
    })
  }
}

const activityTypes: Readonly<Record<string, string>> = {
  running: 'RUNNING',
  running_trail: 'TRAIL_RUNNING',
  running_treadmill: 'TREADMILL_RUNNING',
  walking: 'WALKING',
  hiking: 'HIKING',
  cycling: 'CYCLING',
  cycling_indoor: 'INDOOR_CYCLING',
  cycling_mountain: 'MOUNTAIN_BIKING',
  swimming_pool: 'LAP_SWIMMING',
  swimming_open_water: 'OPEN_WATER_SWIMMING',
  strength: 'STRENGTH_TRAINING',
  yoga: 'YOGA',
  rowing_machine: 'INDOOR_ROWING',
}

function* activityOf(
  ids: Ids,
  { reading, key, device }: Held<SessionReading>,
  measured: Measured,
  make: Make,
): Iterable<Draft> {
  const { start, end, totals, title, activity = '', track, extra = {} } = reading
  const activityId = ids.integer(11, 'activity', key)
  const activityType = activityTypes[activity] ?? 'OTHER'
  const times = timesOf(start, end, reading.offset ?? measured.offsetAt(start))
  const whole = (name: string) => {
    const v = totals[name]
    return v === undefined ? undefined : Math.round(v)
  }
  const speed = totals['speed_avg']
  const manual = extra['manual'] === true
  yield make('activities', key, start, end, {
    summaryId: String(activityId),
    activityId,
    activityName: title ?? activityType,
    activityType,
    deviceName: device.model,
    ...times,
    distanceInMeters: totals['distance'],
    activeKilocalories: whole('energy_active'),
    averageHeartRateInBeatsPerMinute: whole('heart_rate_avg'),
    maxHeartRateInBeatsPerMinute: whole('heart_rate_max'),
    averageSpeedInMetersPerSecond: speed,
    maxSpeedInMetersPerSecond: totals['speed_max'],
    averagePaceInMinutesPerKilometer: speed && round(1000 / 60 / speed, 2),
    averageRunCadenceInStepsPerMinute: whole('cadence_steps_avg'),
    totalElevationGainInMeters: totals['elevation_gain'],
    steps: whole('steps'),
    startingLatitudeInDegree: track?.lat[0],
    startingLongitudeInDegree: track?.lon[0],
    manual,
    isParent: extra['isParent'] === true,
    ...(extra['parent'] === undefined
      ? {}
      : { parentSummaryId: String(ids.integer(11, 'activity', String(extra['parent']))) }),
  })
  if (manual || end - start > dayMs) return
  yield make('activityDetails', key, start, end, {
    summaryId: `${activityId}-detail`,
    activityId,
    summary: { activityType, ...times },
    samples: rowsOf(reading, measured),
    laps: reading.parts.filter(({ kind }) => kind === 'lap').map((lap) => ({ startTimeInSeconds: unix(lap.start) })),
  })
}

function rowsOf({ start, end, track, streams }: SessionReading, measured: Measured) {
  const column = (metric: string) => {
    const { t, v } = measured.between(metric, start, end + 1)
    return new Map(t.map((at, i) => [at, v[i]]))
  }
  const [heart, speed, steps, power] = ['heart_rate', 'speed', 'cadence_steps', 'power'].map(column)
  const times = track ? [...track.t] : [...(heart?.keys() ?? [])]
  return times.map((t, i) => {
    const seconds = Math.round((t - start) / 1000)
    return {
      startTimeInSeconds: unix(t),
      heartRate: heart?.get(t),
      latitudeInDegree: track?.lat[i],
      longitudeInDegree: track?.lon[i],
      elevationInMeters: track?.ele?.[i],
      airTemperatureCelcius: 17,
      speedMetersPerSecond: speed?.get(t),
      stepsPerMinute: steps?.get(t),
      powerInWatts: power?.get(t),
      totalDistanceInMeters: streams?.['distance']?.v[i],
      timerDurationInSeconds: seconds,
      clockDurationInSeconds: seconds,
      movingDurationInSeconds: seconds,
    }
  })
}
