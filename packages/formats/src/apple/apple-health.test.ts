import { readFileSync } from 'node:fs'
import { type MetricId, toCanonical } from '@tributary/protocol'
import { expect, test } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import { FormatError } from '../parsed-file.ts'
import type { ArchiveEntry } from '../piece.ts'
import { fixture } from '../testing/fixture.ts'
import { entriesOf, entryOf, inputOf, type Read, readAll } from '../testing/read.ts'
import { appleHealthExport, appleHealthXml } from './index.ts'

const now = Date.UTC(2026, 11, 1)
const options = { now, timeZone: 'UTC' }
const entries = entriesOf('apple-health/everything')
const everything = await readAll(appleHealthExport.read({ ...options, name: 'export.zip', entries }))
const xml = Buffer.from(fixture('apple-health/everything/exportar.xml')).toString()

const watch = "ana's apple watch"
const at = (iso: string) => Date.parse(iso)
const morning = at('2026-10-12T08:00:00+02:00')

/** A document of the given elements. */
const exportOf = (body: string, exported = '2026-10-13 09:15:00 +0200') =>
  `<?xml version="1.0"?><HealthData locale="en_GB"><ExportDate value="${exported}"/>${body}</HealthData>`
const read = (body: string) => readAll(appleHealthXml.read(inputOf(exportOf(body), options)))
const record = (type: string, rest: string, inside = '') =>
  `<Record type="${type}" sourceName="S" startDate="2026-10-12 08:00:00 +0200" endDate="2026-10-12 08:00:00 +0200" ${rest}${inside ? `>${inside}</Record>` : '/>'}`
const heartRate = (rest: string, inside = '') =>
  record('HKQuantityTypeIdentifierHeartRate', `unit="count/min" ${rest}`, inside)

/** Every point of a metric and source as [time, value], over all pieces. */
function pointsOf({ pieces }: Read, metric: string, key: string): [t: number, value: number][] {
  return pieces
    .filter((piece) => piece.source.key === key)
    .flatMap((piece) => piece.readings)
    .flatMap((reading) =>
      reading.kind === 'series' && reading.metric === metric
        ? Array.from(reading.t, (t, i): [number, number] => [t, reading.v[i] as number])
        : [],
    )
}

/** Every series in the catalogue's units, as [start, length, value] by source and metric. */
function canonical({ pieces }: Read): Record<string, Record<string, number[][]>> {
  const all: Record<string, Record<string, number[][]>> = {}
  for (const { source, readings } of pieces) {
    for (const reading of readings) {
      if (reading.kind !== 'series') continue
      const metrics = all[source.key] ?? {}
      all[source.key] = metrics
      const values = Array.from(reading.t, (t, i) => [
        t,
        reading.durations?.[i] ?? 0,
        toCanonical(reading.metric as MetricId, reading.v[i] as number, reading.unit) as number,
      ])
      metrics[reading.metric] = [...(metrics[reading.metric] ?? []), ...values]
    }
  }
  return all
}

test('a real export says what another reader, in another language, reads in it', async () => {
  const expected = JSON.parse(
    readFileSync(new URL('../../fixtures/apple-health/sample/expected.json', import.meta.url), 'utf8'),
  )
  const entry = entryOf('apple_health_export/export.xml', fixture('apple-health/sample/export.xml'))
  const sample = await readAll(appleHealthExport.read({ ...options, name: 'export.zip', entries: [entry] }))
  expect(canonical(sample)).toEqual(expected.points)
  const stages = sample.pieces.flatMap(({ source, sessions }) =>
    sessions.flatMap(({ parts }) => parts.map((part) => [source.key, part.label, part.start, part.end])),
  )
  expect(stages.sort()).toEqual(expected.stages)
  expect(sample.ending).toMatchObject({
    format: 'apple_health',
    records: 8,
    rejected: [],
    complete: { family: 'apple_health', asOf: expected.exported },
  })
})

