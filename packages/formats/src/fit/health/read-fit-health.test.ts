import { expect, test } from 'vitest'
import { parseActivity } from '../../parse-activity.ts'
import { fixture } from '../../testing/fixture.ts'
import { rowsOf } from '../../testing/look.ts'
import { readFile } from '../../testing/read.ts'
import { writeRide } from '../../testing/ride.ts'
import { pieceFaultsOf } from '../../testing/soundness.ts'
import { base } from '../base-types.ts'
import { FitWriter, fitSeconds } from '../write.ts'
import { healthMessages } from './fields.ts'
import { fitHealth } from './read-fit-health.ts'
import { HealthFile } from './write-health.ts'

const utc = (text: string) => Date.parse(`${text}Z`)
const fit = (text: string) => fitSeconds(utc(text))
const monitoringB = 32
const walking = 6
const running = 1
const cycling = 2

/** A day that began at local midnight, two hours east. */
const midnight = '2026-06-06T22:00:00'
const day = () =>
  new HealthFile(monitoringB, utc(midnight)).add(103, { 253: fit(midnight), 0: fit('2026-06-07T00:00:00') })

const read = (file: HealthFile | Uint8Array, timeZone = 'Europe/Warsaw') =>
  readFile(fitHealth, file instanceof Uint8Array ? file : file.finish(), { timeZone, now: utc('2026-12-31T00:00:00') })

test('steps that are counted from midnight on become the steps of each stretch', async () => {
  const file = day()
    .add(55, { 253: fit('2026-06-07T05:00:00'), 5: walking, 3: 120, 2: 9_000 })
    .add(55, { 253: fit('2026-06-07T05:15:00'), 5: walking, 3: 700, 2: 52_050 })
    .add(55, { 253: fit('2026-06-07T05:30:00'), 5: walking, 3: 700, 2: 52_050 })
  const { readings, pieces } = await read(file)
  expect(rowsOf(readings)).toEqual([
    ['steps', '2026-06-06T22:00:00', 120, 7 * 3600],
    ['steps', '2026-06-07T05:00:00', 580, 900],
    ['steps', '2026-06-07T05:15:00', 0, 900],
    ['distance_walking_running', '2026-06-06T22:00:00', 90, 7 * 3600],
    ['distance_walking_running', '2026-06-07T05:00:00', 430.5, 900],
    ['distance_walking_running', '2026-06-07T05:15:00', 0, 900],
  ])
  expect(readings[0]).toMatchObject({ method: 'automatic', offsets: Int16Array.of(120, 120, 120) })
  expect(pieces[0]?.source).toEqual({
    key: 'fit:Garmin:product 3121:3345678901',
    name: 'Garmin',
    manufacturer: 'Garmin',
    model: 'product 3121',
    serial: '3345678901',
  })
})

test('each kind of activity has a counter of its own, and what they counted at the same time is added', async () => {
  const file = day()
    .add(55, { 253: fit('2026-06-07T06:00:00'), 5: walking, 3: 100 })
    .add(55, { 253: fit('2026-06-07T06:00:00'), 5: running, 3: 2000 })
    .add(55, { 253: fit('2026-06-07T06:10:00'), 5: walking, 3: 150 })
    .add(55, { 253: fit('2026-06-07T06:20:00'), 5: running, 3: 2600 })
    .add(55, { 253: fit('2026-06-07T06:20:00'), 5: cycling, 2: 500_000, 3: 900 })
  const { readings, ending } = await read(file)
  expect(rowsOf(readings)).toEqual([
    ['steps', '2026-06-06T22:00:00', 2100, 8 * 3600],
    ['steps', '2026-06-07T06:00:00', 650, 1200],
    ['distance_cycling', '2026-06-06T22:00:00', 5000, 8 * 3600 + 1200],
  ])
  expect(ending.unused).toEqual([{ name: 'monitoring.cycles', count: 1 }])
})

