import { expect, test } from 'vitest'
import { archiveReaders } from '../readers.ts'
import { daysOf, eventsOf, pointsOf, seriesOf, sessionsOf, stagesOf, unusedOf } from '../testing/look.ts'
import { type Read, readArchive } from '../testing/read.ts'
import { fingerprint, silentLeaves } from '../testing/silent-leaves.ts'
import { pieceFaultsOf } from '../testing/soundness.ts'
import { miFitness } from './index.ts'

const folder = '20261014_900000123_MiFitness_or1_data_copy/20261014_900000123_MiFitness'
const raw = `${folder}_hlth_center_fitness_data.csv`
const band = 'huami.648500000001'

const at = (time: string) => Date.parse(`2026-10-14T${time}Z`) / 1000

type RowOf = [sid: string, key: string, time: number, value: unknown]

function table(rows: RowOf[]): string {
  const lines = rows.map(([sid, key, time, value]) => {
    const json = typeof value === 'string' ? value : JSON.stringify(value)
    return `900000123,${sid},${key},${time},"${json.replaceAll('"', '""')}",${time + 321}`
  })
  return `\uFEFFUid,Sid,Key,Time,Value,UpdateTime\n${lines.join('\n')}\n`
}

async function read(files: { [path: string]: string }, timeZone = 'Europe/Warsaw'): Promise<Read> {
  const done = await readArchive(miFitness, files, { timeZone })
  expect(pieceFaultsOf(done)).toEqual([])
  return done
}

const readRows = (...rows: RowOf[]) => read({ [raw]: table(rows) })

test('the phone’s steps and the band’s are two sources, not one sum', async () => {
  const value = { time: at('07:05:00'), steps: 90, distance: 64, calories: 3 }
  const result = await readRows(
    [band, 'steps', at('07:05:00'), value],
    ['xiaomisports_app', 'steps', at('07:05:00'), { ...value, steps: 70 }],
  )
  expect(pointsOf(result, 'steps', `mi_fitness:${band}`)).toEqual([['2026-10-14T07:05:00Z', 90]])
  expect(pointsOf(result, 'distance', `mi_fitness:${band}`)).toEqual([['2026-10-14T07:05:00Z', 64]])
  expect(pointsOf(result, 'energy_active', `mi_fitness:${band}`)).toEqual([['2026-10-14T07:05:00Z', 3]])
  expect(pointsOf(result, 'steps', 'mi_fitness:xiaomisports_app')).toEqual([['2026-10-14T07:05:00Z', 70]])
  expect(unusedOf(result)).toMatchObject({ 'MiFitness_hlth_center_fitness_data.csv column uid': 1 })
})

test.each([
  ['heart_rate', { bpm: 71, type: 0 }, 'heart_rate', 71],
  ['single_heart_rate', { bpm: 72 }, 'heart_rate', 72],
  ['spo2', { spo2: 97 }, 'spo2', 97],
  ['single_spo2', { spo2: 96 }, 'spo2', 96],
  ['stress', { stress: 31 }, 'stress_score', 31],
  ['single_stress', { stress: 32 }, 'stress_score', 32],
  ['vo2_max', { vo2_max: 44 }, 'vo2max', 44],
  ['noise', { decibel: 61 }, 'environment_audio', 61],
  ['headset', { decibel: 71 }, 'headphone_audio', 71],
])('the key %s is read at its own time', async (key, value, metric, expected) => {
  const result = await readRows([band, key, at('07:00:00'), { time: at('07:05:00'), ...value }])
  expect(pointsOf(result, metric)).toEqual([['2026-10-14T07:05:00Z', expected]])
})

