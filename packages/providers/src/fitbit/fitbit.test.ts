import type { Reading } from '@tributary/protocol'
import { describe, expect, test } from 'vitest'
import { type ReadRecord, readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { dayTypes } from './days.ts'
import { fitbit } from './index.ts'
import { at, context, feed, feeds, fetching, points, reading, told } from './test-points.ts'

const day = (metric: string, value: number, more: object = {}): Reading => ({
  kind: 'day',
  metric,
  date: '2026-11-12',
  value,
  ...more,
})

/** Every object, list and leaf of a record, by its way: `sleep.stages.*.type`. */
function* namesIn(value: unknown, name = ''): Generator<string> {
  yield name
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value))
    yield* namesIn(inner, [...(name ? [name] : []), Array.isArray(value) ? '*' : key].join('.'))
}

describe('what Google Health holds becomes readings', () => {
  const minute = { t: at('2026-11-12T07:41:00Z'), duration: 60_000, offset: 60 }
  const moment = (time: string) => ({ t: at(`2026-11-12T${time}Z`), offset: 60 })
  test.each<[string, object[]]>([
    ['steps', [{ kind: 'sample', metric: 'steps', value: 97, ...minute, method: 'automatic' }]],
    ['distance', [{ kind: 'sample', metric: 'distance', value: 71_300, unit: 'mm', ...minute }]],
    ['floors', [{ kind: 'sample', metric: 'floors_climbed', value: 2, ...minute }]],
    ['altitude', [{ kind: 'sample', metric: 'elevation_gain', value: 3_200, unit: 'mm', ...minute }]],
    ['basal_energy', [{ kind: 'sample', metric: 'energy_basal', value: 1.1, ...minute }]],
    ['swim_lengths', [{ kind: 'sample', metric: 'swim_strokes', value: 18, ...minute }]],
    ['active_energy', [{ kind: 'sample', metric: 'energy_active', value: 4.6, ...minute }]],
    ['heart_rate', [{ kind: 'sample', metric: 'heart_rate', value: 88, ...moment('07:41:05') }]],
    ['resting_heart_rate', [day('resting_heart_rate', 57, { date: '2026-11-02' })]],
    [
      'heart_rate_variability',
      [
        { kind: 'sample', metric: 'hrv_rmssd', value: 38.9, ...moment('02:05:00') },
        { kind: 'sample', metric: 'hrv_sdnn', value: 51.2, ...moment('02:05:00') },
      ],
    ],
    ['daily_heart_rate_variability', [day('hrv_rmssd', 41.7)]],
    ['oxygen', [{ kind: 'sample', metric: 'spo2', value: 96.4, ...moment('02:05:00') }]],
    ['daily_oxygen', [day('spo2', 95.8)]],
    ['daily_respiratory_rate', [day('respiratory_rate', 14.6)]],
    ['sleep_respiratory_rate', [{ kind: 'sample', metric: 'respiratory_rate', value: 14.4, ...moment('05:49:30') }]],
    ['sleep_temperature', [day('skin_temperature', 34.25), day('skin_temperature_deviation', -0.25)]],
    [
      'core_temperature',
      [{ kind: 'sample', metric: 'body_temperature', value: 36.8, ...moment('07:00:00'), method: 'manual' }],
    ],
    [
      'weight',
      [{ kind: 'sample', metric: 'body_mass', value: 72_350, unit: 'g', ...moment('06:30:00'), method: 'active' }],
    ],
    ['body_fat', [{ kind: 'sample', metric: 'body_fat', value: 17.2, ...moment('06:30:00') }]],
    ['height', [{ kind: 'sample', metric: 'body_height', value: 1815, unit: 'mm', ...moment('06:30:00') }]],
    ['glucose', [{ kind: 'sample', metric: 'blood_glucose', value: 94, unit: 'mg/dL', ...moment('06:30:00') }]],
    ['daily_vo2max', [day('vo2max', 44.1)]],
    ['run_vo2max', [{ kind: 'sample', metric: 'vo2max', value: 45.3, ...moment('15:49:00') }]],
    ['vo2max', [{ kind: 'sample', metric: 'vo2max', value: 44.9, ...moment('15:49:00') }]],
    [
      'hydration',
      [
        {
          kind: 'sample',
          metric: 'water_intake',
          value: 250,
          unit: 'mL',
          t: at('2026-11-12T09:00:00Z'),
          duration: 0,
          offset: 60,
          method: 'manual',
          recordId: 'hydration-log:31',
        },
      ],
    ],
  ])('%s', (name, readings) => {
    expect(told(name)).toEqual(readings)
  })

  test('a way down is no elevation gain; a drink without a name is known by its time', () => {
    expect(told('altitude', 1)).toEqual([])
    expect(told('hydration', 1)).toEqual([
      {
        kind: 'sample',
        metric: 'water_intake',
        value: 100,
        unit: 'mL',
        t: at('2026-11-12T09:00:00Z'),
        duration: 0,
        offset: 60,
      },
    ])
  })

  test('a count that is left out of a point is a count of none; a point without its message is no point', () => {
    expect(told('steps', 1)).toEqual([
      { kind: 'sample', metric: 'steps', value: 0, t: at('2026-11-12T07:42:00Z'), duration: 60_000, offset: 60 },
    ])
    expect(readRecord(feed('steps'), { dataPointName: 'x' }, context)).toMatchObject({ code: 'record_malformed' })
  })

  test('a paired device tells when it was heard from and how full it is, as the device that its points name', () => {
    const { source, told } = reading('paired_devices')
    expect(told).toEqual([{ kind: 'thing', seen: at('2026-11-12T16:02:11Z'), battery: 57 }])
    expect(source?.key).toBe('FITBIT::Charge 6')
    expect(reading('steps').source?.key).toBe(source?.key)
    const bare = readRecord(feed('paired_devices'), { deviceVersion: 'Charge 6' }, context)
    expect(bare).toMatchObject({ told: [{ kind: 'thing' }] })
    const mad = readRecord(feed('paired_devices'), { deviceVersion: 'Charge 6', batteryLevel: 570 }, context)
    expect(mad).toMatchObject({ code: 'record_malformed' })
  })

  test('paired devices are one list', async () => {
    const listed = { pairedDevices: points['paired_devices'] }
    const http = testHttp(fitbit, answers({ 'GET /v4/users/me/pairedDevices?pageSize=100': listed }))
    const window = { from: 0, to: context.now }
    expect(await recordsOf(feed('paired_devices').fetch?.(http, window, fetching))).toEqual(points['paired_devices'])
    const none = testHttp(fitbit, answers({ 'GET /v4/users/me/pairedDevices?pageSize=100': {} }))
    expect(await recordsOf(feed('paired_devices').fetch?.(none, window, fetching))).toEqual([])
  })

  test('sums of a day are the ones Google’s app shows, energy with what the body needs at rest', () => {
    expect([0, 1, 2, 3, 4, 5].flatMap((place) => told('days', place))).toEqual([
      day('steps', 9134),
      day('distance', 6_840_000, { unit: 'mm' }),
      day('energy_total', 2412.5),
      day('floors_climbed', 14),
      day('elevation_gain', 87_400, { unit: 'mm' }),
      day('energy_active', 812.25),
    ])
  })

  test('how active a day was is told in seconds, its zone minutes as Google counts them, the hard ones twice', () => {
    expect([6, 7, 8].flatMap((place) => told('days', place))).toEqual([
      day('moderate_duration', 2280),
      day('vigorous_duration', 1320),
      day('active_duration', 13_860),
      day('active_zone_minutes', 61),
      day('sedentary_duration', 37_800),
    ])
    expect([9, 10, 11].flatMap((place) => told('days', place))).toEqual([])
  })

  test('a night has its stages and belongs to the tracker that recorded it', () => {
    const { source, told } = reading('sleep')
    expect(source).toEqual({ key: 'FITBIT::Inspire 3', name: 'Inspire 3', model: 'Inspire 3' })
    const stage = (label: string, start: string, end: string) => ({
      kind: 'stage',
      label,
      start: at(start),
      end: at(end),
    })
    expect(told).toEqual([
      {
        kind: 'session',
        type: 'sleep',
        start: at('2026-11-11T22:18:30Z'),
        end: at('2026-11-12T05:49:30Z'),
        offset: 60,
        externalId: 'sleep:8841',
        totals: {
          duration: 27_060,
          sleep_time_in_bed: 27_060,
          sleep_total: 23_880,
          sleep_awake: 3180,
          sleep_latency: 360,
          sleep_rem: 5040,
        },
        parts: [
          stage('light', '2026-11-11T22:18:30Z', '2026-11-11T22:47:00Z'),
          stage('deep', '2026-11-11T22:47:00Z', '2026-11-11T23:31:30Z'),
          stage('awake', '2026-11-11T23:31:30Z', '2026-11-11T23:36:00Z'),
        ],
        extra: {
          type: 'STAGES',
          stages_status: 'SUCCEEDED',
          minutes_after_waking: 4,
          short_wakings: [{ start: '2026-11-12T01:10:00Z', end: '2026-11-12T01:11:00Z' }],
          out_of_bed: [{ start: '2026-11-12T03:00:00Z', end: '2026-11-12T03:04:00Z' }],
          stages_summary: [{ type: 'REM', minutes: '84', count: '6' }],
        },
      },
    ])
  })

  test('a classic nap has no stages of deep or light sleep, and says that it may still change', () => {
    expect(told('sleep', 1)).toEqual([
      {
        kind: 'session',
        type: 'sleep',
        isNap: true,
        start: at('2026-11-12T13:00:00Z'),
        end: at('2026-11-12T13:40:00Z'),
        offset: 60,
        externalId: 'sleep:8842',
        totals: { duration: 2400, sleep_time_in_bed: 2400, sleep_total: 1800, sleep_awake: 600 },
        parts: [
          {
            kind: 'stage',
            label: 'asleep_unspecified',
            start: at('2026-11-12T13:00:00Z'),
            end: at('2026-11-12T13:30:00Z'),
          },
          { kind: 'stage', label: 'awake', start: at('2026-11-12T13:30:00Z'), end: at('2026-11-12T13:40:00Z') },
        ],
        extra: {
          type: 'CLASSIC',
          stages_status: 'PENDING',
          may_change: true,
          edited: true,
          stages_summary: [{ type: 'ASLEEP', minutes: '30', count: '1' }],
        },
      },
    ])
  })

  test('a trail run becomes one workout in metres and metres per second', () => {
    const { source, told } = reading('exercise')
    expect(source).toEqual({ key: 'FITBIT::Charge 6', name: 'Charge 6', manufacturer: 'Fitbit', model: 'Charge 6' })
    expect(told).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'running_trail',
        title: 'Trail run',
        start: at('2026-11-12T15:02:10Z'),
        end: at('2026-11-12T15:49:00Z'),
        offset: 60,
        externalId: 'exercise:5577',
        totals: {
          duration: 2810,
          active_duration: 2712,
          distance: 7612.3,
          elevation_gain: 141,
          speed_avg: 2.8069,
          energy_total: 476,
          steps: 7204,
          heart_rate_avg: 149,
          cadence_steps_avg: 159.4,
          stride_length_avg: 1.056,
          vertical_oscillation_avg: 88,
          vertical_ratio_avg: 8.3,
          ground_contact_time_avg: 251,
        },
        parts: [
          {
            kind: 'lap',
            label: 'manual',
            start: at('2026-11-12T15:02:10Z'),
            end: at('2026-11-12T15:08:06Z'),
            totals: {
              duration: 356,
              active_duration: 350,
              distance: 1000,
              elevation_gain: 18,
              speed_avg: 2.809,
              energy_total: 62.5,
              steps: 931,
              heart_rate_avg: 141,
              cadence_steps_avg: 158.2,
              stride_length_avg: 1.05,
              vertical_oscillation_avg: 89,
              vertical_ratio_avg: 8.4,
              ground_contact_time_avg: 253,
            },
          },
          { kind: 'pause', start: at('2026-11-12T15:20:00Z'), end: at('2026-11-12T15:21:38Z') },
        ],
        extra: {
          exercise_type: 'TRAIL_RUN',
          has_gps: true,
          notes: 'windy',
          active_zone_minutes: 61,
          heart_rate_zones: { lightTime: '240s', moderateTime: '900s', vigorousTime: '1440s', peakTime: '132s' },
          vo2max: 45.3,
          splits: [expect.objectContaining({ splitType: 'DISTANCE', activeDuration: '374s' })],
        },
      },
    ])
  })

  test('a swim has the lengths of its pool, with their strokes; where the person pressed no lap, Google’s own count', () => {
    const [swim] = told('exercise', 1)
    const [start, end] = [at('2026-11-12T17:00:00Z'), at('2026-11-12T17:01:40Z')]
    expect(swim).toMatchObject({
      activity: 'swimming_pool',
      extra: { pool_length: 25, swim_lengths: 2 },
      parts: [
        { kind: 'lap', label: 'distance', start, end, totals: { duration: 100, active_duration: 95, distance: 50 } },
        {
          kind: 'length',
          label: 'freestyle',
          start,
          end: at('2026-11-12T17:00:45Z'),
          intensity: 'active',
          totals: { distance: 25, swim_strokes: 18 },
        },
        { kind: 'length', label: 'breaststroke', end, totals: { distance: 25, swim_strokes: 15 } },
      ],
    })
  })

  test('an exercise of meditation is a meditation', () => {
    expect(told('exercise', 2)).toMatchObject([
      { type: 'meditation', activity: 'meditation', externalId: 'exercise:5579' },
    ])
  })

  test('a type of exercise that nobody knows is kept by its name', () => {
    const record = structuredClone(points['exercise']?.[0]) as { exercise: { exerciseType: string } }
    record.exercise.exerciseType = 'UNDERWATER_HOCKEY'
    expect((readRecord(feed('exercise'), record, context) as ReadRecord).told[0]).toMatchObject({
      activity: 'other',
      extra: { exercise_type: 'UNDERWATER_HOCKEY' },
    })
  })

  test('the corrected night counts, whichever came last', () => {
    const rank = (place: number) => feed('sleep').version?.(feed('sleep').raw.parse(points['sleep']?.[place]))
    expect(rank(0)).toEqual({ key: 'users/me/dataTypes/sleep/dataPoints/8841', rank: at('2026-11-12T06:10:11Z') })
  })

  test.each(Object.keys(points))('every field of %s is read, or left out with a reason', (name) => {
    expect(judgeLeaves(feed(name), points[name] ?? [], context)).toEqual({ unmapped: [], listedButMapped: [] })
  })

  test.each(Object.entries(fixture<Record<string, string[]>>(import.meta.url, 'fields')))(
    'every field that Google’s document has of %s is in its fixture',
    (name, fields) => {
      const here = new Set((points[name] ?? []).flatMap((record) => [...namesIn(record)]))
      expect(fields.filter((field) => !here.has(field))).toEqual([])
    },
  )

  test('every feed has a fixture', () => {
    expect(Object.keys(feeds).sort()).toEqual(Object.keys(points).sort())
  })
})