test('every figure of the made-up export arrives in the catalogue’s unit', () => {
  const byMetric: Record<string, number[]> = {}
  for (const [key, metrics] of Object.entries(canonical(everything)))
    for (const [metric, values] of Object.entries(metrics))
      byMetric[`${key}/${metric}`] = values.map(([, , value]) => Number(value?.toPrecision(7)))
  // biome-ignore format: a table, one line for each source and metric.
  expect(byMetric).toEqual({
    [`${watch}/heart_rate`]: [63], 'diary/heart_rate': [72],
    [`${watch}/steps`]: [412], "ana's iphone/steps": [398],
    [`${watch}/distance_walking_running`]: [402.336], [`${watch}/distance_cycling`]: [3200], [`${watch}/distance_swimming`]: [250],
    [`${watch}/distance_wheelchair`]: [274.32], [`${watch}/distance`]: [2000, 2500, 1500, 3000, 1200],
    [`${watch}/energy_active`]: [10], [`${watch}/energy_basal`]: [12.5], [`${watch}/floors_climbed`]: [3],
    [`${watch}/exercise_duration`]: [420], [`${watch}/move_duration`]: [480], [`${watch}/stand_duration`]: [120],
    [`${watch}/swim_strokes`]: [210], [`${watch}/wheelchair_pushes`]: [300], [`${watch}/daylight_duration`]: [540],
    [`${watch}/hrv_sdnn`]: [48.31], [`${watch}/spo2`]: [97], [`${watch}/respiratory_rate`]: [14.5], [`${watch}/body_temperature`]: [37],
    [`${watch}/skin_temperature`]: [34.8], [`${watch}/body_mass`]: [72.57478], [`${watch}/bmi`]: [22.4], [`${watch}/body_fat`]: [14],
    [`${watch}/lean_mass`]: [57.15264], [`${watch}/body_height`]: [1.76784], [`${watch}/waist`]: [0.7874],
    [`${watch}/blood_glucose`]: [5.550745], 'diary/blood_glucose': [5.5], [`${watch}/vo2max`]: [44.2],
    [`${watch}/speed`]: [3.111111, 7.8232, 2.7, 2.71, 2.72, 2.73, 2.74, 2.75], 'old watch/speed': [6, 6.1, 6.2, 6.3],
    [`${watch}/power`]: [240, 187], [`${watch}/stride_length`]: [1.12], [`${watch}/ground_contact_time`]: [231],
    [`${watch}/vertical_oscillation`]: [85], [`${watch}/cadence`]: [86], [`${watch}/walking_speed`]: [1.361111],
    [`${watch}/walking_step_length`]: [0.72], [`${watch}/walking_asymmetry`]: [3], [`${watch}/walking_double_support`]: [28.1],
    [`${watch}/stair_ascent_speed`]: [0.33528], [`${watch}/stair_descent_speed`]: [0.41], [`${watch}/met`]: [3.5],
    [`${watch}/environment_audio`]: [61.5], [`${watch}/headphone_audio`]: [72.2], [`${watch}/perfusion_index`]: [4],
    [`${watch}/electrodermal_activity`]: [2], [`${watch}/water_temperature`]: [17.5], [`${watch}/underwater_depth`]: [6.2],
    [`${watch}/uv_index`]: [5], [`${watch}/blood_alcohol`]: [0.05], [`${watch}/mindfulness_duration`]: [600],
    [`${watch}/elevation`]: [650, 650.1, 650.2, 650.3, 650.4, 650.5], 'old watch/elevation': [118, 118.1, 118.2, 118.3],
    'diary/energy_intake': [90, 250], 'diary/water_intake': [236.5882], 'diary/carbohydrates_intake': [30], 'diary/protein_intake': [12],
    'diary/fat_intake': [9], 'diary/fiber_intake': [4], 'diary/sugar_intake': [11], 'diary/sodium_intake': [400],
    'diary/caffeine_intake': [80], 'diary/alcohol_intake': [1], 'diary/inhaler_use': [2], 'diary/insulin_delivery': [4],
  })
  expect(everything.ending.rejected).toEqual([])
})

test('what is stated for a day has its date, nights and weeks that of their end', () => {
  const days = everything.rows.flatMap((row) =>
    row.kind === 'day' ? [[row.metric, row.date, row.value, row.unit]] : [],
  )
  expect(days).toEqual([
    ['resting_heart_rate', '2026-10-12', 51, undefined],
    ['walking_heart_rate', '2026-10-12', 98, undefined],
    ['basal_body_temperature', '2026-10-12', 36.4, undefined],
    ['af_burden', '2026-10-12', 2, undefined],
    ['breathing_disturbance_index', '2026-10-12', 1.4, undefined],
    ['walking_steadiness', '2026-10-12', 92, undefined],
    ['stand_hours', '2026-10-12', 2, undefined],
    ['energy_active', '2026-10-12', 512.3, undefined],
    ['move_duration', '2026-10-12', 62, 'min'],
    ['exercise_duration', '2026-10-12', 41, 'min'],
    ['stand_hours', '2026-10-12', 11, undefined],
  ])
})

test('what happened keeps its words, and who typed it in is told', () => {
  const events = everything.rows.flatMap((row) => (row.kind === 'event' ? [[row.metric, row.value]] : []))
  expect(events).toEqual([
    ['heart_rate_recovery_1min', { value: 31, heart_rate_recovery_test_type: '2' }],
    ['functional_threshold_power', { value: 231 }],
    ['six_minute_walk_distance', { value: 540 }],
    ['perceived_exertion', { value: 6 }],
    ['peak_expiratory_flow', { value: 480 }],
    ['fvc', { value: 4.4 }],
    ['fev1', { value: 3.5 }],
    ['heart_event_high', { heart_rate_event_threshold: 120 }],
    ['heart_event_low', { heart_rate_event_threshold: 40 }],
    ['heart_event_irregular', {}],
    ['handwashing', {}],
    ['falls', { value: 1, method: 'manual' }],
    ['menstruation_flow', { value: 'medium', method: 'manual' }],
    ['intermenstrual_bleeding', {}],
    ['ovulation_test', { value: 'positive' }],
    ['cervical_mucus', { value: 'egg_white' }],
    ['symptom', { value: 'headache', severity: 'moderate', method: 'manual' }],
    ['symptom', { value: 'shortness_of_breath', severity: 'mild' }],
    ['symptom', { value: 'appetite_changes', severity: 'decreased' }],
    ['symptom', { value: 'mood_changes', severity: 'present' }],
    ['bp_systolic', { value: 130, method: 'manual' }],
    ['blood_pressure', { systolic: 121, diastolic: 79 }],
  ])
})

