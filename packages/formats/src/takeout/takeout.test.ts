import { qualityAsSent } from '@tributary/protocol'
import { expect, test } from 'vitest'
import { archiveReaders } from '../readers.ts'
import { daysOf, eventsOf, pointsOf, seriesOf, sessionsOf, stagesOf, unusedOf } from '../testing/look.ts'
import { type Read, readArchive } from '../testing/read.ts'
import { fingerprint, silentLeaves } from '../testing/silent-leaves.ts'
import { pieceFaultsOf } from '../testing/soundness.ts'
import { zipOf } from '../testing/zip.ts'
import { openZip } from '../zip/open-zip.ts'
import { fromBytes } from '../zip/spool.ts'
import { takeout } from './index.ts'

type Files = Record<string, string>

async function read(files: Files, timeZone = 'Europe/Warsaw'): Promise<Read> {
  const done = await readArchive(takeout, files, { timeZone })
  expect(pieceFaultsOf(done)).toEqual([])
  return done
}

/** Who computed a point and when, which every point carries. */
const provenance = /(originDataSourceId|modifiedTimeMillis|rawTimestampNanos)$/

const nanos = (text: string) => `${Date.parse(text)}000000`

function stream(id: string, points: object[]): string {
  return JSON.stringify({ 'Data Source': id, 'Data Points': points })
}

function point(type: string, start: string, end: string, ...values: object[]): object {
  return {
    fitValue: values.map((value) => ({ value })),
    originDataSourceId: 'raw:com.google.x:com.example.band:…',
    endTimeNanos: nanos(end),
    dataTypeName: type,
    startTimeNanos: nanos(start),
    modifiedTimeMillis: '1791961702000',
    rawTimestampNanos: '0',
  }
}

const steps = 'com.google.step_count.delta'
const gms = 'com.google.android.gms'
const at = (time: string) => `2026-10-14T${time}Z`

function stepsOf(name: string, value: number): Files {
  const id = `derived:${steps}:${gms}:${name}`
  const points = [point(steps, at('07:05:00'), at('07:06:00'), { intVal: value })]
  return { [`Takeout/Fit/All Data/${id.replaceAll(':', '_')}.json`]: stream(id, points) }
}

test('steps that stand in five streams are counted once, from the one Google made for counting', async () => {
  const raw = `raw:${steps}:com.example.band:Acme:Band 2:1a2b:live`
  const result = await read({
    ...stepsOf('merge_step_deltas', 88),
    ...stepsOf('estimated_steps', 90),
    ...stepsOf('from_device', 91),
    'Takeout/Fit/All Data/raw_com.google.step_count.delta_com.example.ban.json': stream(raw, [
      point(steps, at('07:05:00'), at('07:06:00'), { intVal: 92 }),
    ]),
  })
  expect(pointsOf(result, 'steps')).toEqual([['2026-10-14T07:05:00Z', 90, 60]])
  expect(unusedOf(result)).toMatchObject({
    'Google Fit com.google.step_count.delta: the same values are in the stream that was read': 3,
  })
})

test('without a merged stream each app is a source of its own', async () => {
  const file = (app: string, value: number) => ({
    [`Takeout/Fit/All Data/raw_com.google.step_count.delta_${app}.json`]: stream(
      `raw:${steps}:${app}:Acme:Band 2:1a2b:live`,
      [point(steps, at('07:05:00'), at('07:06:00'), { intVal: value })],
    ),
  })
  const result = await read({ ...file('com.a', 1), ...file('com.b', 2) })
  expect(result.pieces.map(({ source }) => source)).toEqual([
    { key: `google_fit:raw:${steps}:com.a:Acme:Band 2:1a2b:live`, name: 'com.a Acme Band 2 1a2b live', app: 'com.a' },
    { key: `google_fit:raw:${steps}:com.b:Acme:Band 2:1a2b:live`, name: 'com.b Acme Band 2 1a2b live', app: 'com.b' },
  ])
})

test.each([
  ['heart_rate.bpm', { fpVal: 67 }, 'heart_rate', 67],
  ['distance.delta', { fpVal: 12.5 }, 'distance', 12.5],
  ['calories.expended', { fpVal: 1.25 }, 'energy_total', 1.25],
  ['calories.bmr', { fpVal: 1620 }, 'basal_metabolic_rate', 1620],
  ['weight', { fpVal: 74.2 }, 'body_mass', 74.2],
  ['height', { fpVal: 1.78 }, 'body_height', 1.78],
  ['body.fat.percentage', { fpVal: 18.6 }, 'body_fat', 18.6],
  ['body.temperature', { fpVal: 36.6 }, 'body_temperature', 36.6],
  ['oxygen_saturation', { fpVal: 97 }, 'spo2', 97],
  ['blood_glucose', { fpVal: 5.4 }, 'blood_glucose', 5.4],
  ['hydration', { fpVal: 0.25 }, 'water_intake', 250],
  ['speed', { fpVal: 2.5 }, 'speed', 2.5],
])('a point of %s is read at its nanosecond, in our unit', async (type, value, metric, expected) => {
  const id = `derived:com.google.${type}:${gms}:merge_x`
  const result = await read({
    'Takeout/Fit/All Data/derived_com.google.x.json': stream(id, [
      point(`com.google.${type}`, at('08:00:00.123'), at('08:00:00.123'), value),
    ]),
  })
  expect(pointsOf(result, metric)).toEqual([['2026-10-14T08:00:00.123Z', expected]])
  expect(Object.keys(unusedOf(result)).filter((name) => !provenance.test(name))).toEqual([])
})

