import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Feed, FetchContext, ReadContext, Told } from '../kit/feed.ts'
import type { AppKeys, HookKeys, HookRequest } from '../kit/index.ts'
import { isUnread, type ReadRecord, readRecord } from '../kit/read-records.ts'
import { fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { withings } from './index.ts'
import { withoutMetric } from './measures.ts'
import { refusalOf } from './statuses.ts'

type Fields = Record<string, unknown>
const records = fixture<Record<string, Fields[]>>(import.meta.url, 'records')
const of = (name: string, i = 0) => records[name]?.[i] as Fields
const now = Date.parse('2026-10-15T08:00:00Z')
const context: ReadContext = { account: '33445566', now, timeZone: 'Europe/Paris' }
const fetching: FetchContext = { ...context, scopes: [] }
const feeds: Readonly<Record<string, Feed>> = withings.feeds
const feedOf = (name: string): Feed => feeds[name] as Feed
const app: AppKeys = { clientId: 'cid', clientSecret: 'shh', extra: {} }

function read(feed: string, record: unknown): ReadRecord {
  const result = readRecord(feedOf(feed), record, context)
  if (isUnread(result)) throw new Error(result.detail)
  return result
}
const tell = (feed: string, record: unknown): readonly Told[] => read(feed, record).told

/** Answers by path and action; keeps what was asked. */
function cloud(answers: Readonly<Record<string, (form: URLSearchParams) => unknown>>) {
  const asked: string[] = []
  const http = testHttp(withings, async (request) => {
    const form = new URLSearchParams(await request.text())
    const call = `${new URL(request.url).pathname} ${form.get('action')}`
    asked.push(`${new URL(request.url).pathname} ${form}`)
    const answer = answers[call]
    if (!answer) throw new Error(`nothing is recorded for ${call}`)
    return Response.json({ status: 0, body: answer(form) })
  })
  return { http, asked }
}

describe('what Withings holds becomes readings', () => {
  test('a weighing tells all that the scale worked out, each number by its own power of ten', () => {
    const { source, told } = read('measures', of('measures'))
    expect(source).toEqual({ key: '9f1c', name: 'Withings Body Comp', manufacturer: 'Withings', model: 'Body Comp' })
    const sample = (metric: string, value: number) => ({
      kind: 'sample',
      metric,
      t: 1_791_958_320_000,
      offset: 120,
      method: 'automatic',
      value,
    })
    expect(told).toEqual([
      sample('body_mass', 76.42),
      sample('body_fat', 18.4),
      sample('body_height', 1.78),
      sample('lean_mass', 62.36),
      sample('fat_mass', 14.06),
      sample('muscle_mass', 59.2),
      sample('body_water_mass', 44.1),
      sample('bone_mass', 3.16),
      sample('pulse_wave_velocity', 7.2),
      sample('vo2max', 44),
      sample('vascular_age', 38),
      sample('visceral_fat_rating', 2.5),
      sample('basal_metabolic_rate', 1_710),
      sample('metabolic_age', 36),
    ])
  })

  test('two numbers of one group are one blood pressure, with the pulse beside it', () => {
    const { source, told } = read('measures', of('measures', 1))
    expect(source).toEqual({ key: 'bp0', name: 'Withings', manufacturer: 'Withings' })
    expect(told).toEqual([
      { kind: 'sample', metric: 'heart_rate', t: 1_791_960_000_000, offset: 120, method: 'active', value: 64 },
      {
        kind: 'event',
        metric: 'blood_pressure',
        start: 1_791_960_000_000,
        value: { diastolic: 78, systolic: 122 },
        offset: 120,
        externalId: '6100200302',
      },
    ])
  })

  test('what was typed in says so', () => {
    const { source, told } = read('measures', of('measures', 2))
    const sample = (metric: string, value: number) => ({
      kind: 'sample',
      metric,
      t: 1_791_963_600_000,
      offset: 120,
      method: 'manual',
      value,
    })
    expect(source).toBeUndefined()
    expect(told).toEqual([
      sample('spo2', 98),
      sample('body_temperature', 36.7),
      sample('body_temperature', 36.61),
      sample('skin_temperature', 33.2),
    ])
  })

  test.each([
    [0, 'automatic'],
    [4, 'manual'],
    [5, 'active'],
    [7, 'automatic'],
    [8, 'automatic'],
    [15, 'active'],
    [99, 'unknown'],
  ])('how a measure came about, %i, is %s', (attrib, method) => {
    expect(tell('measures', { ...of('measures', 2), attrib })[0]).toMatchObject({ method })
  })

  test('an oxygen of 0.97 is 97 per cent', () => {
    expect(tell('measures', { ...of('measures', 2), measures: [{ value: 97, type: 54, unit: -2 }] })).toMatchObject([
      { value: 97 },
    ])
    expect(tell('intraday', { ...of('intraday'), spo2_auto: 0.96 }).at(-1)).toMatchObject({ metric: 'spo2', value: 96 })
  })

  test('a weighing that may be somebody else’s is put aside with the reason', () => {
    const result = readRecord(feedOf('measures'), { ...of('measures'), attrib: 1 }, context)
    expect(result).toMatchObject({
      code: 'record_unreadable',
      detail: 'several people of this scale may have stood on it',
    })
  })

  test('what a Body Scan says of nerves, segments, waters and intervals has no metric, and is not taken for another', () => {
    const scan = of('measures', 3)
    const types = (scan['measures'] as { type: number }[]).map(({ type }) => String(type))
    expect(types).toEqual(Object.keys(withoutMetric))
    expect(tell('measures', scan)).toEqual([])
  })

  test('a thing tells when it last measured, as the thing that its measures name; aims are no measurements', () => {
    const { source, told } = read('devices', of('devices'))
    expect(told).toEqual([{ kind: 'thing', seen: 1_791_958_320_000 }])
    expect(source).toEqual(read('measures', of('measures')).source)
    expect(tell('devices', of('devices', 1))).toEqual([{ kind: 'thing' }])
    expect(tell('goals', of('goals'))).toEqual([])
  })

  test('a goal is no measurement', () => {
    expect(tell('measures', { ...of('measures'), category: 2 })).toEqual([])
  })

  test('a day’s sums stay on their date and with their thing; `elevation` counts floors', () => {
    const { source, told } = read('activity', of('activity'))
    const day = (metric: string, value: number) => ({ kind: 'day', metric, date: '2026-10-13', value })
    expect(source).toEqual({ key: 'a1', name: 'Withings', manufacturer: 'Withings' })
    expect(told).toEqual([
      day('steps', 8_421),
      day('distance', 6_610.4),
      day('floors_climbed', 12),
      day('energy_active', 312.7),
      day('energy_total', 2_214.9),
      day('moderate_duration', 1_260),
      day('vigorous_duration', 300),
      day('active_duration', 1_560),
    ])
  })

  test('days that Withings took from others are not told a second time', () => {
    expect(tell('activity', { ...of('activity'), brand: 18 })).toEqual([])
  })

  test('values through the day keep their second', () => {
    const sample = (metric: string, value: number) => ({
      kind: 'sample',
      metric,
      t: 1_791_926_460_000,
      method: 'automatic',
      value,
    })
    const { source, told } = read('intraday', of('intraday'))
    expect(source).toEqual({ key: 'a1', name: 'Withings ScanWatch', manufacturer: 'Withings', model: 'ScanWatch' })
    expect(told).toEqual([
      sample('heart_rate', 58),
      sample('hrv_rmssd', 41),
      sample('hrv_sdnn', 52),
      sample('respiratory_rate', 14),
      sample('spo2', 96),
    ])
  })

  test('a workout has its kind from a number, and keeps a number that nobody knows', () => {
    expect(tell('workouts', of('workouts'))).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'running',
        start: 1_791_900_000_000,
        end: 1_791_903_600_000,
        offset: 120,
        externalId: 'workout:77001',
        totals: {
          duration: 3_600,
          active_duration: 3_480,
          distance: 9_120.4,
          steps: 9_800,
          floors_climbed: 5,
          energy_active: 612.5,
          heart_rate_avg: 147,
          heart_rate_min: 88,
          heart_rate_max: 171,
          swim_strokes: 0,
        },
        parts: [],
        extra: { category: 2, intensity: 50, pool_laps: 0, pool_length: 25, spo2_avg: 95 },
      },
    ])
    expect(tell('workouts', of('workouts', 1))).toMatchObject([
      { activity: 'other', totals: { duration: 600 }, extra: { category: 999 } },
    ])
  })

  test('a night has its stages, its courses and its figures; its efficiency is a share of one there and per cent here', () => {
    const day = (metric: string, value: number) => ({ kind: 'day', metric, date: '2026-10-14', value })
    const t = Float64Array.of(1_791_926_460_000)
    const course = (metric: string, value: number) => ({
      kind: 'series',
      metric,
      t,
      v: Float64Array.of(value),
      offset: 120,
    })
    expect(tell('sleep', of('sleep'))).toEqual([
      {
        kind: 'session',
        type: 'sleep',
        start: 1_791_926_400_000,
        end: 1_791_954_120_000,
        offset: 120,
        externalId: 'sleep:4120001',
        totals: {
          duration: 27_720,
          sleep_time_in_bed: 27_720,
          sleep_total: 24_600,
          sleep_light: 13_800,
          sleep_deep: 5_400,
          sleep_rem: 5_400,
          sleep_awake: 3_120,
          sleep_awakenings: 3,
          sleep_efficiency: 89,
          sleep_latency: 540,
          sleep_score: 81,
          sleep_heart_rate_avg: 55,
          sleep_heart_rate_min: 48,
          heart_rate_max: 71,
          respiratory_rate_avg: 14,
        },
        parts: [
          { kind: 'stage', label: 'awake', start: 1_791_926_400_000, end: 1_791_926_940_000 },
          { kind: 'stage', label: 'deep', start: 1_791_926_940_000, end: 1_791_954_120_000 },
        ],
      },
      day('respiratory_rate', 14),
      day('breathing_disturbance_index', 7),
      day('ahi', 3),
      day('snoring_duration', 600),
      course('heart_rate', 58),
      course('respiratory_rate', 15),
      course('hrv_rmssd', 38),
      course('hrv_sdnn', 49),
    ])
  })

  test('an ECG has its voltages in microvolts at their times', () => {
    const start = 1_791_958_000_000
    expect(tell('heart', of('heart'))).toEqual([
      {
        kind: 'session',
        type: 'ecg',
        start,
        end: start + 10,
        offset: 120,
        externalId: 'ecg:901',
        totals: { duration: 0.01, heart_rate_avg: 72 },
        parts: [],
        streams: {
          ecg_voltage: {
            t: Float64Array.of(start, start + 1_000 / 300, start + 2_000 / 300),
            v: Float64Array.of(-20, 0, 35),
          },
        },
        extra: { sample_rate: 300, classification: 'negative', wear_position: 1 },
      },
    ])
  })

  test.each(Object.entries(records))('every leaf of %s is read, or passed over for a reason', (feed, list) => {
    expect(judgeLeaves(feedOf(feed), list, context)).toEqual({ unmapped: [], listedButMapped: [] })
  })
})