test('a blood pressure is one event, though its halves stand at the top and in a correlation', () => {
  const pressures = everything.rows.filter((row) => row.kind === 'event' && row.metric === 'blood_pressure')
  expect(pressures).toMatchObject([{ start: at('2026-10-12T07:30:00+02:00'), offset: 120 }])
})

test('two foods of one meal are two amounts, and the food that holds one of them adds nothing', () => {
  const points = pointsOf(everything, 'energy_intake', 'diary')
  expect(points.map(([, value]) => value)).toEqual([90, 250])
  expect(new Set(points.map(([t]) => Math.floor(t / 1000)))).toEqual(new Set([at('2026-10-12T12:00:00+02:00') / 1000]))
  expect(points[0]?.[0]).not.toBe(points[1]?.[0])
})

test('what a person typed in is manual, and a stated zone gives the offset of its moment', () => {
  const series = everything.pieces.flatMap((piece) => piece.readings).filter((reading) => reading.kind === 'series')
  const of = (metric: string) => series.filter((reading) => reading.metric === metric)
  expect(of('heart_rate').map(({ method }) => method)).toEqual([undefined, 'manual'])
  expect([...(of('body_mass')[0]?.offsets ?? [])]).toEqual([120])
  expect([...(of('blood_glucose')[0]?.offsets ?? [])]).toEqual([-240])
  expect(of('heart_rate')[0]?.offsets).toBeUndefined() // the date says where the phone was when it exported
})

test('a source is its name without its typography, and its device without the address of the day', () => {
  const sources = new Map(everything.pieces.map(({ source }) => [source.key, source]))
  expect([...sources.keys()]).toEqual([
    watch,
    'diary',
    "ana's iphone",
    'cuff',
    'old sleep app',
    'old watch',
    'apple health',
    'ecg',
  ])
  expect(sources.get(watch)).toEqual({
    key: watch,
    name: 'Ana’s Apple Watch',
    manufacturer: 'Apple Inc.',
    model: 'Watch7,4',
    firmware: '12.1',
  })
  expect(sources.get('diary')).toEqual({ key: 'diary', name: 'Diary', app: 'Diary' })
  expect(sources.get('ecg')).toMatchObject({ manufacturer: 'Apple Inc.', model: 'Watch7,4', app: 'ECG' })
})

test('the newest device of a source is the one it is told by', async () => {
  const worn = (year: number, hardware: string) =>
    `<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="S" unit="count/min" device="&lt;&lt;HKDevice: 0x1&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:${hardware}&gt;" startDate="${year}-01-01 08:00:00 +0100" endDate="${year}-01-01 08:00:00 +0100" value="60"/>`
  const { pieces } = await read(worn(2019, 'Watch4,3') + worn(2025, 'Watch7,4') + worn(2020, 'Watch4,3'))
  expect(pieces.map(({ source }) => source.model)).toEqual(['Watch7,4'])
})

test('a chest strap that writes through the watch does not become the watch', async () => {
  const by = (device: string) => heartRate(`value="60" device="&lt;&lt;HKDevice: 0x1&gt;, ${device}&gt;"`)
  const { pieces } = await read(
    by('name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch7,4') +
      by('name:Polar H10, manufacturer:Polar Electro Oy, localIdentifier:9B1D').replaceAll('08:00:00', '08:01:00'),
  )
  expect(pieces.map(({ source }) => source)).toEqual([
    { key: 's', name: 'S', manufacturer: 'Apple Inc.', model: 'Watch7,4' },
  ])
})

test('a word that is none of a list is kept for later, with the reason', async () => {
  const { ending } = await read(
    record('HKCategoryTypeIdentifierMenstrualFlow', 'value="HKCategoryValueMenstrualFlowUnspecified"'),
  )
  expect(ending.rejected).toEqual([
    {
      index: 0,
      code: 'value_unknown',
      detail: expect.stringContaining('"HKCategoryValueMenstrualFlowUnspecified" is not one of its values'),
    },
  ])
})

