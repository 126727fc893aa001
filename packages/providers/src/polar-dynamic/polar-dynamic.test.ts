import { describe, expect, test } from 'vitest'
import type { Feed, FetchContext, ReadContext, Told } from '../kit/feed.ts'
import { isUnread, type ReadRecord, readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { polarDynamic } from './index.ts'

type Fields = Record<string, unknown>
const records = fixture<Record<string, Fields[]>>(import.meta.url, 'records')
const of = (name: string, i = 0) => records[name]?.[i] as Fields
const at = Date.parse
const now = at('2026-11-10T12:00:00Z')
const context: ReadContext = { account: 'mira@example.org', now, timeZone: 'Europe/Berlin' }
const fetching: FetchContext = { ...context, scopes: Object.keys(polarDynamic.auth.scopes) }
const feeds: Readonly<Record<string, Feed>> = polarDynamic.feeds
const feedOf = (name: string): Feed => feeds[name] as Feed

function read(feed: string, record: unknown, inContext = context): ReadRecord {
  const result = readRecord(feedOf(feed), record, inContext)
  if (isUnread(result)) throw new Error(result.detail)
  return result
}
const tell = (feed: string, record: unknown, inContext = context): readonly Told[] => read(feed, record, inContext).told
const day = (metric: string, value: number, date = '2026-11-10') => ({ kind: 'day', metric, date, value })
const series = (metric: string, t: readonly number[], v: readonly number[], more = {}) => ({
  kind: 'series',
  metric,
  t: Float64Array.from(t),
  v: Float64Array.from(v),
  ...more,
})
const watch = { key: '0B1C22EE', name: 'Polar', manufacturer: 'Polar', serial: '0B1C22EE' }

describe('what the Dynamic API holds becomes readings', () => {
  test('a session has its total and, from its exercises, its offset, its columns, its beats, its laps and its way', () => {
    const start = at('2026-11-09T16:31:05Z')
    const seconds = (...list: number[]) => list.map((second) => start + second * 1_000)
    const course = { offset: 60, method: 'active' }
    const { source, told } = read('training_sessions', of('training_sessions'))
    expect(source).toEqual({ ...watch, name: 'Polar Vantage V3', model: 'Polar Vantage V3' })
    const lap = start + 1_500_000
    const [exercise] = of('training_sessions')['exercises'] as [{ zones: unknown; statistics: { statistics: unknown } }]
    expect(told).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'running_trail',
        title: 'Evening loop',
        start,
        end: start + 2_892_500,
        offset: 60,
        externalId: '8123-77',
        totals: {
          duration: 2_892.5,
          distance: 9_120.4,
          energy_active: 612,
          elevation_gain: 142.5,
          heart_rate_avg: 147,
          heart_rate_max: 171,
          training_load: 88.3,
        },
        parts: [
          {
            kind: 'lap',
            start,
            end: lap,
            totals: { duration: 1_500, distance: 5_000, elevation_gain: 80, heart_rate_avg: 145, heart_rate_max: 165 },
          },
          { kind: 'lap', start: lap, end: start + 2_892_500, totals: { duration: 1_392.5, distance: 4_120.4 } },
        ],
        track: {
          t: Float64Array.of(start + 1_500, start + 2_500),
          lat: Float64Array.of(60.1875, 60.1876),
          lon: Float64Array.of(24.9412, 24.9414),
          ele: Float64Array.of(18.5, 18.75),
        },
        streams: {
          cadence: { t: Float64Array.from(seconds(0, 1)), v: Float64Array.of(84, 85) },
          distance: { t: Float64Array.from(seconds(0, 1)), v: Float64Array.of(0, 3.1) },
        },
        extra: {
          sport: 'TRAIL_RUNNING',
          training_benefit: 'TEMPO_TRAINING',
          recovery_ms: 79_200_000,
          start_trigger: 'MANUAL',
          exercises: [{ zones: exercise.zones, statistics: exercise.statistics.statistics }],
        },
      },
      series('heart_rate', seconds(0, 1, 3), [92, 93, 97], course),
      series('speed', seconds(0, 2), [10.8, 11.2], { ...course, unit: 'km/h' }),
      series('elevation', seconds(0, 1), [18.5, 18.75], course),
      series('power', seconds(0, 1), [231, 240], course),
      series('ambient_temperature', seconds(0, 1), [4.5, 4.25], course),
      series('rr_interval', [start + 800, start + 3_190], [800, 790], course),
      { kind: 'sample', metric: 'vo2max', t: start + 2_892_500, value: 53, offset: 60, quality: 'fair' },
    ])
  })

  test('where nobody pressed a lap the watch’s own count, and a sport without a name is its number', () => {
    const start = at('2026-11-08T07:00:00Z')
    const lap = (from: number, distance: number) => ({
      kind: 'lap',
      start: start + from,
      end: start + from + 600_000,
      totals: { duration: 600, distance },
    })
    expect(tell('training_sessions', of('training_sessions', 1))).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'other',
        start,
        end: start + 1_200_000,
        offset: 60,
        externalId: '91',
        totals: { duration: 1_200 },
        parts: [lap(0, 2_000), lap(600_000, 2_100)],
        extra: { sport: '999' },
      },
    ])
  })

  test('a session that says no offset is on the person’s clock; one without a length is put aside', () => {
    const { exercises: _, ...bare } = of('training_sessions')
    expect(tell('training_sessions', bare)).toMatchObject([
      { start: at('2026-11-09T16:31:05Z'), offset: 60, offsetFrom: 'person', parts: [] },
    ])
    expect(readRecord(feedOf('training_sessions'), { ...bare, durationMillis: null }, context)).toMatchObject({
      code: 'record_unreadable',
    })
  })

  test('of one session the one that was changed last counts', () => {
    const { version } = feedOf('training_sessions')
    const older = version?.({ ...of('training_sessions'), modified: '2026-11-09T17:25:00' })
    const newer = version?.(of('training_sessions'))
    expect(older?.key).toBe('8123-77')
    expect(newer?.rank).toBeGreaterThan(older?.rank ?? Number.NaN)
    expect(version?.({ ...of('training_sessions'), modified: null })?.rank).toBe(0)
  })

  test('exercises of one session follow each other in its columns and its way', () => {
    const [exercise] = of('training_sessions')['exercises'] as [Fields]
    const second = { ...exercise, startTime: '2026-11-09T17:41:05', laps: null, routes: null }
    const [session] = tell('training_sessions', { ...of('training_sessions'), exercises: [exercise, second] })
    const start = at('2026-11-09T16:31:05Z')
    expect(session).toMatchObject({
      totals: { elevation_gain: 285 },
      streams: { distance: { t: Float64Array.of(start, start + 1_000, start + 600_000, start + 601_000) } },
    })
  })

  test('the states of a night last until the next, and what is marked after waking up is no part of it', () => {
    const start = at('2026-11-09T22:12:30Z')
    const end = at('2026-11-10T05:58:30Z')
    const stage = (label: string, from: number, until: number) => ({
      kind: 'stage',
      label,
      start: start + from * 1_000,
      end: start + until * 1_000,
    })
    const { source, told } = read('sleep', of('sleep'))
    expect(source).toEqual(watch)
    expect(told).toEqual([
      {
        kind: 'session',
        type: 'sleep',
        start,
        end,
        offset: 60,
        externalId: 'sleep:2026-11-10',
        totals: {
          duration: 27_960,
          sleep_time_in_bed: 27_960,
          sleep_total: 26_280,
          sleep_light: 14_820,
          sleep_deep: 5_340,
          sleep_rem: 6_120,
          sleep_awake: 1_680,
          sleep_score: 79,
        },
        parts: [
          stage('awake', 0, 450),
          stage('light', 450, 5_490),
          stage('deep', 5_490, 9_000),
          stage('light', 9_000, 9_600),
          stage('rem', 9_600, 12_000),
          stage('unknown', 12_000, 27_960),
        ],
        derived: ['sleep_time_in_bed'],
        extra: { continuity: 3.4, sleep_cycles: [{ offsetFromStart: '600s', sleepDepthStart: 0.75 }] },
      },
    ])
  })

  test('a date without a night tells nothing, and a score outside 1 to 100 was never worked out', () => {
    expect(tell('sleep', of('sleep', 1))).toEqual([])
    for (const sleepScore of [0, -1, 101])
      expect(tell('sleep', { ...of('sleep'), sleepScore: { sleepScore } })[0]).not.toHaveProperty('totals.sleep_score')
  })

  test('a recharge is RMSSD, and breaths from how long one is; 0 is none', () => {
    const t = at('2026-11-09T22:45:00Z')
    expect(tell('nightly_recharge', of('nightly_recharge'))).toEqual([
      day('hrv_rmssd', 62),
      day('respiratory_rate', 15),
      series('hrv_rmssd', [t, t + 600_000], [58, 64]),
      series('respiratory_rate', [t, t + 300_000], [13.8, 14.2]),
    ])
    const none = { meanNightlyRecoveryRmssd: 0, meanNightlyRecoveryRespirationInterval: 0 }
    expect(tell('nightly_recharge', { sleepResultDate: '2026-11-10', ...none })).toEqual([])
  })

  test('steps of a device are summed up over its own parts of a day', () => {
    const midnight = at('2026-11-08T23:00:00Z')
    const { source, told } = read('activity', of('activity'))
    expect(source).toEqual(watch)
    expect(told).toEqual([
      day('steps', 117, '2026-11-09'),
      series('steps', [midnight + 60_000, midnight + 180_000, at('2026-11-09T08:00:00Z')], [74, 12, 31], {
        durations: Float64Array.of(60_000, 60_000, 60_000),
      }),
      series('met', [midnight + 30_000], [1.125]),
    ])
    expect(read('activity', of('activity', 1)).source).toEqual(watch)
  })

  test('what is told twice of a minute counts once, and a day of no samples is none', () => {
    const [first] = of('activity')['activitySamples'] as [Fields]
    expect(tell('activity', { date: '2026-11-09', activitySamples: [first, first] })[0]).toEqual(
      day('steps', 86, '2026-11-09'),
    )
    expect(tell('activity', { date: '2026-11-09', activitySamples: [] })).toEqual([])
  })

  test('minutes and milliseconds count on where the clocks go back', () => {
    const steps = Array.from({ length: 1_500 }, (_, i) => (i === 1_499 ? 5 : 0))
    const stepSamples = { startTime: '00:00:00', interval: 60_000, steps }
    expect(tell('activity', { date: '2026-10-25', activitySamples: [{ stepSamples }] })[1]).toMatchObject({
      t: Float64Array.of(at('2026-10-25T22:59:00Z')),
    })
    expect(
      tell('continuous', { date: '2026-10-25', samples: [{ heartRate: 57, offsetMillis: 4 * 3_600_000 }] }),
    ).toEqual([series('heart_rate', [at('2026-10-25T02:00:00Z')], [57])])
  })

  test('the pulse of a day is so long after its midnight; what has no value or no time is passed over', () => {
    const midnight = at('2026-11-08T23:00:00Z')
    const { source, told } = read('continuous', of('continuous'))
    expect(source).toEqual(watch)
    expect(told).toEqual([series('heart_rate', [midnight + 221_000, midnight + 520_000], [57, 55])])
    const samples = [{ heartRate: 0, offsetMillis: 1 }, { heartRate: 60 }, { offsetMillis: 5 }]
    expect(tell('continuous', { date: '2026-11-09', samples })).toEqual([])
  })

  test('beats in movement are fair; lost ones and those off the skin are none', () => {
    const midnight = at('2026-11-08T23:00:00Z')
    const { source, told } = read('beats', of('beats'))
    expect(source).toEqual(watch)
    expect(told).toEqual([
      series('rr_interval', [midnight + 1_000], [940]),
      series('rr_interval', [midnight + 1_940], [951], { qualities: Uint32Array.of(2) }),
    ])
    const beat = { offsetMillis: 1, ppInterval: 900 }
    const ppiSamples = [
      { ...beat, offline: true },
      { ...beat, skinContact: false },
    ]
    expect(tell('beats', { date: '2026-11-09', ppiSamples })).toEqual([])
  })

  test('temperatures are of the skin or of the core, their times UTC', () => {
    const t = at('2026-11-09T22:00:00Z')
    expect(tell('temperature', of('temperature'))).toEqual([series('skin_temperature', [t, t + 60_000], [33.1, 33.25])])
    const core = { ...of('temperature'), startTime: '2026-11-09T22:00:00', measurementType: 'TM_CORE_TEMPERATURE' }
    expect(tell('temperature', core)).toEqual([series('body_temperature', [t, t + 60_000], [33.1, 33.25])])
  })

  test('a test of lying and standing tells how the heart varied lying, one of fitness an estimate', () => {
    const sample = { kind: 'sample', method: 'active' }
    expect(tell('tests', of('tests'))).toEqual([
      { ...sample, metric: 'hrv_rmssd', t: at('2026-11-09T06:02:00Z'), value: 61 },
    ])
    expect(tell('tests', of('tests', 1))).toEqual([
      { ...sample, metric: 'vo2max', t: at('2026-11-08T11:00:00Z'), value: 49, quality: 'fair' },
    ])
  })

  test('weight and height are of the day on which they were read', () => {
    const sample = { kind: 'sample', t: at('2026-11-10T00:00:00Z'), method: 'manual' }
    expect(tell('physical_info', of('physical_info'))).toEqual([
      { ...sample, metric: 'body_mass', value: 71.8 },
      { ...sample, metric: 'body_height', value: 178, unit: 'cm' },
    ])
  })

  test('a thing has its name and what it runs', () => {
    const { source, told } = read('user_devices', of('user_devices'))
    expect(source).toEqual({ ...watch, name: 'Polar Vantage V3', model: 'Polar Vantage V3', firmware: '5.0.55' })
    expect(told).toEqual([{ kind: 'thing' }])
  })

  test.each(Object.entries(records))('every leaf of %s is read, or passed over for a reason', (feed, list) => {
    expect(judgeLeaves(feedOf(feed), list, context)).toEqual({ unmapped: [], listedButMapped: [] })
  })

  test('every feed has a fixture', () => {
    expect(Object.keys(records).sort()).toEqual(Object.keys(feeds).sort())
  })
})

