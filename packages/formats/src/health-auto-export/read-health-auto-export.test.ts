import type { SessionReading } from '@tributary/protocol'
import { expect, test } from 'vitest'
import { fixture } from '../testing/fixture.ts'
import { rowsOf } from '../testing/look.ts'
import { inputOf, readAll, readFile } from '../testing/read.ts'
import { pieceFaultsOf } from '../testing/soundness.ts'
import { healthAutoExport } from './read-health-auto-export.ts'

const now = Date.UTC(2027, 0, 1)
const options = { now, timeZone: 'Europe/Warsaw' }
const version2 = fixture('health-auto-export/version-2.json')
const version1 = fixture('health-auto-export/version-1.json')
const utc = (text: string) => Date.parse(`${text}Z`)
const watch = 'ana’s apple watch'

async function read(document: unknown) {
  const bytes = document instanceof Uint8Array ? document : Buffer.from(JSON.stringify(document))
  const whole = await readFile(healthAutoExport, bytes, options)
  expect(pieceFaultsOf(whole, now, bytes.length)).toEqual([])
  return whole
}

const metric = (name: string, units: string, ...data: unknown[]) => ({ data: { metrics: [{ name, units, data }] } })
const of = (session: SessionReading | undefined) => ({ ...session?.totals })

test('points become series of each source in the units they were written in', async () => {
  const { pieces } = await read(version2)
  const rows = pieces.flatMap(({ source, readings }) => rowsOf(readings).map((row) => [source.key, ...row]))
  expect(rows).toEqual([
    [watch, 'heart_rate', '2026-10-13T06:00:00', 63.5],
    [watch, 'steps', '2026-10-13T06:00:00', 412, 60],
    [watch, 'steps', '2026-10-13T06:01:00', 30.5, 60],
    [watch, 'steps', '2026-10-13T06:05:00', 88, 60],
    [watch, 'energy_active', '2026-10-23T22:00:00', 2092, 86_400],
    [watch, 'energy_active', '2026-10-24T22:00:00', 4184, 90_000], // the clocks were put back
    [watch, 'energy_active', '2026-10-25T23:00:00', 1046, 86_400],
    [watch, 'distance_walking_running', '2026-10-13T05:00:00', 1.5, 3600],
    [watch, 'distance_walking_running', '2026-10-13T06:00:00', 2.25, 3600],
    [watch, 'hrv_sdnn', '2026-10-13T01:10:00', 61.25],
    [watch, 'spo2', '2026-10-13T01:12:00', 97],
    [watch, 'vo2max', '2026-10-13T08:00:00', 44.5],
    [watch, 'heart_rate', '2026-10-13T16:00:00', 101],
    [watch, 'heart_rate', '2026-10-13T16:01:00', 121],
    [watch, 'heart_rate', '2026-10-13T16:41:00', 120],
    [`${watch}|iphone`, 'heart_rate', '2026-10-13T06:01:00', 61],
    [`${watch}|iphone`, 'heart_rate', '2026-10-13T19:02:00', 67],
    ['withings', 'body_mass', '2026-10-13T05:05:00', 160],
    ['meter', 'blood_glucose', '2026-10-13T05:15:00', 99],
  ])
  const units = pieces.flatMap(({ readings }) =>
    readings.flatMap((one) => (one.kind === 'series' && one.unit ? [[one.metric, one.unit]] : [])),
  )
  expect(units).toEqual([
    ['heart_rate', 'bpm'],
    ['steps', 'count'],
    ['energy_active', 'kJ'],
    ['distance_walking_running', 'km'],
    ['hrv_sdnn', 'ms'],
    ['spo2', '%'],
    ['vo2max', 'mL/(kg·min)'],
    ['heart_rate', 'bpm'],
    ['body_mass', 'lb'],
    ['blood_glucose', 'mg/dL'],
  ])
  expect(pieces.map(({ source }) => source.name)).toContain('Ana’s Apple Watch, iPhone')
})