test('a counter that starts again at midnight, or falls in between, loses and invents nothing', async () => {
  const file = new HealthFile(monitoringB, utc('2026-06-06T22:00:00'))
    .add(103, { 253: fit(midnight), 0: fit('2026-06-07T00:00:00') })
    .add(55, { 253: fit('2026-06-07T10:00:00'), 5: walking, 3: 4000 })
    .add(55, { 253: fit('2026-06-07T11:00:00'), 5: walking, 3: 50 }) // the watch was started anew
    .add(55, { 253: fit('2026-06-07T22:00:00'), 5: walking, 3: 90 }) // midnight is the end of the old day
    .add(55, { 253: fit('2026-06-07T22:30:00'), 5: walking, 3: 95 }) // not 5: a new day
    .add(55, { 253: fit('2026-06-08T09:00:00'), 5: walking, 3: 100 })
    .add(55, { 253: fit('2026-06-10T09:00:00'), 5: walking, 3: 300 }) // two days in a drawer
  const { readings } = await read(file)
  expect(rowsOf(readings)).toEqual([
    ['steps', '2026-06-06T22:00:00', 4000, 12 * 3600],
    ['steps', '2026-06-07T10:00:00', 50, 3600],
    ['steps', '2026-06-07T11:00:00', 40, 11 * 3600],
    ['steps', '2026-06-07T22:00:00', 95, 1800],
    ['steps', '2026-06-07T22:30:00', 5, 10.5 * 3600],
    ['steps', '2026-06-09T22:00:00', 300, 11 * 3600],
  ])
})

test('a file that begins in the middle of a day does not count again what an earlier file has, and says so', async () => {
  const noon = '2026-06-07T10:00:00'
  const file = new HealthFile(monitoringB, utc(noon))
    .add(103, { 253: fit(noon), 0: fit('2026-06-07T12:00:00') })
    .add(55, { 253: fit(noon), 5: walking, 3: 5000 })
    .add(55, { 253: fit('2026-06-07T10:20:00'), 5: walking, 3: 5300 })
  const { readings, ending } = await read(file)
  expect(rowsOf(readings)).toEqual([['steps', noon, 300, 1200]])
  expect(ending.warnings).toEqual([
    {
      code: 'counter_begun',
      detail: 'steps stood at 5000 when the file began: what came before is in an earlier file',
    },
  ])
})

test('without an offset in the file a day begins at midnight in the zone of the person', async () => {
  const file = new HealthFile(monitoringB, utc('2026-06-07T03:00:00'))
    .add(55, { 253: fit('2026-06-07T03:00:00'), 5: walking, 3: 900 })
    .add(55, { 253: fit('2026-06-07T04:30:00'), 5: walking, 3: 930 })
  expect(rowsOf((await read(file, 'America/New_York')).readings)).toEqual([['steps', '2026-06-07T04:00:00', 930, 1800]])
  expect(rowsOf((await read(file, 'Europe/Warsaw')).readings)).toEqual([['steps', '2026-06-07T03:00:00', 30, 5400]])
})

test('heart rates whose times are only the low bits of the clock stand where they were measured', async () => {
  const t = fit('2026-06-07T05:00:00')
  const file = day()
    .add(55, { 253: t, 5: walking, 3: 1 })
    .add(55, { 26: (t + 60) & 0xffff, 27: 61 })
    .add(55, { 26: (t + 40_000) & 0xffff, 27: 62 })
    .add(55, { 26: (t + 80_000) & 0xffff, 27: 63 }) // the low bits have begun again
    .add(55, { 25: ((t + 80_040) / 60) & 0xff, 27: 64 })
  const { readings } = await read(file)
  expect(rowsOf(readings).filter(([metric]) => metric === 'heart_rate')).toEqual([
    ['heart_rate', '2026-06-07T05:01:00', 61],
    ['heart_rate', '2026-06-07T16:06:40', 62],
    ['heart_rate', '2026-06-08T03:13:20', 63],
    ['heart_rate', '2026-06-08T03:14:00', 64],
  ])
})