test('what a band could not measure is not a value', async () => {
  const result = await readRows(
    ...[0, 254, 255].map((bpm): RowOf => [band, 'heart_rate', at('07:05:00'), { time: at('07:05:00'), bpm }]),
    [
      band,
      'weight',
      at('05:00:00'),
      {
        time: at('05:00:00'),
        weight: 74.2,
        bmi: 23.4,
        body_fat_rate: 0,
        moisture_rate: 55,
        bone_mass: 3.1,
        basal_metabolism: 1650,
        muscle_rate: 57,
        visceral_fat: 0,
      },
    ],
  )
  expect(pointsOf(result, 'heart_rate')).toEqual([])
  expect(pointsOf(result, 'body_mass')).toEqual([['2026-10-14T05:00:00Z', 74.2]])
  expect(pointsOf(result, 'body_water')).toEqual([['2026-10-14T05:00:00Z', 55]])
  expect(pointsOf(result, 'bone_mass')).toEqual([['2026-10-14T05:00:00Z', 3.1]])
  expect(pointsOf(result, 'basal_metabolic_rate')).toEqual([['2026-10-14T05:00:00Z', 1650]])
  expect(unusedOf(result)).toMatchObject({
    'Mi Fitness heart_rate: not measured': 3,
    'Mi Fitness body_fat: not measured': 1,
    'Mi Fitness visceral_fat_rating: not measured': 1,
    'Mi Fitness weight muscle_rate': 1,
  })
})

test('a date is midnight in UTC of the local date it means, wherever the person was', async () => {
  const result = await read(
    {
      [raw]: table([
        [band, 'resting_heart_rate', at('20:00:00'), { date_time: at('00:00:00'), bpm: 57 }],
        [band, 'pai', at('20:00:00'), { date_time: at('00:00:00'), total_pai: 71.5, daily_pai: 9 }],
      ]),
    },
    'America/Los_Angeles',
  )
  expect(daysOf(result, 'resting_heart_rate')).toEqual([['2026-10-14', 57]])
  expect(daysOf(result, 'pai')).toEqual([['2026-10-14', 71.5]])
})

test('hours of standing are counted by the local day, marked minutes are exercise', async () => {
  const stand = (from: string) =>
    [band, 'valid_stand', at(from), { start_time: at(from), end_time: at(from) + 3600 }] as RowOf
  const result = await readRows(stand('08:00:00'), stand('09:00:00'), stand('22:30:00'), [
    band,
    'intensity',
    at('16:00:00'),
    { time: at('16:00:00') },
  ])
  expect(daysOf(result, 'stand_hours')).toEqual([
    ['2026-10-14', 2],
    ['2026-10-15', 1],
  ])
  expect(pointsOf(result, 'exercise_duration')).toEqual([['2026-10-14T16:00:00Z', 60, 60]])
})

test('a blood pressure is one event with its pulse beside it', async () => {
  const result = await readRows([
    band,
    'blood_pressure',
    at('06:00:00'),
    { time: at('06:00:00'), systolic_pressure: 124, diastolic_pressure: 79, pulse: 66 },
  ])
  expect(eventsOf(result)).toMatchObject([{ metric: 'blood_pressure', value: { systolic: 124, diastolic: 79 } }])
  expect(pointsOf(result, 'heart_rate')).toEqual([['2026-10-14T06:00:00Z', 66]])
})

const night = {
  bedtime: at('00:00:00'),
  wake_up_time: at('01:35:00'),
  duration: 90,
  sleep_deep_duration: 40,
  sleep_light_duration: 40,
  sleep_rem_duration: 10,
  sleep_awake_duration: 5,
  awake_count: 1,
  timezone: 8,
  date_time: at('00:00:00'),
  items: [
    { start_time: at('00:00:00'), end_time: at('00:40:00'), state: 3 },
    { start_time: at('00:40:00'), end_time: at('01:20:00'), state: 2 },
    { start_time: at('01:20:00'), end_time: at('01:30:00'), state: 4 },
    { start_time: at('01:30:00'), end_time: at('01:35:00'), state: 5 },
  ],
}