test('daily values keep the date that was written, hours with standing are added up, and events stand at their time', async () => {
  const { readings } = await read(version2)
  expect(readings.filter(({ kind }) => kind === 'day' || kind === 'event')).toEqual([
    { kind: 'day', metric: 'resting_heart_rate', date: '2026-10-13', value: 52, unit: 'count/min', place: 11 },
    {
      kind: 'event',
      metric: 'heart_rate_recovery_1min',
      start: utc('2026-10-13T16:45:00'),
      value: { value: 31 },
      offset: 120,
      place: 20,
      unit: 'count/min',
    },
    { kind: 'day', metric: 'stand_hours', date: '2026-10-13', value: 2, unit: 'count' },
    {
      kind: 'event',
      metric: 'blood_pressure',
      start: utc('2026-10-13T05:10:00'),
      value: { systolic: 122, diastolic: 79 },
      offset: 120,
      place: 18,
    },
    {
      kind: 'event',
      metric: 'mood',
      start: utc('2026-10-13T20:15:00'),
      value: { value: 0.4 },
      offset: 0,
      place: 27,
      externalId: '9B2D',
    },
  ])
})

test('a night comes in one entry or stage by stage', async () => {
  const { sessions } = await read(version2)
  const [night, stages] = sessions.filter(({ type }) => type === 'sleep')
  expect(night).toMatchObject({
    start: utc('2026-10-12T21:00:00'),
    end: utc('2026-10-13T04:31:00'),
    offset: 120,
    externalId: `health_auto_export:sleep:${watch}:${utc('2026-10-12T21:00:00')}`,
    parts: [],
  })
  expect(of(night)).toEqual({
    duration: 27_060,
    sleep_total: 24_300,
    sleep_light: 14_400,
    sleep_deep: 3600,
    sleep_rem: 5400,
    sleep_awake: 1800,
    sleep_time_in_bed: 27_000,
    sleep_latency: 900,
  })
  expect(stages?.parts.map(({ label, start, end }) => [label, (end - start) / 60_000])).toEqual([
    ['light', 40],
    ['deep', 50],
    ['asleep_unspecified', 120],
  ])
  expect(stages).toMatchObject({
    start: utc('2026-10-13T21:00:00'),
    offset: 120,
    totals: { sleep_total: 12_600, sleep_deep: 3000 },
  })
})

test('a workout has its figures, its way and its heart rates', async () => {
  const { sessions } = await read(version2)
  const run = sessions.find(({ type }) => type === 'workout')
  expect(run).toMatchObject({
    activity: 'running',
    title: 'Outdoor Run',
    start: utc('2026-10-13T16:00:00'),
    end: utc('2026-10-13T16:40:00'),
    offset: 120,
    externalId: 'health_auto_export:workout:5A1C',
    track: {
      t: Float64Array.of(utc('2026-10-13T16:00:05'), utc('2026-10-13T16:00:10')),
      lat: Float64Array.of(50.0614, 50.0615),
      lon: Float64Array.of(19.9372, 19.9375),
      ele: Float64Array.of(219.5, 220),
    },
    extra: {
      location: 'Outdoor',
      isIndoor: false,
      temperature: { qty: 12, units: 'degC' },
      humidity: { qty: 71, units: '%' },
      intensity: { qty: 9.1, units: 'kcal/hr·kg' },
    },
  })
  expect(of(run)).toEqual({
    duration: 2400,
    active_duration: 2350.5,
    energy_active: 341,
    distance: 6500,
    steps: 325,
    elevation_gain: 52,
    heart_rate_min: 98,
    heart_rate_avg: 148,
    heart_rate_max: 171,
  })
})