test('minutes of the day and heart points are summed by the local day', async () => {
  const file = (type: string, values: [string, object][]) => ({
    [`Takeout/Fit/All Data/derived_com.google.${type}.json`]: stream(
      `derived:com.google.${type}:${gms}:merge_x`,
      values.map(([time, value]) => point(`com.google.${type}`, time, time, value)),
    ),
  })
  const result = await read({
    ...file('active_minutes', [
      ['2026-10-14T21:30:00Z', { intVal: 3 }],
      ['2026-10-14T21:45:00Z', { intVal: 4 }],
      ['2026-10-14T22:05:00Z', { intVal: 5 }],
    ]),
    ...file('heart_minutes', [['2026-10-14T10:00:00Z', { fpVal: 2.5 }]]),
  })
  expect(daysOf(result, 'active_duration')).toEqual([
    ['2026-10-14', 7],
    ['2026-10-15', 5],
  ])
  expect(daysOf(result, 'heart_points')).toEqual([['2026-10-14', 2.5]])
})

test('a blood pressure is one event, and its posture is said to be unused', async () => {
  const result = await read({
    'Takeout/Fit/All Data/raw_com.google.blood_pressure_x.json': stream('raw:com.google.blood_pressure:com.cuff:x', [
      point(
        'com.google.blood_pressure',
        at('06:30:00'),
        at('06:30:00'),
        { fpVal: 124 },
        { fpVal: 79 },
        { intVal: 2 },
        { intVal: 3 },
      ),
    ]),
  })
  expect(eventsOf(result)).toMatchObject([
    { metric: 'blood_pressure', start: Date.parse(at('06:30:00')), value: { systolic: 124, diastolic: 79 } },
  ])
  expect(Object.keys(unusedOf(result)).filter((name) => !provenance.test(name))).toHaveLength(2)
})

test('places become one track, by time', async () => {
  const type = 'com.google.location.sample'
  const values = (lat: number) => [{ fpVal: lat }, { fpVal: 21 }, { fpVal: 12 }, { fpVal: 110 }]
  const result = await read({
    'Takeout/Fit/All Data/derived_com.google.location.sample_x.json': stream(
      `derived:${type}:${gms}:merge_location_samples`,
      [
        point(type, at('08:01:00'), at('08:01:00'), ...values(52.2)),
        point(type, at('08:00:00'), at('08:00:00'), ...values(52.1)),
      ],
    ),
  })
  const [positions] = result.pieces.flatMap(({ readings }) => readings)
  expect(positions).toEqual({
    kind: 'positions',
    track: {
      t: Float64Array.of(Date.parse(at('08:00:00')), Date.parse(at('08:01:00'))),
      lat: Float64Array.of(52.1, 52.2),
      lon: Float64Array.of(21, 21),
      ele: Float64Array.of(110, 110),
    },
  })
})

const segments: [string, string, number][] = [
  ['2026-10-13T21:20:00Z', '2026-10-13T21:50:00Z', 4],
  ['2026-10-13T21:50:00Z', '2026-10-13T22:40:00Z', 5],
  ['2026-10-13T22:40:00Z', '2026-10-13T22:45:00Z', 1],
  ['2026-10-13T22:45:00Z', '2026-10-13T23:10:00Z', 6],
  ['2026-10-13T23:10:00Z', '2026-10-14T05:00:00Z', 2],
]

test('sleep segments become one night, which its session does not double', async () => {
  const type = 'com.google.sleep.segment'
  const id = `derived:${type}:${gms}:merged`
  const night = JSON.stringify({
    fitnessActivity: 'sleep',
    startTime: '2026-10-13T21:20:00Z',
    endTime: '2026-10-14T05:00:00Z',
    segment: [],
  })
  const nap = JSON.stringify({
    fitnessActivity: 'sleep',
    startTime: '2026-10-14T14:00:00+02:00',
    endTime: '2026-10-14T14:40:00+02:00',
  })
  const result = await read({
    'Takeout/Fit/All Data/derived_com.google.sleep.segment_x.json': stream(
      id,
      segments.map(([from, to, intVal]) => point(type, from, to, { intVal })),
    ),
    'Takeout/Fit/Wszystkie sesje/2026-10-13T23_20_SLEEP.json': night,
    'Takeout/Fit/Wszystkie sesje/2026-10-14T14_00_SLEEP.json': nap,
  })
  const [slept, napped] = sessionsOf(result)
  expect(stagesOf(slept)).toEqual([
    'light 21:20–21:50',
    'deep 21:50–22:40',
    'awake 22:40–22:45',
    'rem 22:45–23:10',
    'asleep_unspecified 23:10–05:00',
  ])
  expect(slept?.totals).toMatchObject({
    duration: 27_600,
    sleep_time_in_bed: 27_600,
    sleep_total: 27_300,
    sleep_light: 1800,
    sleep_deep: 3000,
    sleep_rem: 1500,
    sleep_awake: 300,
  })
  expect(slept?.externalId).toBe(`google_fit:sleep:${Date.parse('2026-10-13T21:20:00Z')}`)
  expect(napped).toMatchObject({ start: Date.parse('2026-10-14T12:00:00Z'), offset: 120, parts: [] })
  expect(unusedOf(result)).toMatchObject({ 'Google Fit sleep session: the night is known from its stages': 1 })
})