describe('fetching from the Dynamic API', () => {
  const window = { from: at('2026-11-08T23:00:00Z'), to: at('2026-11-12T00:00:00Z') }
  const long = { from: at('2026-01-01T00:00:00Z'), to: at('2026-01-26T00:00:00Z') }
  const none = () => new Response(null, { status: 204 })

  async function fetch(feed: string, recorded: Fields, span = window, more: Partial<FetchContext> = {}) {
    const http = testHttp(polarDynamic, answers(recorded))
    const found = await recordsOf(feedOf(feed).fetch?.(http, span, { ...fetching, ...more }))
    return { found, asked: http.requests }
  }

  const bare = (path: string) => `GET /v4/data/${path}?from=2026-11-09&to=2026-11-11`
  const whole = (path: string, features: readonly string[], [from, to] = ['2026-11-10', '2026-11-11']) =>
    `GET /v4/data/${path}?from=${from}&to=${to}${features.map((one) => `&features=${one}`).join('')}`
  const sleepFeatures = ['sleep-result', 'sleep-evaluation', 'sleep-score']

  test('dates are asked for first, the last one not in; then each day whole, the key repeated', async () => {
    const asked = whole('sleeps', sleepFeatures)
    const recorded = {
      [bare('sleeps')]: { nightSleeps: [{ sleepDate: '2026-11-10' }] },
      [asked]: { nightSleeps: [of('sleep')] },
    }
    expect(await fetch('sleep', recorded)).toEqual({ found: [of('sleep')], asked: [bare('sleeps'), asked] })
  })

  test.each([
    ['an object without a list', {}],
    ['an empty list', { nightSleeps: [] }],
    ['nothing', none()],
    ['not found', Response.json({ errorMessage: 'Not found' }, { status: 404 })],
  ])('no nights are %s', async (_, answer) => {
    expect(await fetch('sleep', { [bare('sleeps')]: answer })).toEqual({ found: [], asked: [bare('sleeps')] })
  })

  test('another list than the one that was asked for is a fault', async () => {
    await expect(fetch('sleep', { [bare('sleeps')]: { nights: [] } })).rejects.toMatchObject({ fault: 'bad_data' })
  })

  test('one more name may stand around a list, and a day may be gone between two calls', async () => {
    const asked = whole('nightly-recharge-results', ['samples'])
    const dates = [{ sleepResultDate: '2026-11-10' }]
    const wrapped = (list: unknown) => ({ nightlyRechargeResults: { nightlyRechargeResults: list } })
    const recorded = {
      [bare('nightly-recharge-results')]: wrapped(dates),
      [asked]: wrapped(records['nightly_recharge']),
    }
    expect((await fetch('nightly_recharge', recorded)).found).toEqual(records['nightly_recharge'])
    expect((await fetch('nightly_recharge', { ...recorded, [asked]: none() })).found).toEqual([])
  })

  test('each device of a day is a record of its own', async () => {
    const { date, ...watchOf } = of('activity')
    const activitiesPerDevice = [watchOf, { deviceReference: { deviceId: '0A' } }]
    const recorded = {
      [bare('activity/list')]: { activityDays: [{ date }] },
      [whole('activity/list', ['samples'], ['2026-11-09', '2026-11-10'])]: {
        activities: { activityDays: [{ date, activitiesPerDevice }] },
      },
    }
    expect((await fetch('activity', recorded)).found).toEqual([
      of('activity'),
      { date, deviceReference: { deviceId: '0A' } },
    ])
  })

  test('the pulse is asked for day by day until today, and the next day’s beginning is left to it', async () => {
    const features = ['heart-rate-samples']
    const recorded = {
      [whole('continuous-samples', features, ['2026-11-09', '2026-11-10'])]: {
        heartRateSamplesPerDay: [of('continuous'), { date: '2026-11-10', samples: [] }],
      },
      [whole('continuous-samples', features)]: none(),
    }
    expect((await fetch('continuous', recorded)).found).toEqual(records['continuous'])
  })

  test('tests and temperatures are whole in their list', async () => {
    expect((await fetch('tests', { [bare('tests/list')]: { tests: records['tests'] } })).found).toEqual(
      records['tests'],
    )
    const temperatureMeasurementPeriod = records['temperature']
    expect(
      (await fetch('temperature', { [bare('temperature-measurements')]: { temperatureMeasurementPeriod } })).found,
    ).toEqual(records['temperature'])
  })

  test('the account is asked for today only, things whenever', async () => {
    const { readAt: _, ...accountData } = of('physical_info')
    const account = 'GET /v4/data/user/account-data'
    for (const body of [accountData, { accountData }])
      expect((await fetch('physical_info', { [account]: body })).found).toEqual(records['physical_info'])
    expect((await fetch('physical_info', {}, long)).asked).toEqual([])
    const devices = { devicesData: records['user_devices'], userDevicesData: { activeDevices: [] } }
    expect((await fetch('user_devices', { 'GET /v4/data/user-devices': devices })).found).toEqual(
      records['user_devices'],
    )
  })

  describe('of sessions', () => {
    const times = (from: string, to: string) => `from=${from}T00%3A00%3A00&to=${to}T00%3A00%3A00`
    const list = `GET /v4/data/training-sessions/list?${times('2026-11-09', '2026-11-11')}`
    const features = '&features=samples&features=laps&features=routes&features=statistics&features=zones'
    const detail = `GET /v4/data/training-sessions/list?${times('2026-11-09', '2026-11-10')}${features}`
    const sports = 'GET /v4/data/sports/list'
    const { sportName: _, exercises, ...session } = of('training_sessions')
    const found = { trainingSessions: [session] }
    const names = [{ id: { id: 27 }, name: 'TRAIL_RUNNING' }]

    test('each new day is asked for whole, and each session has the name of its sport', async () => {
      const recorded = { [list]: found, [detail]: { trainingSessions: [{ ...session, exercises }] }, [sports]: names }
      expect((await fetch('training_sessions', recorded)).found).toEqual([of('training_sessions')])
    })

    test('a refusal of features leaves what the list says', async () => {
      const refused = Response.json({ errorMessage: 'no' }, { status: 400 })
      const { found: told } = await fetch('training_sessions', { [list]: found, [detail]: refused, [sports]: names })
      expect(told).toEqual([{ ...session, sportName: 'TRAIL_RUNNING' }])
    })

    test('what is known is not asked for whole again', async () => {
      const { asked } = await fetch('training_sessions', { [list]: found, [sports]: names }, window, {
        isKnown: async () => true,
      })
      expect(asked).toEqual([list, sports])
    })

    test('without the scope of sports a session has its number, and no sessions need no names', async () => {
      const { found: told } = await fetch('training_sessions', { [list]: found, [detail]: none() }, window, {
        scopes: ['profile:read', 'training_sessions:read'],
      })
      expect(told).toEqual([session])
      expect((await fetch('training_sessions', { [list]: {} })).asked).toEqual([list])
    })
  })
})