test('workouts and nights of the first version are read too', async () => {
  const { sessions, ending, readings } = await read(version1)
  const [swim, night] = sessions
  expect(swim).toMatchObject({
    activity: 'swimming_pool',
    externalId: `health_auto_export:workout:Pool Swim:${utc('2022-05-03T05:00:00')}`,
    track: { lat: Float64Array.of(50.06) },
  })
  expect(of(swim)).toEqual({
    duration: 2700,
    energy_active: 300,
    energy_total: 350,
    distance: 1500,
    steps: 12,
    floors_climbed: 1,
    swim_strokes: 900,
    heart_rate_avg: 128,
    heart_rate_max: 150,
    speed_avg: expect.closeTo(0.5556, 4),
    cadence_avg: 0,
    elevation_gain: 3,
    elevation_loss: 4,
  })
  expect(rowsOf(readings)).toEqual([['heart_rate', '2022-05-03T05:00:30', 110]])
  expect(of(night)).toEqual({ duration: 28_800, sleep_total: 26_100, sleep_time_in_bed: 28_800, sleep_latency: 900 })
  expect(ending).toMatchObject({ rejected: [], warnings: [], unused: [] })
})

test('what has no place is named with how often it came', async () => {
  const { ending } = await read(version2)
  expect(ending.rejected).toEqual([])
  expect(Object.fromEntries(ending.unused.map(({ name, count }) => [name, count]))).toEqual({
    'sleep_analysis.asleep': 1,
    'heart_rate.Min': 3,
    'heart_rate.Max': 3,
    'blood_glucose.mealTime': 1,
    toothbrushing: 1,
    'workout.stepCount: its course': 2,
    'workout.heartRateData.Min': 2,
    'workout.heartRateData.Max': 2,
    'workout.heartRateRecovery.Min': 1,
    'workout.heartRateRecovery.Max': 1,
    'workout.route.speed': 2,
    'workout.route.course': 2,
    'workout.route.horizontalAccuracy': 2,
    'workout.metadata': 1,
    'stateOfMind.end': 1,
    'stateOfMind.kind': 1,
    'stateOfMind.labels': 1,
    symptoms: 1,
  })
})

test.each([
  ['2026-10-13 08:00:00 +0200', '2026-10-13T06:00:00'],
  ['2026-10-13 8:00:00 AM +0200', '2026-10-13T06:00:00'],
  ['2026-10-13 12:30:00 am -0500', '2026-10-13T05:30:00'],
  ['2026-10-13 12:30:00\u202fPM +0200', '2026-10-13T10:30:00'],
  ['2026-10-13 8:00:00\u00a0p.m. +0530', '2026-10-13T14:30:00'],
  ['2026-10-13T06:00:00Z', '2026-10-13T06:00:00'],
  ['2026-10-13', '2026-10-12T22:00:00'],
])('the date “%s” is %s UTC', async (date, expected) => {
  const { readings } = await read(metric('body_temperature', 'degC', { date, qty: 36.6 }))
  expect(rowsOf(readings)).toEqual([['body_temperature', expected, 36.6]])
})

test('a point that cannot be used is kept with its metric, and is used once it can be', async () => {
  const { pieces, readings, ending } = await read(
    metric('weight_body_mass', 'kg', { date: 'today', qty: 72 }, { date: '2026-10-13', qty: 'much' }, 7, {
      date: '2026-10-14',
      qty: 71,
    }),
  )
  expect(rowsOf(readings).map(([, , value]) => value)).toEqual([71])
  const unusable = pieces.flatMap((piece) => piece.unusable)
  expect(unusable.map(({ index, code, detail }) => [index, code, detail])).toEqual([
    [0, 'time_unreadable', 'date is no time'],
    [1, 'value_unreadable', 'neither qty nor Avg is a number'],
    [2, 'value_unreadable', 'a record is no object'],
  ])
  expect(ending.rejectedByCode).toEqual({ time_unreadable: 1, value_unreadable: 2 })
  const raw = unusable[0]?.raw ?? ''
  expect(await healthAutoExport.replay?.(raw, options)).toMatchObject({ unusable: [{ code: 'time_unreadable' }] })
  const again = await healthAutoExport.replay?.(raw.replace('today', '2026-10-12 08:00'), options)
  expect(rowsOf(again?.readings ?? [])).toEqual([['body_mass', '2026-10-12T06:00:00', 72]])
  expect(() => healthAutoExport.replay?.('{', options)).toThrow(/not whole/)
})