describe('fetching', () => {
  const window = { from: Date.parse('2026-10-13T22:00:00Z'), to: Date.parse('2026-10-14T22:00:00Z') }
  const strip = ({ timezone: _, ...rest }: Fields) => rest

  test('a list goes on from the offset it tells while more is 1; its zone goes with each record; goals are not asked for', async () => {
    const groups = records['measures'] ?? []
    const { http, asked } = cloud({
      '/measure getmeas': (form) =>
        form.get('offset') === null
          ? { updatetime: 1, timezone: 'Europe/Paris', measuregrps: [strip(groups[0] as Fields)], more: 1, offset: 77 }
          : { timezone: 'Europe/Paris', measuregrps: [strip(groups[1] as Fields)], more: 0, offset: 0 },
    })
    expect(await recordsOf(feedOf('measures').fetch?.(http, window, fetching))).toEqual(groups.slice(0, 2))
    expect(asked).toHaveLength(2)
    expect(asked[1]).toContain('category=1&startdate=1791928800&enddate=1792015200&offset=77')
  })

  test('days are asked for by dates, one more at both ends; optional figures come only when they are named', async () => {
    const { http, asked } = cloud({
      '/v2/measure getactivity': () => ({ activities: records['activity'], more: false, offset: 0 }),
    })
    expect(await recordsOf(feedOf('activity').fetch?.(http, window, fetching))).toEqual(records['activity'])
    expect(asked[0]).toContain('startdateymd=2026-10-12&enddateymd=2026-10-15&data_fields=steps%2Cdistance')
  })

  test('the map through the day becomes one record a second; an empty one is written as a list', async () => {
    const point = ({ t: _, ...rest }: Fields) => rest
    const { http } = cloud({
      '/v2/measure getintradayactivity': () => ({ series: { 1791926460: point(of('intraday')) } }),
    })
    expect(await recordsOf(feedOf('intraday').fetch?.(http, window, fetching))).toEqual([of('intraday')])
    const empty = cloud({ '/v2/measure getintradayactivity': () => ({ series: [] }) })
    expect(await recordsOf(feedOf('intraday').fetch?.(empty.http, window, fetching))).toEqual([])
    expect(feedOf('intraday').windowDays).toBe(1)
  })

  test('a night is put together from two calls, whether its stages are a list or an object', async () => {
    const { night, segments } = of('sleep') as { night: Fields; segments: Fields[] }
    for (const series of [segments, { 0: segments[0], 1: segments[1] }]) {
      const { http, asked } = cloud({
        '/v2/sleep getsummary': () => ({ series: [night], more: false }),
        '/v2/sleep get': () => ({ series }),
      })
      expect(await recordsOf(feedOf('sleep').fetch?.(http, window, fetching))).toEqual([of('sleep')])
      expect(asked[1]).toContain('startdate=1791926400&enddate=1791954120')
    }
  })

  test('an ECG is put together from two calls; a blood pressure without one is left to the measures', async () => {
    const { signal, ...listed } = of('heart')
    const { http } = cloud({
      '/v2/heart list': () => ({ series: [listed, { timestamp: 1, bloodpressure: {} }], more: false, offset: 0 }),
      '/v2/heart get': () => signal,
    })
    expect(await recordsOf(feedOf('heart').fetch?.(http, window, fetching))).toEqual([of('heart')])
  })

  test('things and aims are whole lists, and none is no trouble', async () => {
    const { http, asked } = cloud({
      '/v2/user getdevice': () => ({ devices: records['devices'] }),
      '/v2/user getgoals': () => ({ goals: of('goals') }),
    })
    const window = { from: now - 86_400_000, to: now }
    expect(await recordsOf(feedOf('devices').fetch?.(http, window, fetching))).toEqual(records['devices'])
    expect(await recordsOf(feedOf('goals').fetch?.(http, window, fetching))).toEqual(records['goals'])
    expect(asked).toEqual(['/v2/user action=getdevice', '/v2/user action=getgoals'])
    const { http: bare } = cloud({ '/v2/user getdevice': () => ({}) })
    expect(await recordsOf(feedOf('devices').fetch?.(bare, window, fetching))).toEqual([])
  })

  test('workouts are asked for page by page', async () => {
    const { http } = cloud({
      '/v2/measure getworkouts': () => ({ series: records['workouts'], more: false, offset: 0 }),
    })
    expect(await recordsOf(feedOf('workouts').fetch?.(http, window, fetching))).toEqual(records['workouts'])
  })

  test('a refusal that HTTP calls a success is one', async () => {
    const http = testHttp(withings, () => Response.json({ status: 401, body: {}, error: 'x' }))
    await expect(recordsOf(feedOf('measures').fetch?.(http, window, fetching))).rejects.toMatchObject({
      fault: 'auth',
      status: 401,
    })
  })

  test.each([
    [100, 'auth'],
    [102, 'auth'],
    [200, 'auth'],
    [401, 'auth'],
    [214, 'scope'],
    [277, 'scope'],
    [2_553, 'scope'],
    [2_555, 'scope'],
    [601, 'rate_limit'],
    [201, 'bad_data'],
    [303, 'bad_data'],
    [503, 'bad_data'],
    [2_554, 'bad_data'],
    [3_019, 'bad_data'],
    [522, 'unavailable'],
    [524, 'unavailable'],
    [9_999, 'unavailable'],
  ])('status %i means %s', (status, fault) => {
    expect(refusalOf(status)).toMatchObject({ fault })
  })
})