test('stress, oxygen, breathing and variability stand at their own times; what was no measurement is said', async () => {
  const t = fit('2026-06-07T05:00:00')
  const file = day()
    .add(227, { 0: 25, 1: t })
    .add(227, { 0: -1, 1: t + 180 })
    .add(227, { 0: -2, 1: t + 360 })
    .add(269, { 253: t, 0: 97, 1: 3, 2: 2 })
    .add(297, { 253: t, 0: 1425 })
    .add(297, { 253: t + 60, 0: -300 })
    .add(297, { 253: t + 120, 0: -100 })
    .add(371, { 253: t, 0: 48 * 128 + 64 })
    .add(229, { 0: t, 2: 512, 5: 1 })
  const { readings, ending } = await read(file)
  expect(rowsOf(readings)).toEqual([
    ['stress_score', '2026-06-07T05:00:00', 25],
    ['spo2', '2026-06-07T05:00:00', 97],
    ['respiratory_rate', '2026-06-07T05:00:00', 14.25],
    ['hrv_rmssd', '2026-06-07T05:00:00', 48.5],
    ['vo2max', '2026-06-07T05:00:00', 51.2],
  ])
  expect(ending.unused).toEqual([
    { name: 'stress_level: off the wrist', count: 1 },
    { name: 'stress_level: too much motion', count: 1 },
    { name: 'spo2_data.reading_confidence', count: 1 },
    { name: 'spo2_data.mode', count: 1 },
    { name: 'respiration_rate: invalid', count: 1 },
    { name: 'respiration_rate: off the wrist', count: 1 },
    { name: 'max_met_data.sport', count: 1 },
  ])
})

test('what is said of a day goes to the date on the wall', async () => {
  const late = fit('2026-06-07T22:30:00') // half past midnight, two hours east
  const file = day()
    .add(211, { 253: late, 0: 55, 1: 49 })
    .add(370, { 253: late, 0: 50 * 128, 1: 52 * 128, 2: 79 * 128, 6: 4 })
    .add(398, { 253: late, 0: late + 7200, 1: -0.25, 2: 0.5, 4: 33.5 })
  const { readings } = await read(file)
  const date = '2026-06-08'
  expect(readings.map((one) => one.kind === 'day' && [one.metric, one.date, one.value])).toEqual([
    ['resting_heart_rate', date, 49],
    ['hrv_rmssd', date, 52],
    ['skin_temperature_deviation', date, -0.25],
    ['skin_temperature', date, 33.5],
  ])
})

test('intensity minutes are the time of exercise that has just passed', async () => {
  const file = day()
    .add(55, { 253: fit('2026-06-07T06:00:00'), 33: 5, 34: 2 })
    .add(55, { 253: fit('2026-06-07T06:10:00'), 33: 10 })
  expect(rowsOf((await read(file)).readings)).toEqual([
    ['exercise_duration', '2026-06-07T05:53:00', 420, 420],
    ['exercise_duration', '2026-06-07T06:00:00', 600, 600],
  ])
})

test('energy and pushes are counted, and what a type "all" repeats is not counted twice', async () => {
  const file = day()
    .add(55, { 253: fit('2026-06-07T06:00:00'), 24: (3 << 5) | walking, 19: 40, 1: 500, 41: 12 })
    .add(55, { 253: fit('2026-06-07T06:00:00'), 5: 254, 19: 40, 3: 9000 })
    .add(103, { 253: fit('2026-06-07T06:00:00'), 5: 1650 })
  const { readings, ending } = await read(file)
  expect(rowsOf(readings)).toEqual([
    ['basal_metabolic_rate', '2026-06-07T06:00:00', 1650],
    ['energy_active', '2026-06-06T22:00:00', 40, 8 * 3600],
    ['energy_total', '2026-06-06T22:00:00', 500, 8 * 3600],
    ['wheelchair_pushes', '2026-06-06T22:00:00', 12, 8 * 3600],
  ])
  expect(ending.unused.map(({ name }) => name)).toEqual([
    'monitoring.current_activity_type_intensity',
    'monitoring.cycles',
    'monitoring.active_calories',
  ])
})