test('a workout that cannot be used is kept without the lists that are too long to keep', async () => {
  const route = Array.from({ length: 500 }, () => ({
    latitude: 1,
    longitude: 2,
    timestamp: '2026-10-13 08:00:00 +0200',
  }))
  const { pieces } = await read({
    data: { workouts: [{ name: 'Yoga', start: 'soon', end: '2026-10-13 09:00:00 +0200', route }] },
  })
  const raw = pieces[0]?.unusable[0]?.raw ?? ''
  const again = await healthAutoExport.replay?.(raw.replace('soon', '2026-10-13 08:00:00 +0200'), options)
  expect(again?.sessions).toMatchObject([{ activity: 'yoga', totals: { duration: 3600 } }])
})

test('a workout that is tried again gives its heart rate and itself', async () => {
  const workout = {
    name: 'Yoga',
    start: 'soon',
    end: '2026-10-13 09:00:00 +0200',
    heartRateData: [{ date: '2026-10-13 08:01:00 +0200', qty: 61, Avg: 61, units: 'bpm' }],
  }
  const { pieces } = await read({ data: { workouts: [workout] } })
  const raw = pieces.find(({ unusable }) => unusable.length)?.unusable[0]?.raw ?? ''
  const again = await healthAutoExport.replay?.(raw.replace('soon', '2026-10-13 08:00:00 +0200'), options)
  expect(again?.sessions).toMatchObject([{ activity: 'yoga' }])
  expect(rowsOf(again?.readings ?? [])).toEqual([['heart_rate', '2026-10-13T06:01:00', 61]])
})

test('a unit that a metric is never measured in leaves its points unused, and says so', async () => {
  const { pieces, ending } = await read(metric('step_count', 'furlongs', { date: '2026-10-13', qty: 5 }))
  expect(pieces).toEqual([])
  expect(ending.warnings).toEqual([{ code: 'unit_unknown', detail: 'step_count is never measured in furlongs' }])
  expect(ending.unused).toEqual([{ name: 'step_count in furlongs', count: 1, reason: 'is not read' }])
})

test('a file that breaks off gives what it had', async () => {
  const half = version2.subarray(0, version2.length / 2)
  const { readings, ending } = await readFile(healthAutoExport, half, options)
  expect(rowsOf(readings).length).toBeGreaterThan(8)
  expect(ending.warnings.map(({ code }) => code)).toEqual(['json_truncated'])
})

test('a damaged point costs only itself', async () => {
  const text =
    '{"data":{"metrics":[{"name":"body_temperature","units":"degC","data":[{"date":"2026-10-13","qty":NaN},{"date":"2026-10-14","qty":36}]}]}}'
  const { pieces, ending } = await readFile(healthAutoExport, Buffer.from(text), options)
  expect(rowsOf(pieces.flatMap(({ readings }) => readings)).map(([, , value]) => value)).toEqual([36])
  expect(ending.rejectedByCode).toEqual({ json_broken: 1 })
})

test.each([
  [version1, true],
  [version2, true],
  [Buffer.from('{"data":{"metrics":[]}}'), true],
  [Buffer.from('{"data":{"other":1}}'), false],
  [Buffer.from('{"a":1}'), false],
  [Buffer.from('[1]'), false],
  [Buffer.from('data,metrics\n1,2\n'), false],
])('file %$ is one of this app or not', (bytes, expected) => {
  expect(healthAutoExport.recognises(bytes.subarray(0, 4096), '')).toBe(expected)
})