test('nights of the old kind are among the activities', async () => {
  const type = 'com.google.activity.segment'
  const result = await read({
    'Takeout/Fit/All Data/derived_com.google.activity.segment_x.json': stream(
      `derived:${type}:${gms}:merge_activity_segments`,
      [
        point(type, '2019-01-01T23:00:00Z', '2019-01-02T01:00:00Z', { intVal: 109 }),
        point(type, '2019-01-02T01:00:00Z', '2019-01-02T02:00:00Z', { intVal: 110 }),
        point(type, '2019-01-02T12:00:00Z', '2019-01-02T12:30:00Z', { intVal: 7 }),
      ],
    ),
  })
  expect(stagesOf(sessionsOf(result)[0])).toEqual(['light 23:00–01:00', 'deep 01:00–02:00'])
  expect(unusedOf(result)).toMatchObject({ 'Google Fit activity segments: workouts are read from the sessions': 1 })
})

const run = {
  fitnessActivity: 'running',
  startTime: '2026-04-19T20:57:39.686Z',
  endTime: '2026-04-19T21:08:53.872Z',
  duration: '674.186s',
  name: 'Evening run',
  application: { packageName: 'com.strava' },
  segment: [{ fitnessActivity: 'running', startTime: '2026-04-19T20:57:39.686Z', endTime: '2026-04-19T21:08:53.872Z' }],
  aggregate: [
    { metricName: 'com.google.heart_minutes.summary', floatValue: 19 },
    { metricName: 'com.google.calories.expended', floatValue: 144.38 },
    { metricName: 'com.google.step_count.delta', intValue: 1550 },
    { metricName: 'com.google.distance.delta', floatValue: 1558.48 },
    { metricName: 'com.google.speed.summary', floatValue: 2.38 },
    { metricName: 'com.google.active_minutes', intValue: 10 },
    { metricName: 'com.google.mystery', intValue: 1 },
  ],
  weather: 'rain',
}

test('a session becomes a workout with its sums, and what nobody knows is named', async () => {
  const result = await read({ 'Takeout/Fit/All Sessions/run.json': JSON.stringify(run) })
  expect(sessionsOf(result)).toEqual([
    {
      kind: 'session',
      type: 'workout',
      activity: 'running',
      title: 'Evening run',
      start: Date.parse('2026-04-19T20:57:39.686Z'),
      end: Date.parse('2026-04-19T21:08:53.872Z'),
      externalId: `google_fit:running:${Date.parse('2026-04-19T20:57:39.686Z')}`,
      totals: {
        duration: 674.186,
        heart_points: 19,
        energy_total: 144.38,
        steps: 1550,
        distance: 1558.48,
        speed_avg: 2.38,
        active_duration: 600,
      },
      parts: [
        {
          kind: 'segment',
          label: 'running',
          start: Date.parse('2026-04-19T20:57:39.686Z'),
          end: Date.parse('2026-04-19T21:08:53.872Z'),
        },
      ],
      extra: { fitness_activity: 'running', app: 'com.strava', aggregates: { 'com.google.mystery': 1 } },
    },
  ])
  expect(unusedOf(result)).toEqual({ 'Google Fit session weather': 1 })
})

const fitDay = `Start time,End time,Move Minutes count,Calories (kcal),Distance (m),Heart Points,Average heart rate (bpm),Max heart rate (bpm),Step count
00:00:00.000+01:00,00:15:00.000+01:00,,17.2,,,,,
23:45:00.000+01:00,00:00:00.000+01:00,9,21.5,640.25,4,101.5,120,812
`