describe('signing in and leaving', () => {
  test('the token lies inside a body, with who it is and what was granted', () => {
    const body = {
      userid: 33445566,
      access_token: 'a',
      refresh_token: 'r',
      expires_in: 10800,
      scope: 'user.metrics,user.activity',
      csrf_token: 'x',
      token_type: 'Bearer',
    }
    expect(withings.auth.readToken({ status: 0, body })).toEqual({
      accessToken: 'a',
      refreshToken: 'r',
      expiresIn: 10_800,
      account: '33445566',
      scopes: ['user.metrics', 'user.activity'],
    })
    expect(withings.auth.tokenParameters()).toEqual({ action: 'requesttoken' })
  })

  test('a refused grant is told from too many requests, though both come with 200', () => {
    expect(() => withings.auth.readToken({ status: 503, body: {} })).toThrow('503')
    expect(withings.auth.refusesGrant(200, { status: 503, error: 'Invalid Params: invalid refresh_token' })).toBe(true)
    expect(withings.auth.refusesGrant(200, { status: 503, error: 'Invalid Params: invalid code' })).toBe(true)
    for (const [status, error] of [
      [401, ''],
      [601, 'Too Many Requests'],
      [503, 'Invalid Params: missing parameter'],
      [503, 'Invalid Params: invalid grant_type'],
      [503, 'Invalid Params: invalid client id/secret'],
    ] as const)
      expect([error, withings.auth.refusesGrant(200, { status, error })]).toEqual([error, false])
  })

  test('a wrong secret has the status of a wrong code, and ends nothing: only its text names the app', () => {
    const refuses = (status: number, error: string) => withings.auth.refusesApp(200, { status, error })
    expect(refuses(503, 'Invalid Params: invalid client id/secret')).toBe(true)
    expect(refuses(401, 'The signature is wrong')).toBe(true)
    expect(refuses(503, 'Invalid Params: invalid code')).toBe(false)
    expect(refuses(2555, 'An unknown error occurred: client')).toBe(false)
  })

  test('an app is proved by the number that only who signs with its secret is given', async () => {
    const proved = cloud({ '/v2/signature getnonce': () => ({ nonce: 'n1' }) })
    await withings.proveApp(proved.http, app, now)
    const signature = createHmac('sha256', 'shh')
      .update(`getnonce,cid,${now / 1_000}`)
      .digest('hex')
    expect(proved.asked).toEqual([
      `/v2/signature action=getnonce&client_id=cid&timestamp=${now / 1_000}&signature=${signature}`,
    ])
    const { http } = cloud({ '/v2/signature getnonce': () => ({}) })
    await expect(withings.proveApp(http, app, now)).rejects.toMatchObject({ fault: 'bad_data' })
  })

  test('leaving is signed with a number used once, and sends no secret', async () => {
    const { http, asked } = cloud({
      '/v2/signature getnonce': () => ({ nonce: 'n1' }),
      '/v2/oauth2 revoke': () => ({}),
    })
    await withings.leave(http, { accessToken: 'a', account: '33445566' }, app, now)
    const signature = createHmac('sha256', 'shh').update('revoke,cid,n1').digest('hex')
    const first = createHmac('sha256', 'shh')
      .update(`getnonce,cid,${now / 1_000}`)
      .digest('hex')
    expect(asked[0]).toBe(`/v2/signature action=getnonce&client_id=cid&timestamp=${now / 1_000}&signature=${first}`)
    expect(asked[1]).toBe(`/v2/oauth2 action=revoke&client_id=cid&nonce=n1&signature=${signature}&userid=33445566`)
    expect(asked.join()).not.toContain('shh')
  })
})