test('how the bytes come makes no difference', async () => {
  const cuts = []
  for (const chunk of [11, 1000, 1_000_000]) {
    const { pieces } = await readAll(healthAutoExport.read(inputOf(version2, { ...options, chunk })))
    cuts.push(pieces.map(({ progress: _, ...piece }) => piece))
  }
  expect(cuts[1]).toEqual(cuts[0])
  expect(cuts[2]).toEqual(cuts[0])
})

test('a bomb of brackets is refused', async () => {
  const bomb = Buffer.from(`{"data":{"metrics":[${'['.repeat(5_000_000)}`)
  await expect(readFile(healthAutoExport, bomb, options)).rejects.toMatchObject({ code: 'json_too_deep' })
})

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null

/** Every leaf of a document, and the document with just that leaf changed. */
function* changes(document: Json): Generator<{ path: string; changed: Json }> {
  const paths: (string | number)[][] = []
  const walk = (value: Json, path: (string | number)[]) => {
    if (typeof value !== 'object' || value === null) paths.push(path)
    else for (const [key, one] of Object.entries(value)) walk(one, [...path, Array.isArray(value) ? Number(key) : key])
  }
  walk(document, [])
  for (const path of paths) {
    const changed = structuredClone(document)
    const parent = path
      .slice(0, -1)
      .reduce<Json>((value, key) => (value as { [key: string]: Json })[key] as Json, changed) as { [key: string]: Json }
    const key = path.at(-1) as string
    parent[key] = another(parent[key] as Json)
    yield { path: path.join('.'), changed }
  }
}

function another(value: Json): Json {
  if (typeof value === 'number') return value / 2 + 0.125
  if (typeof value === 'boolean') return !value
  const text = String(value)
  return /^\d{4}-\d\d-\d\d/.test(text)
    ? text
        .replace(/^2026-10-1/, '2026-09-1')
        .replace(/^2022/, '2021')
        .replace(/^2026-10-2/, '2026-08-2')
    : `${text}x`
}

/** Named in `unused` as the test above says, or said a second time by a neighbour. */
const passedOver = [
  /\.(Min|Max|mealTime|speed|course|horizontalAccuracy)$/,
  /workouts\.0\.stepCount\.\d\.(date|source)$/,
  /metrics\.13\./, // toothbrushing
  /\.metadata\.|symptoms|stateOfMind\.0\.(end|kind|labels)/,
  /metrics\.14\.data\.0\.asleep$/,
  /metrics\.14\.data\.[123]\.qty$/, // the length of a stage stands in its two ends
  /metrics\.(14|0)\.data\.0\.date$/, // a night has its two ends
  /inBedSource$/, // beside a sleepSource
]

test.each([
  ['version 2', version2],
  ['version 1', version1],
])('every leaf of %s changes what is read when it changes, or is named as unused', async (_, bytes) => {
  const plain = await outcome(bytes)
  let counted = 0
  for (const { path, changed } of changes(JSON.parse(Buffer.from(bytes).toString('utf8')) as Json)) {
    counted++
    if ((await outcome(Buffer.from(JSON.stringify(changed)))) === plain)
      expect(
        passedOver.some((one) => one.test(path)),
        path,
      ).toBe(true)
  }
  expect(counted).toBeGreaterThan(40)
})

async function outcome(bytes: Uint8Array): Promise<string> {
  const { pieces, ending } = await readFile(healthAutoExport, bytes, options)
  const plain = pieces.map(({ progress: _, ...piece }) => piece)
  return JSON.stringify([plain, ending], (_, value) =>
    ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value,
  )
}

test('a file that names thousands of sources does not make thousands of pieces', async () => {
  const points = Array.from({ length: 3000 }, (_, i) => ({
    date: '2026-10-13 08:00:00 +0200',
    qty: 36,
    source: `s${i}`,
  }))
  const { pieces, ending } = await read(metric('body_temperature', 'degC', ...points))
  expect(pieces).toHaveLength(1001)
  expect(ending.warnings.map(({ code }) => code)).toEqual(['sources_many'])
})