test('tables of days are read when there is nothing better, and not when there is', async () => {
  const days = { 'Takeout/Fit/Dzienne dane/2026-11-02.csv': fitDay }
  const alone = await read(days)
  expect(pointsOf(alone, 'energy_total')).toEqual([
    ['2026-11-01T23:00:00Z', 17.2, 900],
    ['2026-11-02T22:45:00Z', 21.5, 900],
  ])
  expect(pointsOf(alone, 'steps')).toEqual([['2026-11-02T22:45:00Z', 812, 900]])
  expect(pointsOf(alone, 'distance')).toEqual([['2026-11-02T22:45:00Z', 640.25, 900]])
  expect(pointsOf(alone, 'heart_rate')).toEqual([['2026-11-02T22:45:00Z', 101.5, 900]])
  expect([...(seriesOf(alone, 'steps')[0]?.offsets ?? [])]).toEqual([60])
  expect(daysOf(alone, 'heart_points')).toEqual([['2026-11-02', 4]])
  expect(daysOf(alone, 'active_duration')).toEqual([['2026-11-02', 9]])
  expect(unusedOf(alone)).toEqual({ 'Google Fit day column max heart rate (bpm)': 1 })
  const both = await read({ ...days, ...stepsOf('estimated_steps', 5) })
  expect(pointsOf(both, 'steps')).toEqual([['2026-10-14T07:05:00Z', 5, 60]])
  expect(unusedOf(both)).toMatchObject({ 'Google Fit tables of days: the same is in All Data': 1 })
})

// ---- Fitbit

const folder = 'Takeout/Fitbit/Global Export Data'
const pairs = (...list: [string, unknown][]) => JSON.stringify(list.map(([dateTime, value]) => ({ dateTime, value })))

test('steps, distances and heart rates of Fitbit stand in UTC, energy in local time', async () => {
  const result = await read({
    [`${folder}/steps-2026-10-14.json`]: pairs(['10/14/26 07:05:00', '90'], ['10/14/26 07:06:00', '0']),
    [`${folder}/distance-2026-10-14.json`]: pairs(['10/14/26 07:05:00', '6540']),
    [`${folder}/calories-2026-10-14.json`]: pairs(['10/14/26 07:05:00', '1.18']),
    [`${folder}/heart_rate-2026-10-14.json`]: pairs(
      ['10/14/26 07:05:09', { bpm: 71, confidence: 2 }],
      ['10/14/26 07:05:04', { bpm: 70, confidence: 3 }],
    ),
  })
  expect(pointsOf(result, 'steps')).toEqual([['2026-10-14T07:05:00Z', 90, 60]])
  expect(pointsOf(result, 'energy_total')).toEqual([['2026-10-14T05:05:00Z', 1.18, 60]])
  expect(pointsOf(result, 'heart_rate')).toEqual([
    ['2026-10-14T07:05:04Z', 70],
    ['2026-10-14T07:05:09Z', 71],
  ])
  expect([...(seriesOf(result, 'heart_rate')[0]?.qualities ?? [])].map(qualityAsSent)).toEqual([1, 0.666667])
  expect(seriesOf(result, 'distance')).toMatchObject([{ unit: 'cm', v: Float64Array.of(6540) }])
  expect(unusedOf(result)).toEqual({ 'Fitbit steps of 0: written while the watch is off as well': 1 })
})

test('the hour that comes twice in autumn is told apart by the order of the minutes', async () => {
  const result = await read({
    [`${folder}/calories-2026-10-25.json`]: pairs(
      ['10/25/26 01:59:00', '1'],
      ['10/25/26 02:00:00', '2'],
      ['10/25/26 02:59:00', '3'],
      ['10/25/26 02:00:00', '4'],
      ['10/25/26 03:00:00', '5'],
    ),
  })
  expect(pointsOf(result, 'energy_total').map(([t, v]) => [String(t).slice(11, 16), v])).toEqual([
    ['23:59', 1],
    ['00:00', 2],
    ['00:59', 3],
    ['01:00', 4],
    ['02:00', 5],
  ])
})

test('figures of days keep their date, and days that were not worn or have not come are left out', async () => {
  const result = await read({
    [`${folder}/very_active_minutes-2026-10-14.json`]: pairs(['10/14/26 00:00:00', '31'], ['12/24/26 00:00:00', '0']),
    [`${folder}/moderately_active_minutes-2026-10-14.json`]: pairs(['10/14/26 00:00:00', '12']),
    [`${folder}/sedentary_minutes-2026-10-14.json`]: pairs(['10/14/26 00:00:00', '702'], ['10/15/26 00:00:00', '1440']),
    [`${folder}/resting_heart_rate-2026-10-14.json`]: pairs(
      ['10/14/26 00:00:00', { date: '10/14/26', value: 57.5, error: 6.8 }],
      ['10/15/26 00:00:00', { date: null, value: 0, error: 0 }],
    ),
    [`${folder}/lightly_active_minutes-2026-10-14.json`]: pairs(['10/14/26 00:00:00', '212']),
  })
  expect(daysOf(result, 'vigorous_duration')).toEqual([['2026-10-14', 31]])
  expect(daysOf(result, 'moderate_duration')).toEqual([['2026-10-14', 12]])
  expect(daysOf(result, 'sedentary_duration')).toEqual([['2026-10-14', 702]])
  expect(daysOf(result, 'resting_heart_rate')).toEqual([['2026-10-14', 57.5]])
  expect(unusedOf(result)).toEqual({
    'Fitbit vigorous_duration of days that have not come': 1,
    'Fitbit sedentary_duration of whole days: not worn': 1,
    'Fitbit resting heart rate of days without one': 1,
    'Fitbit resting_heart_rate value.error': 2,
    'Fitbit resting_heart_rate dateTime': 2,
    'Fitbit lightly_active_minutes: no metric of ours': 1,
  })
})