test('what stands inside a workout and has no meaning to us is named', async () => {
  const { ending, sessions } = await read(
    '<Workout workoutActivityType="HKWorkoutActivityTypeYoga" sourceName="S" startDate="2026-10-12 08:00:00 +0200" endDate="2026-10-12 09:00:00 +0200"><WorkoutEvent type="HKWorkoutEventTypePauseOrResumeRequest" date="2026-10-12 08:10:00 +0200"/><WorkoutEvent type="HKWorkoutEventTypePause" date="soon"/><WorkoutRoute><Location latitude="1" longitude="2"/></WorkoutRoute></Workout>',
  )
  expect(sessions).toHaveLength(1)
  expect(ending.unused.map(({ name }) => name)).toEqual([
    'Workout element Location',
    'WorkoutEvent PauseOrResumeRequest',
    'WorkoutEvent whose date cannot be read',
  ])
})

test('the rings of a person without move minutes do not say that they moved none', async () => {
  const { rows } = await read(
    '<ActivitySummary dateComponents="2026-10-11" activeEnergyBurned="400" activeEnergyBurnedUnit="Cal" appleMoveTime="0" appleMoveTimeGoal="0" appleExerciseTime="0" appleStandHours="9"/>',
  )
  expect(rows.map((row) => (row.kind === 'day' ? [row.metric, row.value] : []))).toEqual([
    ['energy_active', 400],
    ['exercise_duration', 0],
    ['stand_hours', 9],
  ])
})

test('the night of the watch and the time in bed of the phone stay two records', () => {
  const nights = everything.pieces.flatMap(({ source, sessions }) =>
    sessions
      .filter(({ type }) => type === 'sleep')
      .map(({ externalId, isNap, offset, totals }) => ({ key: source.key, externalId, isNap, offset, totals })),
  )
  expect(nights).toMatchObject([
    {
      key: watch,
      externalId: `sleep/${at('2026-10-11T23:10:00+02:00')}`,
      offset: 120,
      totals: {
        sleep_total: 27_300,
        sleep_light: 2310,
        sleep_deep: 3090,
        sleep_rem: 1800,
        sleep_awake: 300,
        sleep_awakenings: 1,
      },
    },
    { key: watch, isNap: true, totals: { sleep_total: 2400 } },
    { key: "ana's iphone", totals: { duration: 28_800, sleep_time_in_bed: 28_800 } },
    // The clock was put forward that night: 8 hours on the wall, 7 in bed.
    {
      key: 'old sleep app',
      offset: 60,
      totals: { sleep_time_in_bed: 25_200, sleep_total: 22_200, sleep_latency: 1800 },
    },
  ])
  expect(nights[3]?.totals).not.toHaveProperty('sleep_deep')
})

const workouts = everything.sessions.filter(({ type }) => type === 'workout')
const workout = (activity: string) => workouts.find((session) => session.activity === activity)

test('a workout of today: statistics, events, metadata and its route', () => {
  const run = workout('running')
  expect(run).toMatchObject({
    title: 'Evening run',
    start: at('2026-10-10T18:00:00+02:00'),
    end: at('2026-10-10T18:31:30+02:00'),
    offset: 120,
    externalId: `workout/Running/${at('2026-10-10T18:00:00+02:00')}/${at('2026-10-10T18:31:30+02:00')}`,
    extra: {
      healthkit_activity: 'HKWorkoutActivityTypeRunning',
      metadata: { WeatherHumidity: '6800 %', ExternalUUID: '8F2D' },
    },
  })
  expect(run?.totals).toEqual({
    duration: 1890,
    active_duration: 1830,
    distance: 5250,
    energy_active: 351.5,
    energy_total: 390,
    heart_rate_avg: 151.25,
    heart_rate_min: 96,
    heart_rate_max: 172,
    power_avg: 240,
    power_min: 100,
    power_max: 300,
    steps: 5012,
    elevation_gain: 120.5,
    met_avg: 9.5,
    ambient_temperature_avg: 11.6666666667,
    moving_duration: 5,
    elevation_loss: 0,
    speed_avg: 2.725,
    speed_max: 2.75,
  })
  expect(run?.derived?.toSorted()).toEqual([
    'duration',
    'elevation_loss',
    'energy_total',
    'moving_duration',
    'speed_avg',
    'speed_max',
  ])
  const minute = (part: { start: number; end: number }) =>
    [part.start, part.end].map((t) => (t - (run?.start ?? 0)) / 60_000)
  expect(run?.parts.map((part) => [part.kind, part.label, ...minute(part).map((t) => Number(t.toFixed(2)))])).toEqual([
    ['segment', undefined, 0, 5.5],
    ['lap', undefined, 0, 10],
    ['pause', undefined, 10, 11],
    ['marker', undefined, 15, 15],
    ['pause', 'motion', 20, 20.17],
  ])
})

test('a route gives its way, and speed wherever a version of iOS put it', () => {
  expect([...(workout('running')?.track?.lat ?? [])]).toEqual([40.41, 40.411, 40.412, 40.413, 40.414, 40.415])
  expect([...(workout('running')?.streams?.['horizontal_accuracy']?.v ?? [])]).toEqual([4.9, 4.9, 4.9, 4.9, 4.9, 4.9])
  expect(
    pointsOf(everything, 'speed', watch)
      .map(([, speed]) => speed)
      .slice(-6),
  ).toEqual([2.7, 2.71, 2.72, 2.73, 2.74, 2.75])
})