test('levels of sleep become a night with its stages, its score and its awakenings', async () => {
  const at = (minutes: number) => fit('2026-06-07T21:00:00') + minutes * 60
  const file = new HealthFile(49, utc('2026-06-07T21:00:00')).add(103, { 253: at(0), 0: at(120) })
  for (const [minutes, level] of [
    [0, 1],
    [10, 2],
    [70, 3],
    [130, 4],
    [160, 1],
    [165, 2],
  ] as const) {
    file.add(275, { 253: at(minutes), 0: level })
  }
  file.add(21, { 253: at(300), 0: 74, 1: 1 }).add(346, { 253: at(300), 6: 81, 11: 2, 3: 90, 9: 70, 15: 1850 })
  const { sessions, ending } = await read(file)
  const start = utc('2026-06-07T21:00:00')
  expect(sessions).toHaveLength(1)
  expect(sessions[0]).toMatchObject({
    type: 'sleep',
    start,
    end: start + 300 * 60_000,
    offset: 120,
    externalId: `fit:sleep:${start}`,
    extra: { scores: { deep_sleep_score: 90, rem_sleep_score: 70 }, average_stress: 18.5 },
  })
  expect(sessions[0]?.totals).toMatchObject({
    sleep_score: 81,
    sleep_awakenings: 2,
    sleep_total: 285 * 60,
    sleep_light: 195 * 60,
    sleep_deep: 60 * 60,
    sleep_rem: 30 * 60,
    sleep_awake: 5 * 60,
    sleep_time_in_bed: 300 * 60,
  })
  expect(sessions[0]?.derived).not.toContain('sleep_awakenings')
  expect(sessions[0]?.parts.map(({ label, start: from, end }) => [label, (end - from) / 60_000])).toEqual([
    ['awake', 10],
    ['light', 60],
    ['deep', 60],
    ['rem', 30],
    ['awake', 5],
    ['light', 135],
  ])
  expect(ending).toMatchObject({ rejected: [], unused: [], warnings: [] })
})

test('a night whose end the file does not say ends where its last level began', async () => {
  const at = (minutes: number) => fit('2026-06-07T21:00:00') + minutes * 60
  const file = new HealthFile(49, utc('2026-06-07T21:00:00'))
    .add(275, { 253: at(0), 0: 2 })
    .add(275, { 253: at(60), 0: 1 })
  const { sessions, ending } = await read(file)
  expect(sessions.map(({ start, end }) => (end - start) / 60_000)).toEqual([60])
  expect(ending.warnings.map(({ code }) => code)).toEqual(['sleep_end_unknown'])
})

test('a score without a night stands for its date', async () => {
  const { readings, ending } = await read(day().add(346, { 253: fit('2026-06-07T22:30:00'), 6: 77, 0: 80 }))
  expect(readings).toEqual([{ kind: 'day', metric: 'sleep_score', date: '2026-06-08', value: 77 }])
  expect(ending.unused).toEqual([{ name: 'sleep_assessment.combined_awake_score', count: 1 }])
})

test('a nap is a sleep of its own, and one that the person deleted stays away', async () => {
  const [from, to] = [fit('2026-06-07T12:00:00'), fit('2026-06-07T12:40:00')]
  const file = day()
    .add(412, { 253: to, 0: from, 1: 120, 2: to, 3: 120, 4: 1, 5: 0 })
    .add(412, { 253: to, 0: from + 7200, 1: 120, 2: to + 7200, 3: 120, 4: 1, 5: 1 })
  const { sessions, ending } = await read(file)
  expect(sessions).toMatchObject([
    {
      type: 'sleep',
      isNap: true,
      start: utc('2026-06-07T12:00:00'),
      end: utc('2026-06-07T12:40:00'),
      offset: 120,
      totals: { sleep_total: 2400 },
    },
  ])
  expect(ending.unused).toContainEqual({ name: 'nap_event: deleted by the person', count: 1 })
})