const stagesNight = {
  logId: 48112233445,
  dateOfSleep: '2026-10-14',
  startTime: '2026-10-13T23:04:30.000',
  endTime: '2026-10-14T00:40:30.000',
  duration: 5_760_000,
  minutesToFallAsleep: 2,
  minutesAsleep: 88,
  minutesAwake: 8,
  minutesAfterWakeup: 1,
  timeInBed: 96,
  efficiency: 92,
  type: 'stages',
  infoCode: 0,
  logType: 'auto_detected',
  levels: {
    summary: { deep: { count: 1, minutes: 30, thirtyDayAvgMinutes: 76 }, wake: { count: 2, minutes: 8 } },
    data: [
      { dateTime: '2026-10-13T23:04:30.000', level: 'wake', seconds: 360 },
      { dateTime: '2026-10-13T23:10:30.000', level: 'light', seconds: 3600 },
      { dateTime: '2026-10-14T00:10:30.000', level: 'deep', seconds: 1800 },
    ],
    shortData: [{ dateTime: '2026-10-13T23:40:30.000', level: 'wake', seconds: 120 }],
  },
  mainSleep: true,
  unheardOf: { of: 1 },
}

test('a night of Fitbit has its short wakes on top of its stages', async () => {
  const result = await read({ [`${folder}/sleep-2026-10-14.json`]: JSON.stringify([stagesNight]) })
  const [night] = sessionsOf(result)
  expect(stagesOf(night)).toEqual([
    'awake 21:04–21:10',
    'light 21:10–21:40',
    'awake 21:40–21:42',
    'light 21:42–22:10',
    'deep 22:10–22:40',
  ])
  expect(night).toMatchObject({
    type: 'sleep',
    externalId: 'fitbit:sleep:48112233445',
    start: Date.parse('2026-10-13T21:04:30Z'),
    end: Date.parse('2026-10-13T22:40:30Z'),
    offset: 120,
    offsetFrom: 'person',
    totals: {
      duration: 5760,
      sleep_time_in_bed: 5760,
      sleep_total: 5280,
      sleep_light: 3480,
      sleep_deep: 1800,
      sleep_rem: 0,
      sleep_awake: 120,
      sleep_latency: 120,
      sleep_efficiency: 92,
    },
  })
  expect(night?.isNap).toBeUndefined()
  const {
    levels,
    startTime: _start,
    duration: _length,
    logId: _id,
    mainSleep: _main,
    unheardOf: _odd,
    efficiency: _eff,
    minutesToFallAsleep: _latency,
    ...stated
  } = stagesNight
  expect(night?.extra).toEqual({ stated: { ...stated, summary: levels.summary } })
  expect(unusedOf(result)).toEqual({ 'Fitbit sleep unheardOf.of': 1 })
})

test('a classic nap keeps the stages that Fitbit could tell', async () => {
  const nap = {
    logId: 13214029456,
    dateOfSleep: '2016-12-13',
    startTime: '2016-12-13T13:59:00.000',
    duration: 3_780_000,
    type: 'classic',
    mainSleep: false,
    levels: {
      data: [
        { dateTime: '2016-12-13T13:59:00.000', level: 'restless', seconds: 180 },
        { dateTime: '2016-12-13T14:02:00.000', level: 'asleep', seconds: 3600 },
      ],
    },
  }
  const [session] = sessionsOf(
    await read({ [`${folder}/sleep-2016-12-13.json`]: JSON.stringify([nap]) }, 'Europe/London'),
  )
  expect(session).toMatchObject({ isNap: true, end: Date.parse('2016-12-13T15:02:00Z') })
  expect(stagesOf(session)).toEqual(['awake 13:59–14:02', 'asleep_unspecified 14:02–15:02'])
})

test('a night through the end of summer time is as long as it was', async () => {
  const night = {
    ...stagesNight,
    startTime: '2026-10-25T00:30:00.000',
    duration: 6 * 3_600_000,
    levels: {
      data: [
        { dateTime: '2026-10-25T00:30:00.000', level: 'light', seconds: 7200 },
        { dateTime: '2026-10-25T02:30:00.000', level: 'deep', seconds: 3600 },
        { dateTime: '2026-10-25T02:30:00.000', level: 'light', seconds: 10_800 },
      ],
    },
  }
  const [session] = sessionsOf(await read({ [`${folder}/sleep-2026-10-25.json`]: JSON.stringify([night]) }))
  expect(stagesOf(session)).toEqual(['light 22:30–00:30', 'deep 00:30–01:30', 'light 01:30–04:30'])
  expect(session?.totals['sleep_total']).toBe(6 * 3600)
})