describe('signing in to the Dynamic API, and its limits', () => {
  const answer = {
    access_token: 'c1f4',
    token_type: 'bearer',
    refresh_token: 'r7',
    expires_in: 43_199,
    scope: 'profile:read sleep:read',
    jti: 'x',
  }
  const token = polarDynamic.auth.readToken(answer)
  const account = (body: unknown) => testHttp(polarDynamic, answers({ 'GET /v4/data/user/account-data': body }))
  const basicInfo = { email: 'Mira@Example.org', nickname: 'Mira' }

  test('a token says what was granted, and whose it is where it does', () => {
    expect(token).toEqual({
      accessToken: 'c1f4',
      refreshToken: 'r7',
      expiresIn: 43_199,
      scopes: ['profile:read', 'sleep:read'],
    })
    expect(polarDynamic.auth.readToken({ ...answer, x_user_id: 53_110_277 }).account).toBe('53110277')
    expect(polarDynamic.auth.refreshToken).toBe('rotates')
  })

  test('an account is known by its number, else by its e-mail', async () => {
    expect(await polarDynamic.account(account({ basicInfo }), token)).toEqual({
      account: 'mira@example.org',
      profile: basicInfo,
    })
    const numbered = { ...token, account: '53110277' }
    expect(await polarDynamic.account(account({ accountData: { basicInfo } }), numbered)).toEqual({
      account: '53110277',
      formerAccounts: ['mira@example.org'],
      profile: basicInfo,
    })
    expect(await polarDynamic.account(account({}), numbered)).toEqual({ account: '53110277', profile: {} })
    await expect(polarDynamic.account(account({}), token)).rejects.toMatchObject({ fault: 'bad_data' })
  })

  test('a used-up limit ends when its own reset says', () => {
    const headers = (usage: string) =>
      new Headers({ 'ratelimit-usage': usage, 'ratelimit-limit': '3000, 100000', 'ratelimit-reset': '412, 60111' })
    expect(polarDynamic.pause(headers('38, 911'))).toBeUndefined()
    expect(polarDynamic.pause(headers('3000, 911'))).toBe(412_000)
    expect(polarDynamic.fault(429, {}, headers('3000, 100000'))).toMatchObject({
      fault: 'rate_limit',
      retryAfterMs: 60_111_000,
    })
  })
})