test('a night has the stages of the watch and the zone it was slept in, in quarter hours', async () => {
  const result = await readRows(
    [band, 'watch_night_sleep', night.wake_up_time, night],
    [band, 'sleep', night.wake_up_time, { ...night, items: [] }],
  )
  const [slept, ...others] = sessionsOf(result)
  expect(others).toEqual([])
  expect(stagesOf(slept)).toEqual(['light 00:00–00:40', 'deep 00:40–01:20', 'rem 01:20–01:30', 'awake 01:30–01:35'])
  expect(slept).toMatchObject({
    externalId: `mi_fitness:${band}:sleep:${night.bedtime * 1000}`,
    offset: 120,
    totals: { duration: 5700, sleep_total: 5400, sleep_deep: 2400, sleep_light: 2400, sleep_rem: 600 },
    extra: { stated: { duration: 90, awake_count: 1, items: 4 } },
  })
  expect(unusedOf(result)).toMatchObject({ 'Mi Fitness sleep: the watch’s own record of the night is used': 1 })
})

test('newer devices write all of their sleep as `sleep`; a nap of an older one says so', async () => {
  const result = await readRows(
    [
      band,
      'sleep',
      night.wake_up_time,
      {
        ...night,
        items: [
          { ...night.items[0], state: 0 },
          { ...night.items[1], state: 9 },
        ],
      },
    ],
    [
      band,
      'watch_daytime_sleep',
      at('13:00:00'),
      {
        bedtime: 0,
        wake_up_time: 0,
        timezone: 8,
        items: [{ start_time: at('13:00:00'), end_time: at('13:20:00'), state: 3 }],
      },
    ],
  )
  const [slept, nap] = sessionsOf(result)
  expect(stagesOf(slept)).toEqual(['asleep_unspecified 00:00–00:40', 'unknown 00:40–01:20'])
  expect(nap).toMatchObject({ isNap: true, start: at('13:00:00') * 1000, end: at('13:20:00') * 1000 })
})

test('a night without stages keeps its sums', async () => {
  const [slept] = sessionsOf(await readRows([band, 'watch_night_sleep', night.wake_up_time, { ...night, items: [] }]))
  expect(slept?.totals).toEqual({
    duration: 5700,
    sleep_time_in_bed: 5700,
    sleep_total: 5400,
    sleep_deep: 2400,
    sleep_light: 2400,
    sleep_rem: 600,
    sleep_awake: 300,
  })
})

const run = {
  start_time: at('16:00:00'),
  end_time: at('16:31:00'),
  duration: 1850,
  distance: 5200,
  calories: 402,
  steps: 5100,
  avg_hrm: 148,
  max_hrm: 171,
  min_hrm: 88,
  timezone: 8,
  avg_pace: 355,
  hrm_aerobic_duration: 900,
}

function sports(value: object, sport = 'outdoor_running'): { [path: string]: string } {
  const json = JSON.stringify(value).replaceAll('"', '""')
  return {
    [`${folder}_hlth_center_sport_record.csv`]: `Uid,Sid,Key,Time,Category,Value,UpdateTime\n900000123,${band},${sport},${at('16:00:00')},outdoor,"${json}",${at('17:00:00')}\n`,
  }
}

test('a workout has its sums in our units, and all others beside it', async () => {
  expect(sessionsOf(await read(sports(run)))).toMatchObject([
    {
      activity: 'running',
      start: at('16:00:00') * 1000,
      end: at('16:31:00') * 1000,
      offset: 120,
      externalId: `mi_fitness:${band}:workout:${at('16:00:00') * 1000}`,
      totals: {
        duration: 1850,
        distance: 5200,
        energy_active: 402,
        steps: 5100,
        heart_rate_avg: 148,
        heart_rate_max: 171,
        heart_rate_min: 88,
      },
      extra: { sport: 'outdoor_running', avg_pace: 355, hrm_aerobic_duration: 900 },
    },
  ])
})

const aggregated = (rows: [string, unknown][]) => ({
  [`${folder}_hlth_center_aggregated_fitness_data.csv`]: `Uid,Sid,Tag,Key,Time,Value,UpdateTime\n${rows.map(([key, value]) => `1,${band},daily_report,${key},${at('00:00:00') - 7200},"${JSON.stringify(value).replaceAll('"', '""')}",1\n`).join('')}`,
})