const workout = {
  logId: 61234567890,
  activityName: 'Run',
  activityTypeId: 90009,
  activityLevel: [{ minutes: 31, name: 'very' }],
  averageHeartRate: 148,
  calories: 498,
  distance: 4,
  distanceUnit: 'Mile',
  duration: 2_711_000,
  activeDuration: 2_650_000,
  steps: 7180,
  source: { type: 'tracker', name: 'Charge 5', id: '7', url: 'https://www.fitbit.com/' },
  logType: 'tracker',
  manualValuesSpecified: { calories: false },
  heartRateZones: [{ name: 'Peak', min: 162, max: 220, minutes: 4 }],
  speed: 6,
  pace: 600,
  elevationGain: 64,
  startTime: '10/14/26 16:01:12',
  hasGps: false,
}

test('a workout of Fitbit is measured in our units, whatever those of the account were', async () => {
  const result = await read({ [`${folder}/exercise-0.json`]: JSON.stringify([workout]) })
  expect(sessionsOf(result)).toMatchObject([
    {
      activity: 'running',
      title: 'Run',
      externalId: 'fitbit:exercise:61234567890',
      start: Date.parse('2026-10-14T16:01:12Z'),
      end: Date.parse('2026-10-14T16:46:23Z'),
      totals: {
        duration: 2711,
        active_duration: 2650,
        distance: 6437.376,
        steps: 7180,
        energy_total: 498,
        heart_rate_avg: 148,
        elevation_gain: 64,
      },
      extra: { device: 'Charge 5', activity_type_id: 90009, heart_rate_zones: workout.heartRateZones },
    },
  ])
  expect(sessionsOf(result)[0]?.totals['speed_avg']).toBeCloseTo(2.68224, 5)
  expect(unusedOf(result)).toEqual({ 'Fitbit exercise pace': 1, 'Fitbit exercise hasGps': 1 })
})

test.each([
  [165.3, 24.1, 'lb'],
  [74.98, 24.1, 'kg'],
  [320, 46.4, 'lb'],
  [145, 46.4, 'kg'],
  [110, 18.2, 'lb'],
  [50, 18.3, 'kg'],
])('a weight of %d beside a body mass index of %d is in %s', async (weight, bmi, unit) => {
  const log = { logId: 1, weight, bmi, fat: 18.6, date: '10/14/26', time: '07:12:44', source: 'Aria' }
  const result = await read({ [`${folder}/weight-2026-10-14.json`]: JSON.stringify([log]) })
  expect(seriesOf(result, 'body_mass')).toMatchObject([{ unit, v: Float64Array.of(weight) }])
  expect(pointsOf(result, 'body_fat')).toEqual([['2026-10-14T05:12:44Z', 18.6]])
  expect(pointsOf(result, 'bmi')).toEqual([['2026-10-14T05:12:44Z', bmi]])
})

test('tables of the night: saturation, variability, breathing, temperature, scores', async () => {
  const root = 'Takeout/Fitbit'
  const result = await read({
    [`${root}/Sleep Score/sleep_score.csv`]:
      'sleep_log_entry_id,timestamp,overall_score,restlessness\n4,2026-10-14T05:03:30Z,78,0.12\n',
    [`${root}/Oxygen Saturation (SpO2)/Minute SpO2 - 2026-10-14.csv`]:
      'timestamp,value\n2026-10-14T01:00:00Z,96.4\n2026-10-14T01:01:00Z,50.0\n',
    [`${root}/Oxygen Saturation (SpO2)/Daily SpO2 - 2026-10-01-2026-10-20.csv`]:
      'timestamp,average_value,lower_bound,upper_bound\n2026-10-14T00:00:00Z,96.5,93,99\n',
    [`${root}/Heart Rate Variability/Heart Rate Variability Details - 2026-10-14.csv`]:
      'timestamp,rmssd,coverage,low_frequency,high_frequency\n2026-10-14T02:10:00,41.25,0.98,1,2\n',
    [`${root}/Heart Rate Variability/Daily Heart Rate Variability Summary - 2026-10-(14).csv`]:
      'timestamp,rmssd,nremhr,entropy\n2026-10-14T00:00:00,38.4,54.2,2.9\n2026-10-15T00:00:00,,54,3\n',
    [`${root}/Heart Rate Variability/Daily Respiratory Rate Summary - 2026-10-14.csv`]:
      'timestamp,daily_respiratory_rate\n2026-10-14T00:00:00,15.4\n',
    [`${root}/Temperature/Computed Temperature - 2026-10-01.csv`]:
      'type,sleep_start,sleep_end,temperature_samples,nightly_temperature\nIDT,2026-10-13T23:14:30,2026-10-14T06:11:30,404,34.07\n',
    [`${root}/Active Zone Minutes (AZM)/Active Zone Minutes - 2026-10-01.csv`]:
      'date_time,heart_zone_id,total_minutes\n2026-10-14T18:01,CARDIO,2\n2026-10-14T23:59,FAT_BURN,1\n',
    [`${root}/Daily Readiness/Daily Readiness Score - 2026-10-01.csv`]:
      'date,readiness_score_value,readiness_state\n2026-10-14,63,MED\n',
    [`${root}/Stress Score/Stress Score.csv`]: 'DATE,UPDATED_AT,STRESS_SCORE\n2026-10-14T00:00:00,x,71\n',
  })
  expect(daysOf(result, 'sleep_score')).toEqual([['2026-10-14', 78]])
  expect(pointsOf(result, 'spo2')).toEqual([['2026-10-14T01:00:00Z', 96.4]])
  expect(pointsOf(result, 'hrv_rmssd')).toEqual([['2026-10-14T00:10:00Z', 41.25, 300]])
  expect(daysOf(result, 'hrv_rmssd')).toEqual([['2026-10-14', 38.4]])
  expect(pointsOf(result, 'respiratory_rate')).toEqual([['2026-10-13T22:00:00Z', 15.4]])
  expect(daysOf(result, 'skin_temperature')).toEqual([['2026-10-14', 34.07]])
  expect(daysOf(result, 'active_zone_minutes')).toEqual([['2026-10-14', 3]])
  expect(daysOf(result, 'readiness_score')).toEqual([['2026-10-14', 63]])
  expect(unusedOf(result)).toMatchObject({
    'Fitbit daily SpO2: the same is in minute SpO2': 1,
    'Fitbit blood oxygen of 50: not measured': 1,
    'Fitbit HRV by day column entropy': 1,
    'Fitbit stress: it counts calm, the opposite of a stress score': 1,
  })
})