test('a scale gives all that it measured; a weight that had not settled is refused', async () => {
  const t = fit('2026-06-07T05:00:00')
  const file = new HealthFile(9, utc('2026-06-07T05:00:00'), [1, 2429, 77])
    .add(30, { 253: t, 0: 7245, 1: 1720, 2: 5810, 4: 340, 5: 3320, 7: 6800, 10: 31, 11: 4, 13: 228, 3: 250, 8: 5 })
    .add(30, { 253: t + 60, 0: 0xfffe, 1: 1730 })
  const { readings, ending } = await read(file)
  expect(rowsOf(readings)).toEqual([
    ['body_mass', '2026-06-07T05:00:00', 72.45],
    ['body_fat', '2026-06-07T05:00:00', 17.2],
    ['body_fat', '2026-06-07T05:01:00', 17.3],
    ['body_water', '2026-06-07T05:00:00', 58.1],
    ['bone_mass', '2026-06-07T05:00:00', 3.4],
    ['muscle_mass', '2026-06-07T05:00:00', 33.2],
    ['basal_metabolic_rate', '2026-06-07T05:00:00', 1700],
    ['metabolic_age', '2026-06-07T05:00:00', 31],
    ['visceral_fat_rating', '2026-06-07T05:00:00', 4],
    ['bmi', '2026-06-07T05:00:00', 22.8],
  ])
  expect(ending.rejected).toEqual([{ index: 2, code: 'weight_unsettled', detail: 'the scale was still calculating' }])
  expect(ending.unused.map(({ name }) => name)).toEqual([
    'weight_scale.visceral_fat_mass',
    'weight_scale.physique_rating',
  ])
})

test('a blood pressure comes with its pulse; one that the cuff calls an error does not', async () => {
  const t = fit('2026-06-07T05:00:00')
  const file = new HealthFile(14, utc('2026-06-07T05:00:00'))
    .add(51, { 253: t, 0: 122, 1: 79, 2: 93, 6: 61, 7: 0, 8: 0 })
    .add(51, { 253: t + 60, 0: 0, 1: 0, 8: 2 })
    .add(51, { 253: t + 120, 0: 131, 1: 84, 6: 70, 8: 4 })
    .add(51, { 253: t + 180, 0: 131 })
  const { readings, ending } = await read(file)
  expect(readings.filter(({ kind }) => kind === 'event')).toEqual([
    {
      kind: 'event',
      metric: 'blood_pressure',
      start: utc('2026-06-07T05:00:00'),
      value: { systolic: 122, diastolic: 79, mean: 93 },
      place: 1,
    },
    {
      kind: 'event',
      metric: 'blood_pressure',
      start: utc('2026-06-07T05:02:00'),
      value: { systolic: 131, diastolic: 84 },
      place: 3,
    },
  ])
  expect(rowsOf(readings)).toEqual([
    ['heart_rate', '2026-06-07T05:00:00', 61],
    ['heart_rate', '2026-06-07T05:02:00', 70],
  ])
  expect(ending.rejectedByCode).toEqual({ pressure_error: 1, pressure_incomplete: 1 })
})

test('beats follow one another from the time of their message on, and a gap is no beat', async () => {
  const t = fit('2026-06-07T05:00:00')
  const file = day()
    .add(290, { 253: t, 0: 500, 1: [1000, 900, 0xffff] })
    .add(372, { 253: t + 60, 0: 0, 1: [1000 | 0x4000, 5000 | 0x8000, 800] })
  const { readings, ending } = await read(file)
  const beats = readings.find((one) => one.kind === 'series' && one.metric === 'rr_interval')
  expect(beats).toMatchObject({
    t: Float64Array.of(
      ...['05:00:01.500', '05:00:02.400', '05:01:01.000', '05:01:06.800'].map((at) => utc(`2026-06-07T${at}`)),
    ),
    v: Float64Array.of(1000, 900, 1000, 800),
  })
  expect(ending.unused).toEqual([
    { name: 'raw_bbi: a gap', count: 1 },
    { name: 'raw_bbi.quality', count: 1 },
  ])
})