test('an old workout has its totals in attributes, and a route that only its time joins to it', () => {
  const ride = workout('cycling')
  expect(ride?.totals).toMatchObject({
    duration: 3600,
    active_duration: 3600,
    distance: 20_116.8,
    energy_active: 400,
    floors_climbed: 4,
  })
  expect(ride?.track?.t[0]).toBe(at('2019-05-01T08:00:01Z'))
  expect(ride?.parts).toMatchObject([{ kind: 'pause', start: at('2019-05-01T10:50:00+02:00'), end: ride?.end }])
})

test('where it was tells the activity, and what has no name here keeps its own', () => {
  expect(workouts.map(({ activity }) => activity).toSorted()).toEqual([
    'cycling',
    'multisport',
    'other',
    'running',
    'running_treadmill',
    'swimming_pool',
  ])
  expect(workout('other')?.extra).toMatchObject({
    healthkit_activity: 'HKWorkoutActivityTypeCurling',
    method: 'manual',
  })
  expect(workout('swimming_pool')?.parts).toMatchObject([
    { kind: 'length', label: 'freestyle', totals: { distance: 25 } },
  ])
})

test('a triathlon is one workout of legs, as long as they are together', () => {
  const triathlon = workout('multisport')
  expect(triathlon?.totals['distance']).toBe(20_750)
  expect(triathlon?.parts.map(({ kind, label, totals }) => [kind, label, totals?.['distance']])).toEqual([
    ['segment', 'swimming_open_water', 750],
    ['segment', 'transition', undefined],
    ['segment', 'cycling', 20_000],
  ])
})

test('energy that stands in attributes and in statistics counts once', async () => {
  const statistics = '<WorkoutStatistics type="HKQuantityTypeIdentifierActiveEnergyBurned" sum="350" unit="kcal"/>'
  const { sessions } = await read(
    `<Workout workoutActivityType="HKWorkoutActivityTypeYoga" totalEnergyBurned="351" totalEnergyBurnedUnit="kcal" totalDistance="0" totalDistanceUnit="km" sourceName="S" startDate="2026-10-12 08:00:00 +0200" endDate="2026-10-12 09:00:00 +0200">${statistics}</Workout>`,
  )
  expect(sessions[0]?.totals).toEqual({ duration: 3600, energy_active: 350 })
})

test('a mindful session is a meditation and its minutes', () => {
  expect(everything.sessions.filter(({ type }) => type === 'meditation')).toMatchObject([
    {
      start: at('2026-10-12T21:00:00+02:00'),
      end: at('2026-10-12T21:10:00+02:00'),
      offset: 120,
      totals: { duration: 600 },
    },
  ])
})

test('an ECG has its voltages by time and no name, in every language', () => {
  const [english, german] = everything.sessions.filter(({ type }) => type === 'ecg')
  expect(english?.extra).toEqual({
    sample_rate: 512,
    classification: 'Sinus Rhythm',
    symptoms: 'Rapid, pounding, or fluttering heartbeat',
    lead: 'Lead I',
  })
  expect(german?.extra).toEqual({ sample_rate: 512, classification: 'Sinusrhythmus' })
  for (const ecg of [english, german]) {
    const { t, v } = ecg?.streams?.['ecg_voltage'] ?? { t: [], v: [] }
    expect(t).toHaveLength(512)
    expect((t[511] as number) - (t[0] as number)).toBeCloseTo((511 / 512) * 1000, 9)
    expect(v[31]).toBeCloseTo(300 * Math.sin(31 / 20), 3)
  }
  expect(JSON.stringify(everything.pieces)).not.toContain('Example')
})