test('what Google wrote a second time with devices is read only where Fitbit’s own file is missing', async () => {
  const google = 'Takeout/Google Health/Physical Activity_GoogleData'
  const files = {
    [`${google}/Heart Rate/heart_rate_2026-10-01.csv`]:
      'timestamp,beats per minute,data source\n2026-10-14T07:05:00Z,71.5,Pixel Watch\n',
    [`${google}/Weight/weight.csv`]: 'timestamp,weight grams,data source\n2026-10-14T05:12:44.123456Z,74200,Aria\n',
  }
  const alone = await read(files)
  expect(pointsOf(alone, 'heart_rate', 'fitbit:Pixel Watch')).toEqual([['2026-10-14T07:05:00Z', 71.5]])
  expect(seriesOf(alone, 'body_mass')).toMatchObject([{ unit: 'g', v: Float64Array.of(74_200) }])
  const both = await read({
    ...files,
    [`${folder}/heart_rate-2026-10-14.json`]: pairs(['10/14/26 07:05:00', { bpm: 71, confidence: 3 }]),
  })
  expect(pointsOf(both, 'heart_rate')).toEqual([['2026-10-14T07:05:00Z', 71]])
  expect(unusedOf(both)).toEqual({ 'Fitbit Google heart rate: the same is in heart_rate': 1 })
})

test('nights of Google’s tables are put together by their id and keep the stated zone', async () => {
  const dir = 'Takeout/Google Health/Health Fitness Data_GoogleData'
  const result = await read({
    [`${dir}/UserSleeps_2026-10-01.csv`]:
      'sleep_id,sleep_type,start_utc_offset,sleep_start,end_utc_offset,sleep_end\n77,STAGES,+05:30,2026-10-13T17:30:00Z,+05:30,2026-10-13T23:30:00Z\n',
    [`${dir}/UserSleepStages_2026-10-01.csv`]:
      'sleep_id,sleep_stage_id,sleep_stage_type,sleep_stage_start,sleep_stage_end\n77,1,LIGHT,2026-10-13T17:30:00Z,2026-10-13T20:00:00Z\n77,2,REM,2026-10-13T20:00:00Z,2026-10-13T23:30:00Z\n78,1,REM,2026-10-13T20:00:00Z,2026-10-13T23:30:00Z\n',
  })
  expect(sessionsOf(result)).toMatchObject([
    { externalId: 'fitbit:sleep:77', offset: 330, totals: { sleep_total: 21_600 } },
  ])
  expect(unusedOf(result)).toMatchObject({ 'Fitbit sleep stages of nights that are not in the export': 1 })
})

// ---- the archive as a whole

const everything: Files = {
  ...stepsOf('estimated_steps', 90),
  'Takeout/Fit/All Sessions/run.json': JSON.stringify(run),
  [`${folder}/sleep-2026-10-14.json`]: JSON.stringify([stagesNight]),
  [`${folder}/exercise-0.json`]: JSON.stringify([workout]),
  [`${folder}/heart_rate-2026-10-14.json`]: pairs(['10/14/26 07:05:09', { bpm: 71, confidence: 2 }]),
}