test.each([
  [2, 'settings', 3, { 4: 724 }],
  [5, 'a planned workout', 26, { 4: 1, 6: 3 }],
  [6, 'a course, which is a plan with invented times', 26, { 4: 1 }],
  [35, 'a segment list', 26, { 4: 1 }],
])('a file of type %i is no failure: it holds %s, and that is said', async (type, words, message, fields) => {
  const file = new HealthFile(type, utc('2026-06-07T05:00:00')).add(message, fields).finish()
  expect(fitHealth.recognises(file, 'x.fit')).toBe(true)
  const { pieces, ending } = await read(file)
  expect(pieces).toEqual([])
  expect(ending).toMatchObject({
    records: 2,
    warnings: [
      {
        code: 'nothing_measured',
        detail: `this FIT file holds ${words}: there is nothing to store from it, the file is kept`,
      },
    ],
    unused: [{ count: 1 }],
  })
})

test('a planned workout is named as the person called it', async () => {
  const plan = new FitWriter().define(0, 0, [[0, base.enum]]).message(0, [5])
  plan.define(1, 26, [[8, base.string, 16]]).message(1, ['Five times 1 km'])
  expect((await read(plan.finish())).ending.warnings[0]?.detail).toContain('a planned workout (“Five times 1 km”)')
})

test('a million messages of one byte, and sizes that lie, are refused or read within two seconds', async () => {
  const head = [12, 0x10, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0x2e, 0x46, 0x49, 0x54]
  const many = Buffer.concat([Uint8Array.from([...head, 0x40, 0, 0, 55, 0, 0]), Buffer.alloc(3_000_000)])
  const begun = performance.now()
  await expect(read(many)).rejects.toMatchObject({ code: 'too_many_records' })
  expect(performance.now() - begun).toBeLessThan(2000)
  const whole = day().add(55, { 253: t, 27: 60 }).finish()
  for (const size of [0, 1, 5, 0x7fffffff]) {
    new DataView(whole.buffer).setUint32(4, size, true)
    expect(rowsOf((await read(whole)).readings).length).toBeLessThanOrEqual(1)
  }
})

test('an activity is none of this', () => {
  const ride = writeRide({ start: utc('2026-06-07T05:00:00'), seconds: 10 })
  const files = [
    ride,
    fixture('fit/garmin-fenix-5-walk.fit'),
    fixture('fit/sample-activity.fit'),
    Buffer.from('no FIT at all'),
  ]
  expect(files.map((file) => fitHealth.recognises(file.subarray(0, 4096), ''))).toEqual([false, false, false, false])
})

test('a file that lost its file_id is known by its messages', async () => {
  const fit30 = new FitWriter()
    .define(0, 30, [
      [253, base.uint32],
      [0, base.uint16],
    ])
    .message(0, [fit('2026-06-07T05:00:00'), 7000])
  const file = fit30.finish()
  expect(fitHealth.recognises(file, '')).toBe(true)
  expect(rowsOf((await read(file)).readings)).toEqual([['body_mass', '2026-06-07T05:00:00', 70]])
  await expect(parseActivity(file)).rejects.toMatchObject({ code: 'empty' })
})

test('times that cannot be are refused with their places, and the rest is kept', async () => {
  const file = day()
    .add(55, { 253: fit('2027-06-07T05:00:00'), 27: 60 })
    .add(55, { 253: 1000, 27: 61 })
    .add(55, { 253: fit('2026-06-07T05:00:00'), 27: 62 })
  const { readings, ending } = await read(file)
  expect(rowsOf(readings)).toEqual([['heart_rate', '2026-06-07T05:00:00', 62]])
  expect(ending.rejected.map(({ index, code }) => [index, code])).toEqual([
    [2, 'time_in_future'],
    [3, 'time_too_early'],
  ])
})

test('a file that broke off gives what it had', async () => {
  const file = day()
  for (let i = 0; i < 100; i++) file.add(55, { 253: fit('2026-06-07T05:00:00') + i * 60, 27: 60 + (i % 20) })
  const whole = file.finish()
  const { readings, ending } = await read(whole.subarray(0, whole.length / 2))
  expect(rowsOf(readings).length).toBeGreaterThan(30)
  expect(ending.warnings.map(({ code }) => code)).toContain('truncated')
})