describe('notices', () => {
  const keys: HookKeys = { app, secret: 'path-secret' }
  const { webhook } = withings
  const post = (text: string): HookRequest => ({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    query: new URLSearchParams(),
    body: new TextEncoder().encode(text),
    at: now,
  })
  const weighing = 'userid=33445566&appli=1&startdate=1791958320&enddate=1791958321'

  test('the address is tested with HEAD', () => {
    expect(webhook.handshake?.({ ...post(''), method: 'HEAD' }, keys)).toEqual({ status: 200 })
    expect(webhook.handshake?.(post(weighing), keys)).toBeUndefined()
  })

  test('nothing is signed: a notice is a hint at most, and JSON is none', () => {
    expect(webhook.verify(post(weighing), keys)).toEqual({ kind: 'hint' })
    expect(webhook.verify(post('{"userid":1}'), keys)).toMatchObject({ kind: 'refused' })
    expect(() => webhook.read(post('{}'))).toThrow(expect.objectContaining({ fault: 'bad_data' }))
  })

  test('a notice says where to look, and a day before, for one that was lost', () => {
    expect(webhook.read(post(weighing))).toEqual([
      {
        id: expect.stringMatching(/:measures$/),
        account: '33445566',
        kind: 'changed',
        feed: 'measures',
        window: { from: 1_791_958_320_000 - 86_400_000, to: 1_791_958_322_000 },
      },
    ])
    expect(webhook.read(post('userid=1&appli=16&date=2026-10-14'))).toMatchObject([
      { feed: 'activity' },
      { feed: 'intraday' },
      { feed: 'workouts' },
    ])
    expect(webhook.read(post('userid=1&appli=50&startdate=1&enddate=2'))).toEqual([])
    expect(webhook.read(post(weighing))[0]?.id).toBe(webhook.read(post(weighing))[0]?.id)
    const later = { ...post(weighing), at: now + 600_000 }
    expect(webhook.read(later)[0]?.id).not.toBe(webhook.read(post(weighing))[0]?.id)
  })

  test('a person who unlinked or deleted the account has left', () => {
    expect(webhook.read(post('userid=1&appli=46&action=unlink'))).toMatchObject([{ kind: 'left', account: '1' }])
    expect(webhook.read(post('userid=1&appli=46&action=update'))).toEqual([])
  })

  test('each kind is subscribed once, what was dropped again, and all are revoked at the end', async () => {
    const url = 'https://hub.example/hooks/withings/path-secret'
    const profiles = [
      { appli: 1, callbackurl: url },
      { appli: 44, callbackurl: 'https://other.example' },
    ]
    const { http, asked } = cloud({
      '/notify list': () => ({ profiles }),
      '/notify subscribe': () => ({}),
      '/notify revoke': () => ({}),
    })
    const kept = await webhook.subscribe?.begin(http, url, keys)
    const subscribed = asked.filter((call) => call.includes('action=subscribe')).map((call) => call.split('appli=')[1])
    expect(subscribed).toEqual(['2', '4', '16', '44', '54', '46'])
    await webhook.subscribe?.end(http, kept ?? {}, keys)
    expect(asked.filter((call) => call.includes('revoke'))).toEqual([
      `/notify action=revoke&callbackurl=${encodeURIComponent(url)}&appli=1`,
    ])
  })
})