describe('asking', () => {
  const window = { from: Date.UTC(2026, 10, 12), to: Date.UTC(2026, 10, 13) }
  const asked = (type: string, call: string, filter: string, pageSize: number, pageToken?: string) =>
    `GET /v4/users/me/dataTypes/${type}/dataPoints${call}?${new URLSearchParams({ filter, pageSize: String(pageSize), ...(pageToken ? { pageToken } : {}) })}`

  test('pages are followed until there is no token, though one of them may be empty', async () => {
    const filter =
      'heart_rate.sample_time.physical_time >= "2026-11-12T00:00:00.000Z" AND heart_rate.sample_time.physical_time < "2026-11-13T00:00:00.000Z"'
    const http = testHttp(
      fitbit,
      answers({
        [asked('heart-rate', ':reconcile', filter, 10_000)]: { dataPoints: points['heart_rate'], nextPageToken: 'a' },
        [asked('heart-rate', ':reconcile', filter, 10_000, 'a')]: { nextPageToken: 'b' },
        [asked('heart-rate', ':reconcile', filter, 10_000, 'b')]: { dataPoints: points['heart_rate'] },
      }),
    )
    expect(await recordsOf(feed('heart_rate').fetch?.(http, window, fetching))).toHaveLength(2)
  })

  test('a night is asked for by its end, at most 25 at a time', async () => {
    const filter =
      'sleep.interval.end_time >= "2026-11-12T00:00:00.000Z" AND sleep.interval.end_time < "2026-11-13T00:00:00.000Z"'
    const http = testHttp(fitbit, answers({ [asked('sleep', '', filter, 25)]: {} }))
    expect(await recordsOf(feed('sleep').fetch?.(http, window, fetching))).toEqual([])
  })

  const exercises = asked(
    'exercise',
    '',
    'exercise.interval.civil_start_time >= "2026-11-11" AND exercise.interval.civil_start_time < "2026-11-14"',
    25,
  )
  const run = points['exercise']?.[0]
  const tcx = 'GET /v4/users/me/dataTypes/exercise/dataPoints/5577:exportExerciseTcx?alt=media&partialData=true'

  test('a workout is asked for by local days, and its way comes as a file', async () => {
    const bytes = new TextEncoder().encode('<TrainingCenterDatabase/>')
    const http = testHttp(fitbit, answers({ [exercises]: { dataPoints: [run] }, [tcx]: new Response(bytes) }))
    const [record] = await recordsOf(feed('exercise').fetch?.(http, window, fetching))
    const { told } = readRecord(feed('exercise'), record, context) as ReadRecord
    expect(told[1]).toEqual({ kind: 'file', format: 'tcx', bytes, externalId: 'exercise:5577' })
  })

  test('who did not say where they were is not asked for it, and a way that is missing loses no workout', async () => {
    const without = testHttp(fitbit, answers({ [exercises]: { dataPoints: [run] } }))
    expect(await recordsOf(feed('exercise').fetch?.(without, window, { ...fetching, scopes: [] }))).toEqual([run])
    const missing = testHttp(
      fitbit,
      answers({ [exercises]: { dataPoints: [run] }, [tcx]: new Response(null, { status: 404 }) }),
    )
    expect(await recordsOf(feed('exercise').fetch?.(missing, window, fetching))).toEqual([run])
  })

  test('a swim is asked for its lengths, though it was read before', async () => {
    const [, swim] = points['exercise'] as { lengths?: unknown[] }[]
    const { lengths, ...listed } = swim ?? {}
    const filter =
      'swim_lengths_data.interval.start_time >= "2026-11-12T17:00:00.000Z" AND swim_lengths_data.interval.start_time < "2026-11-12T17:01:40.000Z"'
    const http = testHttp(
      fitbit,
      answers({
        [exercises]: { dataPoints: [listed] },
        [asked('swim-lengths-data', ':reconcile', filter, 10_000)]: { dataPoints: lengths },
      }),
    )
    const isKnown = async () => true
    expect(await recordsOf(feed('exercise').fetch?.(http, window, { ...fetching, isKnown }))).toEqual([
      { ...listed, lengths },
    ])
  })

  test('a workout that was read in this version is listed again, but its way is not fetched again', async () => {
    const http = testHttp(fitbit, answers({ [exercises]: { dataPoints: [run] } }))
    const isKnown = async (key: string, rank: number) => key.endsWith('/5577') && rank === at('2026-11-12T15:55:40Z')
    expect(await recordsOf(feed('exercise').fetch?.(http, window, { ...fetching, isKnown }))).toEqual([run])
  })

  test('Google gives a refresh token only when it is asked for offline and with consent, and reading scopes only', () => {
    const { auth } = fitbit
    expect(auth.authorizeParameters).toEqual({ access_type: 'offline', prompt: 'consent' })
    for (const scope of Object.keys(auth.scopes))
      expect(scope).toMatch(/^https:\/\/www\.googleapis\.com\/auth\/googlehealth\.\w+\.readonly$/)
  })

  test('sums are asked for by local dates, within the fourteen days that total energy allows', async () => {
    const bodies: unknown[] = []
    const http = testHttp(fitbit, async (request) => {
      bodies.push(await request.json())
      return Response.json({ rollupDataPoints: [] })
    })
    const { windowDays } = fitbit.feeds.days
    await recordsOf(
      fitbit.feeds.days.fetch?.(http, { from: window.from, to: window.from + windowDays * 86_400_000 }, fetching),
    )
    const date = (month: number, day: number) => ({ date: { year: 2026, month, day } })
    expect(bodies[0]).toEqual({ range: { start: date(11, 11), end: date(11, 24) }, windowSizeDays: 1 })
    expect(http.requests.map((asked) => asked.split('/')[5])).toEqual([...dayTypes])
  })

  test('sums that come in pages are asked for to the end, each page with the same request', async () => {
    const bodies: { pageToken?: string }[] = []
    const http = testHttp(fitbit, async (request) => {
      const body = (await request.json()) as { pageToken?: string }
      if (request.url.includes('/steps/')) bodies.push(body)
      return Response.json(body.pageToken || !request.url.includes('/steps/') ? {} : { nextPageToken: 'b' })
    })
    await recordsOf(fitbit.feeds.days.fetch?.(http, window, fetching))
    expect(bodies[1]).toEqual({ ...bodies[0], pageToken: 'b' })
  })

  test('meals and drinks are sessions: asked for by their local start alone', async () => {
    for (const [name, type] of [
      ['hydration', 'hydration-log'],
      ['nutrition', 'nutrition-log'],
    ] as const) {
      const field = `${type.replace('-', '_')}.interval.civil_start_time`
      const filter = `${field} >= "2026-11-11" AND ${field} < "2026-11-14"`
      const http = testHttp(fitbit, answers({ [asked(type, '', filter, 10_000)]: {} }))
      expect(await recordsOf(feed(name).fetch?.(http, window, fetching))).toEqual([])
    }
  })

  test('ECGs are asked for from a moment on, and later ones are left to their own stretch', async () => {
    const filter = 'electrocardiogram.interval.start_time >= "2024-01-01T00:00:00.000Z"'
    const http = testHttp(
      fitbit,
      answers({ [asked('electrocardiogram', '', filter, 25)]: { dataPoints: points['electrocardiogram'] } }),
    )
    const year = { from: Date.UTC(2024, 0, 1), to: Date.UTC(2025, 0, 1) }
    expect(await recordsOf(feed('electrocardiogram').fetch?.(http, year, fetching))).toEqual([
      points['electrocardiogram']?.[1],
    ])
  })

  test('what is about the account is one record, whatever the time', async () => {
    for (const name of ['profile', 'settings']) {
      const http = testHttp(fitbit, answers({ [`GET /v4/users/me/${name}`]: points[name]?.[0] }))
      expect(await recordsOf(feed(name).fetch?.(http, window, fetching))).toEqual(points[name])
    }
  })

  test('since when somebody has the account is asked for when they let us see it, and a sign-in does not fail for it', async () => {
    const scopes = Object.keys(fitbit.auth.scopes)
    const identity = { healthUserId: '111222333444555666' }
    const profile = async (answer: unknown) =>
      (
        await fitbit.account(
          testHttp(fitbit, answers({ 'GET /v4/users/me/identity': identity, 'GET /v4/users/me/profile': answer })),
          { accessToken: 'a', scopes },
        )
      ).profile
    expect(await profile(points['profile']?.[0])).toEqual({ member_since: '2017-05-03' })
    expect(await profile(Response.json({ error: { code: 403 } }, { status: 403 }))).toEqual({})
  })

  test('the account from before is found by the id that Fitbit gave it', async () => {
    const identity = { name: 'users/123/identity', healthUserId: '111222333444555666', legacyUserId: '7KQ2VX' }
    const http = testHttp(fitbit, answers({ 'GET /v4/users/me/identity': identity }))
    expect(await fitbit.account(http, undefined)).toEqual({
      account: '111222333444555666',
      profile: { fitbit_user: '7KQ2VX' },
      formerAccounts: ['7KQ2VX'],
    })
  })

  test('Fitbit’s own sign-in is closed, with a word for those who once used it', () => {
    expect(fitbit.otherAuth).toMatchObject([
      { closed: true, endsOn: '2026-11-02', words: { en: expect.stringContaining('Sign in once') } },
    ])
    const kept = { refreshToken: 'r', expiresAt: new Date(), scopes: ['sleep', 'heartrate'] }
    const [{ gave }] = fitbit.otherAuth
    expect(gave?.({ ...kept, accessToken: 'eyJhbGciOiJIUzI1NiJ9.x.y' })).toBe(true)
    expect(gave?.({ ...kept, accessToken: 'ya29.a0' })).toBe(false)
    expect(gave?.({ ...kept, accessToken: 'x', scopes: Object.keys(fitbit.auth.scopes) })).toBe(false)
  })

  const error = (code: number, reason: string) =>
    Response.json(
      { error: { code, status: 'PERMISSION_DENIED', message: 'm', details: [{ reason }] } },
      { status: code },
    )

  test.each([
    [error(403, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'), 'scope'],
    [error(403, 'SERVICE_DISABLED'), 'unavailable'],
    [error(403, 'ACCOUNT_NOT_LINKED'), 'scope'],
    [error(400, 'ACCOUNT_NOT_LINKED'), 'scope'],
    [error(403, 'x'), 'scope'],
    [error(429, 'RESOURCE_EXHAUSTED'), 'rate_limit'],
    [error(410, 'gone'), 'bad_data'],
    [error(401, 'x'), 'auth'],
  ])('an answer %# means what its reason says', async (answer, fault) => {
    const http = testHttp(fitbit, () => answer)
    await expect(http.get('/v4/users/me/identity')).rejects.toMatchObject({ fault })
  })

  test('leaving revokes at Google, without showing the token as a header too', async () => {
    const http = testHttp(fitbit, () => new Response(null, { status: 200 }))
    await fitbit.leave(http, { accessToken: 'a', refreshToken: 'r' })
    expect(http.requests).toEqual(['POST /revoke?token=r'])
  })
})