test('how the bytes come makes no difference to the pieces', async () => {
  const file = day()
  for (let i = 0; i < 500; i++)
    file.add(55, { 253: fit('2026-06-07T05:00:00') + i * 60, 27: 60 + (i % 20), 5: walking, 3: i * 7 })
  const bytes = file.finish()
  const seen = []
  for (const chunk of [13, 1000, 1_000_000]) {
    const { pieces } = await readFile(fitHealth, bytes, { chunk })
    seen.push(pieces.map(({ progress: _, ...piece }) => piece))
  }
  expect(seen[1]).toEqual(seen[0])
  expect(seen[2]).toEqual(seen[0])
})

/** Raw values that have to mean something for the message to be read at all. */
const t = fit('2026-06-07T05:00:00')
const chosen: Readonly<Record<string, number>> = {
  '51.8': 0,
  '55.5': walking,
  '55.24': walking,
  '103.0': t + 7200,
  '227.1': t,
  '229.0': t,
  '275.0': 2,
  '398.0': t + 7200,
  '412.0': t,
  '412.2': t + 3600,
  '412.5': 0,
}
/** A day where only the date counts, an hour for clocks on walls, a minute for times, one for all else. */
function nudge(leaf: string): number {
  if (['211.253', '370.253'].includes(leaf)) return 86_400
  if (['103.0', '398.0'].includes(leaf)) return 3600
  return leaf.endsWith('.253') || ['227.1', '229.0', '412.0', '412.2'].includes(leaf) ? 60 : 1
}

/** Every field of every message that the writer knows, each with a value that none of its neighbours has, but for one. */
function leaves(changed?: string): HealthFile {
  const file = day()
  let steady = 40
  for (const [global, fields] of Object.entries(everything)) {
    const values = fields.map((num) => {
      const leaf = `${global}.${num}`
      steady++
      return [num, (chosen[leaf] ?? (num === 253 ? t : steady)) + (leaf === changed ? nudge(leaf) : 0)]
    })
    file.add(Number(global), Object.fromEntries(values))
  }
  return file.add(21, { 253: t + 3600, 0: 74, 1: 1 })
}

const everything: Readonly<Record<number, readonly number[]>> = {
  30: [253, 0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13],
  51: [253, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  55: [253, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 19, 24, 27, 28, 29, 30, 31, 32, 33, 34, 41],
  103: [253, 0, 1, 3, 4, 5],
  211: [253, 0, 1],
  227: [0, 1],
  229: [0, 2, 5, 6, 8, 9, 12, 13],
  269: [253, 0, 1, 2],
  275: [253, 0],
  290: [253, 0, 1],
  297: [253, 0],
  346: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15],
  370: [253, 0, 1, 2, 3, 4, 5, 6],
  371: [253, 0],
  372: [253, 0, 1],
  398: [253, 0, 1, 2, 4],
  412: [0, 1, 2, 4, 5, 6],
}

test('every field of every message changes what is read when it changes, or is named as unused', async () => {
  const outcome = async (changed?: string) => {
    const whole = await read(leaves(changed))
    expect(pieceFaultsOf(whole, utc('2026-12-31T00:00:00'), 10_000)).toEqual([])
    const { pieces, ending } = whole
    return {
      text: JSON.stringify([pieces, ending], (_, value) =>
        ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value,
      ),
      ending,
    }
  }
  const plain = await outcome()
  const named = new Set(plain.ending.unused.map(({ name }) => name))
  for (const [global, fields] of Object.entries(everything)) {
    const kind = healthMessages[Number(global)]
    for (const num of fields) {
      // The type of an activity stands in field 5 as well; the skin's date on the wall in field 0.
      if (['55.24', '398.253'].includes(`${global}.${num}`)) continue
      const field = kind?.fields[num]
      if (named.has(`${kind?.name}.${typeof field === 'object' ? field.name : field}`)) continue
      expect((await outcome(`${global}.${num}`)).text, `message ${global} field ${num}`).not.toBe(plain.text)
    }
  }
  expect(named.size).toBe(45)
})