test('what is not taken over is named, each with its count', () => {
  expect(Object.fromEntries(everything.ending.unused.map(({ name, count }) => [name, count]))).toEqual({
    'clinical-records (documents of clinics are not taken over)': 1,
    'export_cda.xml (the same readings for clinics)': 1,
    'Me (birth date, sex, blood type and the like are not taken over)': 1,
    'InstantaneousBeatsPerMinute (whole beats a minute at a clock time without a date)': 3,
    'Correlation Food (its parts are records of their own)': 1,
    'ActivitySummary of a day with nothing in it': 1,
    ClinicalRecord: 1,
    Audiogram: 1,
    VisionPrescription: 1,
    HKQuantityTypeIdentifierDietaryVitaminC: 1,
    HKQuantityTypeIdentifierEnvironmentalSoundReduction: 1,
    HKCategoryTypeIdentifierLowCardioFitnessEvent: 1,
    HKCategoryTypeIdentifierSleepApneaEvent: 1,
    HKCategoryTypeIdentifierHypertensionEvent: 1,
    HKCategoryTypeIdentifierAudioExposureEvent: 1,
    HKCategoryTypeIdentifierEnvironmentalAudioExposureEvent: 1,
    HKCategoryTypeIdentifierHeadphoneAudioExposureEvent: 1,
    HKCategoryTypeIdentifierToothbrushingEvent: 1,
    HKCategoryTypeIdentifierSexualActivity: 1,
    'WorkoutStatistics HKQuantityTypeIdentifierEstimatedWorkoutEffortScore': 1,
    'metadata HeartRateMotionContext': 1,
    'metadata InsulinDeliveryReason': 1,
    'metadata SyncIdentifier': 1,
    'metadata SyncVersion': 1,
    'metadata BarometricPressure': 1,
    'metadata BodyTemperatureSensorLocation': 1,
    'metadata ExternalUUID': 1,
    'metadata BloodGlucoseMealTime': 1,
    'metadata VO2MaxTestType': 1,
    'metadata time': 2,
    'point course': 6,
    'metadata MenstrualCycleStart': 1,
  })
})

test('the ZIP that a phone wrote is read as its XML is', async () => {
  const zip = await fromBufferPromise(Buffer.from(fixture('apple-health/sample/export.zip')), {
    lazyEntries: true,
    autoClose: false,
  })
  const packed: ArchiveEntry[] = []
  for await (const entry of zip.eachEntry()) {
    const path = entry.fileName
    if (path.endsWith('/') || path.startsWith('__MACOSX')) continue
    const chunks = async function* () {
      yield* await zip.openReadStreamPromise(entry)
    }
    packed.push({ path, size: entry.uncompressedSize, chunks })
  }
  expect(packed.filter(({ path }) => !appleHealthExport.claims(path))).toEqual([])
  const read = await readAll(appleHealthExport.read({ ...options, name: 'export.zip', entries: packed }))
  const alone = await readAll(appleHealthXml.read(inputOf(fixture('apple-health/sample/export.xml'), options)))
  expect(read.pieces).toEqual(alone.pieces)
  expect(read.ending.unused.map(({ name }) => name)).toContain('.DS_Store (how a window of the Mac looked)')
})

test('the XML is known by its root whatever it is called, and everything of the archive is claimed', async () => {
  const head = async ({ chunks }: (typeof entries)[number]) => {
    for await (const chunk of chunks()) return chunk.subarray(0, 4096)
    return new Uint8Array(0)
  }
  expect(await appleHealthExport.recognises(entries, head)).toBe(true)
  expect(
    await appleHealthExport.recognises(
      entries.filter(({ path }) => !path.includes('exportar')),
      head,
    ),
  ).toBe(false)
  expect(entries.filter(({ path }) => !appleHealthExport.claims(path))).toEqual([])
  expect(appleHealthExport.claims('apple_health_export/photos/run.fit')).toBe(false)
  expect(appleHealthXml.recognises(Buffer.from(xml).subarray(0, 4096), 'x')).toBe(true)
})

test('an XML by itself says that the routes are missing', async () => {
  const alone = await readAll(appleHealthXml.read(inputOf(xml, options)))
  expect(alone.ending.warnings).toEqual([
    { code: 'routes_absent', detail: expect.stringContaining('send the whole ZIP') },
  ])
  expect(alone.ending.unused).toContainEqual({ name: 'WorkoutRoute whose file is not there', count: 1 })
  expect(alone.sessions.filter(({ type }) => type === 'workout')).toHaveLength(6)
})

test('an archive that has all its parts says that what it lacks was deleted; one without some, and an XML alone, do not', async () => {
  const archive = async (keep: (path: string) => boolean) =>
    (
      await readAll(
        appleHealthExport.read({ ...options, name: 'x.zip', entries: entries.filter(({ path }) => keep(path)) }),
      )
    ).ending
  const complete = { family: 'apple_health', asOf: at('2026-10-13T09:15:00+02:00') }
  expect(everything.ending.complete).toEqual(complete)
  expect((await archive((path) => !path.includes('6.31pm'))).complete).toBeUndefined()
  expect((await readAll(appleHealthXml.read(inputOf(xml, options)))).ending.complete).toBeUndefined()
})

test('chunks of any size are cut into the same pieces', async () => {
  const whole = await readAll(appleHealthXml.read(inputOf(xml, options)))
  for (const length of [1, 97, 4096])
    expect(await readAll(appleHealthXml.read(inputOf(xml, { now, timeZone: 'UTC', chunk: length })))).toEqual(whole)
})