test('an archive is recognised by its files in any language, its activity files are left to their own readers', async () => {
  const recognise = async (files: Files) =>
    takeout.recognises(await openZip(fromBytes(zipOf(files))), async () => new Uint8Array())
  expect(await recognise({ 'Takeout/Fit/Alle Daten/derived_com.google.weight_com.google.android.g.json': '' })).toBe(
    true,
  )
  expect(await recognise({ 'MyFitbitData/Ana/Physical Activity/heart_rate-2019-01-01.json': '' })).toBe(true)
  expect(await recognise({ 'Takeout/Photos/a.jpg': '' })).toBe(false)
  expect(await recognise({ 'apple_health_export/export.xml': '' })).toBe(false)
  expect(takeout.claims('Takeout/Fit/Activities/run.tcx')).toBe(false)
  expect(takeout.claims('Takeout/Photos/a.jpg')).toBe(true)
  expect(takeout.claims('ride.fit')).toBe(false)
  expect(archiveReaders).toContain(takeout)
})

test('what is no health is named by its folder, not file by file', async () => {
  const photos = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`Takeout/Photos/2026/${i}.jpg`, 'x']))
  const result = await read({ ...everything, ...photos, 'Takeout/archive_browser.html': 'x' })
  expect(unusedOf(result)).toMatchObject({ 'Takeout/Photos/2026: not read': 50, 'Takeout: not read': 1 })
})

test('the same bytes give the same pieces, in whatever order they were packed', async () => {
  const there = fingerprint(await read(everything))
  const back = fingerprint(await read(Object.fromEntries(Object.entries(everything).reverse())))
  expect(back).toBe(there)
})

test('a damaged file costs itself only', async () => {
  const result = await read({
    ...everything,
    [`${folder}/steps-2026-10-14.json`]:
      '[{"dateTime":"10/14/26 07:05:00","value":"90"},{"dateTime":"10/14/26 07:06:00","va',
    [`${folder}/weight-2026-10-14.json`]:
      '[{"weight": tru},{"logId":2,"weight":74,"bmi":23,"date":"10/14/26","time":"07:12:44"}]',
    'Takeout/Fitbit/Sleep Score/sleep_score.csv': '"unclosed',
  })
  expect(pointsOf(result, 'steps')).toContainEqual(['2026-10-14T07:05:00Z', 90, 60])
  expect(pointsOf(result, 'bmi')).toHaveLength(1)
  expect(result.ending.warnings.map(({ code }) => code)).toEqual(['json_truncated'])
  expect(result.ending.rejectedByCode).toMatchObject({ record_unreadable: 1, csv_broken: 1 })
  expect(result.pieces.flatMap(({ unusable }) => unusable)).toMatchObject([
    { raw: expect.stringMatching(/\n\{"weight": tru\}$/) },
  ])
})

test('a hundred thousand values are one piece, and the next begin another', async () => {
  const start = Date.parse('2026-10-01T00:00:00Z')
  const two = (n: number) => String(n).padStart(2, '0')
  const day = (t: Date) => `${two(t.getUTCMonth() + 1)}/${two(t.getUTCDate())}/26 ${t.toISOString().slice(11, 19)}`
  const list = Array.from({ length: 100_500 }, (_, i) => ({
    dateTime: day(new Date(start + i * 5000)),
    value: { bpm: 60 + (i % 50), confidence: 1 },
  }))
  const result = await read({ [`${folder}/heart_rate-2026-10-01.json`]: JSON.stringify(list) })
  expect(
    result.pieces.map(({ readings }) => readings.map((one) => (one.kind === 'series' ? one.t.length : 0))),
  ).toEqual([[100_000], [500]])
  expect(result.pieces.at(-1)?.progress.records).toBe(100_500)
})

test.each([
  ['Takeout/Fit/All Sessions/run.json', run],
  [`${folder}/sleep-2026-10-14.json`, [stagesNight]],
  [`${folder}/exercise-0.json`, [workout]],
  [
    `${folder}/weight-2026-10-14.json`,
    [{ logId: 1, weight: 74, bmi: 23, fat: 18.6, date: '10/14/26', time: '07:12:44', source: 'A' }],
  ],
  [`${folder}/heart_rate-2026-10-14.json`, [{ dateTime: '10/14/26 07:05:09', value: { bpm: 71, confidence: 2 } }]],
  [
    `${folder}/resting_heart_rate-2026-10-14.json`,
    [{ dateTime: '10/14/26 00:00:00', value: { date: '10/14/26', value: 57, error: 7 } }],
  ],
  [
    `${folder}/demographic_vo2_max-2026-10-14.json`,
    [
      {
        dateTime: '10/14/26 00:00:00',
        value: { demographicVO2Max: 46, demographicVO2MaxError: 3, filteredDemographicVO2Max: 45 },
      },
    ],
  ],
  [
    'Takeout/Fit/All Data/derived_com.google.step_count.delta_x.json',
    {
      'Data Source': `derived:${steps}:${gms}:estimated_steps`,
      'Data Points': [point(steps, at('07:05:00'), at('07:06:00'), { intVal: 90 })],
    },
  ],
])('every leaf of %s is read or named as unused', async (path, record) => {
  expect(await silentLeaves(record, (changed) => readArchive(takeout, { [path]: JSON.stringify(changed) }))).toEqual([])
})