test('sums of days are read where the raw table is missing, and only the score of the sleep where it is not', async () => {
  const days = aggregated([
    ['steps', { steps: 8120, distance: 5700, calories: 310 }],
    ['sleep', { sleep_score: 82, total_duration: 420 }],
    ['heart_rate', { avg_hr: 70, avg_rhr: 57 }],
    ['valid_stand', { count: 11 }],
  ])
  const alone = await read(days)
  expect(pointsOf(alone, 'steps')).toEqual([['2026-10-13T22:00:00Z', 8120, 86_400]])
  expect(daysOf(alone, 'resting_heart_rate')).toEqual([['2026-10-14', 57]])
  expect(daysOf(alone, 'stand_hours')).toEqual([['2026-10-14', 11]])
  expect(daysOf(alone, 'sleep_score')).toEqual([['2026-10-14', 82]])
  const both = await read({
    ...days,
    [raw]: table([[band, 'steps', at('07:05:00'), { time: at('07:05:00'), steps: 90 }]]),
  })
  expect(pointsOf(both, 'steps')).toEqual([['2026-10-14T07:05:00Z', 90]])
  expect(daysOf(both, 'sleep_score')).toEqual([['2026-10-14', 82]])
  expect(daysOf(both, 'stand_hours')).toEqual([])
})

test.each([
  ['steps', { time: at('07:05:00'), steps: 90, distance: 64, calories: 3, extra: 1 }],
  ['heart_rate', { time: at('07:05:00'), bpm: 71, type: 0 }],
  [
    'weight',
    {
      time: at('05:00:00'),
      weight: 74,
      bmi: 23,
      body_fat_rate: 18,
      moisture_rate: 55,
      bone_mass: 3,
      basal_metabolism: 1650,
      muscle_rate: 57,
      protein_rate: 17,
      visceral_fat: 7,
    },
  ],
  [
    'pai',
    { date_time: at('00:00:00'), total_pai: 71, daily_pai: 9, low_zone_pai: 1, medium_zone_pai: 2, high_zone_pai: 6 },
  ],
  ['watch_night_sleep', night],
])('every leaf of the key %s is read or named as unused', async (key, value) => {
  const rowOf = (changed: unknown) => readArchive(miFitness, { [raw]: table([[band, key, at('09:00:00'), changed]]) })
  expect(await silentLeaves(value, rowOf)).toEqual([])
})

test('every leaf of a workout is read', async () => {
  expect(await silentLeaves(run, (changed) => readArchive(miFitness, sports(changed as object)))).toEqual([])
})

test('what the tables do not explain is named, and rows that cannot be read are kept', async () => {
  const result = await read({
    [raw]: table([
      [band, 'calories', at('07:05:00'), { time: 1, calories: 3 }],
      [band, 'mystery', at('07:05:00'), { a: 1 }],
      [band, 'steps', at('07:05:00'), '{broken'],
      [band, 'heart_rate', at('07:05:00'), { time: Date.parse('2000-12-31T00:00:00Z') / 1000 - 99_999_999, bpm: 70 }],
    ]),
    [`${folder}_user_fitness_data_records.csv`]: 'uid,did\n',
    [`${folder}_user_member_profile.csv`]: 'x\n',
  })
  expect(unusedOf(result)).toMatchObject({
    'Mi Fitness calories: the same energy is in the steps': 1,
    'Mi Fitness mystery: not known': 1,
    'MiFitness_user_fitness_data_records.csv: an older copy of the same': 1,
    'MiFitness_user_member_profile.csv: not read': 1,
  })
  expect(result.ending.rejectedByCode).toEqual({ record_unreadable: 1, time_too_early: 1 })
  expect(result.pieces.flatMap(({ unusable }) => unusable)[0]?.raw).toContain('{broken')
  expect(seriesOf(result, 'heart_rate')).toEqual([])
})

test('the same bytes give the same pieces', async () => {
  const files = {
    [raw]: table([
      [band, 'watch_night_sleep', night.wake_up_time, night],
      [band, 'heart_rate', at('07:05:00'), { bpm: 70 }],
    ]),
    ...sports(run),
  }
  expect(fingerprint(await read(files))).toBe(fingerprint(await read(files)))
  expect(archiveReaders).toContain(miFitness)
})