test('two exports of the same records give them the same names, in whatever order and with whatever addresses', async () => {
  const identities = ({ pieces }: Read) =>
    pieces
      .flatMap(({ source, readings, sessions }) => [
        ...sessions.map(({ externalId }) => `${source.key} ${externalId}`),
        ...readings.flatMap((reading) =>
          reading.kind === 'series'
            ? Array.from(reading.t, (t, i) => `${source.key} ${reading.metric} ${t} ${reading.v[i]}`)
            : reading.kind === 'event'
              ? [`${source.key} ${reading.metric} ${reading.externalId}`]
              : [],
        ),
      ])
      .toSorted()
  const lines = xml.split(/(?=^ <(?:Record|Workout|Correlation|ActivitySummary) )/m)
  const shuffled = [lines[0], ...lines.slice(1, -4).toReversed(), ...lines.slice(-4)].join('')
  const later = shuffled.replaceAll('0x3017a5f0', '0x99').replaceAll('Ana’s', "Ana's").replaceAll('\u00a0', ' ')
  expect(later).not.toBe(xml)
  expect(identities(await readAll(appleHealthXml.read(inputOf(later, options))))).toEqual(
    identities(await readAll(appleHealthXml.read(inputOf(xml, options)))),
  )
})

test.each([
  ['value="63" startDate="never"', 'time_unreadable'],
  ['value="high"', 'number_unreadable'],
  ['', 'number_unreadable'],
])('a heart rate with %s is kept as it stood, with the reason', async (rest, code) => {
  const start = rest.includes('startDate') ? '' : 'startDate="2026-10-12 08:00:00 +0200" '
  const raw = `<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="S" unit="count/min" ${start}endDate="2026-10-12 08:00:00 +0200" ${rest}/>`
  const { pieces, ending } = await read(raw)
  expect(pieces.flatMap((piece) => piece.unusable)).toMatchObject([
    { index: 0, code, raw: raw.replace(' />', '/>').replace(' "/>', '"/>') },
  ])
  expect(ending.rejectedByCode).toEqual({ [code]: 1 })
})

test.each([
  ['unit="furlong"', 'unit_unknown'],
  ['startDate="1969-01-01 08:00:00 +0200"', 'time_too_early'],
  ['endDate="2032-01-01 08:00:00 +0200"', 'time_in_future'],
  ['endDate="2026-10-11 08:00:00 +0200"', 'end_before_start'],
])('with %s it is %s', async (attribute, code) => {
  const name = attribute.split('=')[0] as string
  const whole = heartRate('value="63"')
  const { ending } = await read(whole.replace(new RegExp(`${name}="[^"]*"`), attribute))
  expect(ending.rejectedByCode).toEqual({ [code]: 1 })
})

test('a record that was kept is read again once it can be', async () => {
  const raw = record(
    'HKQuantityTypeIdentifierBodyMass',
    'unit="kg" value="72.5"',
    '<MetadataEntry key="HKWasUserEntered" value="1"/>',
  )
  const piece = await appleHealthXml.replay?.(raw, options)
  expect(piece).toMatchObject({
    source: { key: 's' },
    readings: [{ kind: 'series', metric: 'body_mass', method: 'manual' }],
    unusable: [],
  })
  expect(await appleHealthXml.replay?.(raw.replace('72.5', 'x'), options)).toMatchObject({
    readings: [],
    unusable: [{ code: 'number_unreadable' }],
  })
})

test('a record is kept with what lies in it, so that a later try knows who typed it in', async () => {
  const raw = record(
    'HKQuantityTypeIdentifierBodyMass',
    'unit="furlong" value="72.5"',
    '<MetadataEntry key="HKWasUserEntered" value="1"/>',
  )
  const { pieces } = await read(raw)
  expect(pieces[0]?.unusable[0]?.raw).toBe(raw)
})

test('a figure for a day has the date of the zone that is stated, else the one that is written', async () => {
  const day = (inside: string) =>
    read(
      record('HKQuantityTypeIdentifierRestingHeartRate', 'unit="count/min" value="51"', inside).replaceAll(
        '08:00:00',
        '01:30:00',
      ),
    )
  expect((await day('')).rows).toMatchObject([{ date: '2026-10-12' }])
  expect((await day('<MetadataEntry key="HKTimeZone" value="America/New_York"/>')).rows).toMatchObject([
    { date: '2026-10-11' },
  ])
})

test('a workout that was kept can be read again too', async () => {
  const raw =
    '<Workout workoutActivityType="HKWorkoutActivityTypeYoga" duration="x" sourceName="S" startDate="2026-10-12 08:00:00 +0200" endDate="2026-10-12 09:00:00 +0200"><MetadataEntry key="a" value="&lt;&amp;&quot;"/></Workout>'
  const { pieces } = await read(raw)
  const kept = pieces[0]?.unusable[0]?.raw ?? ''
  expect(kept).toBe(raw)
  expect(await appleHealthXml.replay?.(kept.replace('"x"', '"60"'), options)).toMatchObject({
    sessions: [{ activity: 'yoga' }],
  })
})

test('an export that breaks off keeps what came before, and deletes nothing', async () => {
  const whole = exportOf(heartRate('value="63"') + heartRate('value="64"'))
  const broken = await readAll(appleHealthXml.read(inputOf(whole.slice(0, -40), options)))
  expect(pointsOf(broken, 'heart_rate', 's')).toEqual([[morning, 63]])
  expect(broken.ending.complete).toBeUndefined()
  expect(broken.ending.warnings.map(({ code }) => code)).toEqual(['truncated'])
})

test.each([
  [
    'a malformed document type',
    '<!DOCTYPE HealthData [\n<!ATTLIST a b CDATA "x>\n<!ELEMENT HealthData (Record)>\n]>',
    [],
  ],
  [
    'a billion laughs',
    `<!DOCTYPE HealthData [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, i) => `<!ENTITY b${i} "&a;&a;&a;">`).join('')}]>`,
    ['xml_entities'],
  ],
  ['an outer file', '<!DOCTYPE HealthData [<!ENTITY a SYSTEM "file:///etc/passwd">]>', ['xml_entities']],
])('%s is stepped over, and no entity is looked up', async (_, doctype, codes) => {
  const document = exportOf(
    record('HKQuantityTypeIdentifierHeartRate', 'unit="count/min" value="63"').replace('"S"', '"&a;"'),
  ).replace('<HealthData', `${doctype}<HealthData`)
  expect(appleHealthXml.recognises(Buffer.from(document), 'x')).toBe(true)
  const { pieces, ending } = await readAll(appleHealthXml.read(inputOf(document, { now, timeZone: 'UTC', chunk: 13 })))
  expect(pieces.map(({ source }) => source.name)).toEqual(['&a;'])
  expect(ending.warnings.map(({ code }) => code)).toEqual(codes)
})

test('control characters and text that was not escaped cost no record', async () => {
  const entry = (value: string) => `<MetadataEntry key="HKFoodType" value="${value}"/>`
  const { pieces, ending } = await read(
    heartRate('value="63"', entry('5" tall\u0001 & < 6')) +
      heartRate('value="64"', entry('"')).replaceAll('08:00:00', '08:01:00') +
      heartRate('value="65"').replaceAll('08:00:00', '08:02:00'),
  )
  expect(
    pieces.flatMap((piece) => piece.readings).flatMap((reading) => (reading.kind === 'series' ? [...reading.v] : [])),
  ).toEqual([63, 64, 65])
  expect(ending.warnings.map(({ code }) => code)).toEqual(['xml_sloppy'])
})

test('files that are missing or broken are told and cost nothing else', async () => {
  const broken = entries.map((entry) => {
    if (entry.path.includes('6.31pm')) return entryOf(entry.path, '<gpx><trk><trkseg><trkpt lat="1"')
    return entry.path.endsWith('09-01.csv') ? entryOf(entry.path, 'not an ECG') : entry
  })
  const { ending, sessions } = await readAll(appleHealthExport.read({ ...options, name: 'x.zip', entries: broken }))
  expect(sessions.filter(({ type }) => type === 'workout')).toHaveLength(6)
  expect(ending.warnings.map(({ code }) => code)).toEqual(['route_broken'])
  expect(ending.unused).toContainEqual({ name: 'route without a usable point', count: 1 })
  expect(ending.rejectedByCode).toEqual({ time_unreadable: 1 })
  expect(ending.complete).toBeUndefined()
})

test('where the watch recorded its own speed, that of the route stays inside the workout', async () => {
  const statistics =
    '<WorkoutStatistics type="HKQuantityTypeIdentifierRunningSpeed" average="11" unit="km/hr"/></Workout>'
  const changed = xml.replace('</Workout>', statistics)
  const archive = entries.map((entry) => (entry.path.endsWith('exportar.xml') ? entryOf(entry.path, changed) : entry))
  const all = await readAll(appleHealthExport.read({ ...options, name: 'x.zip', entries: archive }))
  expect(pointsOf(all, 'speed', watch)).toHaveLength(2)
  const run = all.sessions.find(({ activity }) => activity === 'running')
  expect([...(run?.streams?.['speed']?.v ?? [])]).toEqual([2.7, 2.71, 2.72, 2.73, 2.74, 2.75])
  expect(run?.totals['speed_avg']).toBeCloseTo(11 / 3.6, 9)
})

test('an archive whose XML is damaged at its end gives what came before, and deletes nothing', async () => {
  const archive = entries.map((entry) => ({
    ...entry,
    async *chunks() {
      yield* entry.chunks()
      if (entry.path.endsWith('exportar.xml') || entry.path.endsWith('09-02.csv'))
        throw new FormatError('zip_entry_damaged', 'its checksum is wrong')
    },
  }))
  const all = await readAll(appleHealthExport.read({ ...options, name: 'x.zip', entries: archive }))
  expect(all.sessions).toHaveLength(everything.sessions.length - 1)
  expect(all.ending.complete).toBeUndefined()
  expect(all.ending.warnings).toMatchObject([{ code: 'truncated', detail: expect.stringContaining('checksum') }])
  expect(all.ending.rejectedByCode).toEqual({ zip_entry_damaged: 1 })
})
