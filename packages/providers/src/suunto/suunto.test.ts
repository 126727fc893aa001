import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Feed, FetchContext, ReadContext } from '../kit/feed.ts'
import type { AppKeys, HookRequest } from '../kit/index.ts'
import { isUnread, type ReadRecord, readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { suunto } from './index.ts'

const workouts = fixture<Record<string, unknown>[]>(import.meta.url, 'workouts')
const samples = fixture<Record<string, unknown[]>>(import.meta.url, 'samples')
const routes = fixture<Record<string, unknown>[]>(import.meta.url, 'routes')
const context: ReadContext = { account: 'liisa.k', now: Date.UTC(2026, 10, 13), timeZone: 'Europe/Helsinki' }
const fetching: FetchContext = { ...context, scopes: ['workout'] }
const feeds: Readonly<Record<string, Feed>> = suunto.feeds
const at = Date.parse
const fit = Uint8Array.from([14, 32, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode('.FIT'), 0, 0])

const reading = (name: string, record: unknown): ReadRecord => {
  const result = readRecord(feeds[name] as Feed, record, context)
  if (isUnread(result)) throw new Error(result.detail)
  return result
}
const entry = (name: string, more: object = {}) => {
  const [sample] = samples[name] as [{ timestamp: string; entryData: object }]
  return { ...sample, entryData: { ...sample.entryData, ...more } }
}

describe('routes', () => {
  const today = { from: at('2026-11-12T20:00:00Z'), to: at('2026-11-13T01:00:00Z') }

  test('are kept as they came and tell nothing, for they are ways to come', () => {
    for (const route of routes) expect(reading('routes', route).told).toEqual([])
    expect(judgeLeaves(feeds['routes'] as Feed, routes, context)).toEqual({ unmapped: [], listedButMapped: [] })
  })

  test('are one bare list, asked for once a day', async () => {
    const http = testHttp(suunto, answers({ 'GET /v2/route': routes }))
    expect(await recordsOf(suunto.feeds.routes.fetch?.(http, today, fetching))).toEqual(routes)
    const later = { from: today.to, to: today.to + 3_600_000 }
    expect(await recordsOf(suunto.feeds.routes.fetch?.(http, later, fetching))).toEqual([])
    expect(http.requests).toEqual(['GET /v2/route'])
  })

  test('an error in their place is bad data', async () => {
    const http = testHttp(suunto, answers({ 'GET /v2/route': { error: 'no' } }))
    const asked = recordsOf(suunto.feeds.routes.fetch?.(http, today, fetching))
    await expect(asked).rejects.toMatchObject({ fault: 'bad_data' })
  })
})

describe('what Suunto holds becomes readings', () => {
  test('a run becomes one workout, from the watch that recorded it, with its file', () => {
    const { source, told } = reading('workouts', { ...workouts[0], fit })
    expect(source).toEqual({
      key: '2448',
      name: 'Suunto Race S (blue)',
      manufacturer: 'Suunto',
      model: 'Suunto Race S',
      serial: '2448',
      firmware: '2.39.20',
    })
    expect(told).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'running',
        start: 1_794_214_800_000,
        end: 1_794_217_780_000,
        offset: 60,
        externalId: '674c0a19be3f2b51ac77d0e2',
        totals: {
          duration: 2980,
          active_duration: 2961.4,
          distance: 10_021.6,
          elevation_gain: 88,
          elevation_loss: 85,
          speed_avg: 3.38,
          speed_max: 4.71,
          energy_active: 651,
          steps: 8610,
          heart_rate_avg: 146,
          heart_rate_max: 168,
          heart_rate_min: 92,
        },
        parts: [],
        extra: {
          activity_id: 1,
          recovery_time: 64_800,
          start_latitude: 60.17,
          start_longitude: 24.94,
          cadence_on_foot: { avg: 84, max: 97 },
        },
      },
      { kind: 'file', format: 'fit', bytes: fit, externalId: '674c0a19be3f2b51ac77d0e2' },
    ])
  })

  test('a ride without an end lasts as long as its time; heart rates in beats a second are turned into minutes', () => {
    const { source, told } = reading('workouts', { ...workouts[1], fit_missing: 'none' })
    expect(source).toEqual({ key: 'Suunto 9', name: 'Suunto 9', model: 'Suunto 9' })
    expect(told).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'cycling',
        start: 1_794_301_200_000,
        end: 1_794_304_800_000,
        externalId: '674c0a19be3f2b51ac77d0e3',
        totals: {
          duration: 3600,
          active_duration: 3600,
          heart_rate_avg: 132,
          heart_rate_max: 168,
          cadence_avg: 88,
          cadence_max: 104,
        },
        parts: [],
        extra: { activity_id: 2, file_missing: 'none' },
      },
    ])
  })

  test('a sport that is not known is other, and keeps its number', () => {
    expect(reading('workouts', { ...workouts[0], activityId: 77 }).told[0]).toMatchObject({
      activity: 'other',
      extra: { activity_id: 77 },
    })
  })

  test('a night is told by its sums, for Suunto says how long each stage lasted and not when', () => {
    expect(reading('sleep', entry('sleep')).told).toEqual([
      {
        kind: 'session',
        type: 'sleep',
        start: at('2026-11-11T21:20:00Z'),
        end: at('2026-11-12T04:44:00Z'),
        offset: 120,
        externalId: 'sleep:1794438000',
        totals: {
          duration: 26_640,
          sleep_time_in_bed: 26_640,
          sleep_total: 25_320,
          sleep_deep: 5400,
          sleep_light: 14_220,
          sleep_rem: 5700,
          sleep_awake: 1080,
          sleep_latency: 480,
          sleep_score: 78,
          sleep_heart_rate_avg: 52,
          sleep_heart_rate_min: 46,
        },
        parts: [],
        extra: { stated_duration: 26_640, hrv_samples: 41, feeling: 3 },
      },
      { kind: 'day', metric: 'hrv_rmssd', date: '2026-11-12', value: 58, quality: 'unknown' },
      { kind: 'day', metric: 'spo2', date: '2026-11-12', value: 97 },
    ])
  })

  test('a nap says nothing of the day', () => {
    expect(reading('sleep', entry('sleep', { IsNap: true })).told).toMatchObject([{ kind: 'session', isNap: true }])
  })

  test('joules stay joules for the catalogue to convert, and shares become percent, once', () => {
    const moment = { kind: 'sample', t: at('2026-11-12T07:10:00Z'), offset: 120 }
    expect(reading('activity', entry('activity')).told).toEqual([
      { ...moment, metric: 'heart_rate', value: 74 },
      { ...moment, metric: 'spo2', value: 96 },
      { ...moment, metric: 'elevation', value: 31 },
      { ...moment, metric: 'hrv_rmssd', value: 41, quality: 'unknown' },
      { ...moment, metric: 'steps', value: 212, duration: 600_000 },
      { ...moment, metric: 'energy_total', value: 81_500, unit: 'J', duration: 600_000 },
    ])
    const percent = reading('activity', entry('activity', { SpO2: 95, HR: 1.25 })).told
    expect(percent).toContainEqual({ ...moment, metric: 'spo2', value: 95 })
    expect(percent).toContainEqual({ ...moment, metric: 'heart_rate', value: 75 })
    expect(reading('recovery', entry('recovery')).told).toEqual([
      { kind: 'sample', metric: 'energy_reserve', t: at('2026-11-12T07:00:00Z'), offset: 120, value: 62 },
    ])
  })

  test('sums of days are of one watch each, and a day without one is passed over', async () => {
    const http = testHttp(suunto, () => Response.json(samples['days']))
    const window = { from: at('2026-11-11T00:00:00Z'), to: at('2026-11-13T00:00:00Z') }
    const records = await recordsOf(suunto.feeds.days.fetch?.(http, window, fetching))
    expect(records.flatMap((record) => reading('days', record).told)).toEqual([
      { kind: 'day', metric: 'steps', date: '2026-11-12', value: 9124 },
      { kind: 'day', metric: 'energy_total', date: '2026-11-12', value: 9_450_000, unit: 'J' },
    ])
    expect(reading('days', records[0]).source).toMatchObject({ key: '2448', serial: '2448' })
    expect(judgeLeaves(suunto.feeds.days, records, context)).toEqual({ unmapped: [], listedButMapped: [] })
    expect(readRecord(suunto.feeds.days, { Name: 'x', Sample: { TimeISO8601: '', Value: 1 } }, context)).toMatchObject({
      code: 'record_unreadable',
    })
  })

  test('every field is read, or left out with a reason', () => {
    const files = [
      { ...workouts[0], fit },
      { ...workouts[1], fit_missing: 'none' },
    ]
    expect(judgeLeaves(suunto.feeds.workouts, files, context)).toEqual({ unmapped: [], listedButMapped: [] })
    for (const name of ['sleep', 'activity', 'recovery'])
      expect(judgeLeaves(feeds[name] as Feed, samples[name] ?? [], context)).toEqual({
        unmapped: [],
        listedButMapped: [],
      })
  })
})

describe('asking', () => {
  const window = { from: 1_794_000_000_000, to: 1_794_300_000_000 }
  const list = (offset: number) =>
    `GET /v3/workouts/?since=${window.from}&until=${window.to}&limit=100&offset=${offset}&filter-by-modification-time=true`
  const file = (key: string) => `GET /v3/workouts/${key}/fit`

  test('changed workouts are paged by a hundred, each with its file; an error written as JSON is no file', async () => {
    const full = Array.from({ length: 100 }, () => workouts[0])
    const http = testHttp(
      suunto,
      answers({
        [list(0)]: { error: null, payload: full, metadata: { workoutcount: '100' } },
        [list(100)]: { error: null, payload: [workouts[1]] },
        [file('674c0a19be3f2b51ac77d0e2')]: new Response(fit),
        [file('674c0a19be3f2b51ac77d0e3')]: { error: 'not found' },
      }),
    )
    const records = await recordsOf(suunto.feeds.workouts.fetch?.(http, window, fetching))
    expect(records).toHaveLength(101)
    expect(records[0]).toMatchObject({ fit })
    expect(records[100]).toMatchObject({ fit_missing: 'what came is no FIT file' })
  })

  test('a workout that was read in this version is listed again, but its file is not fetched again', async () => {
    const http = testHttp(suunto, answers({ [list(0)]: { error: null, payload: [workouts[0]] } }))
    const isKnown = async (key: string, rank: number) =>
      key === '674c0a19be3f2b51ac77d0e2' && rank === 1_794_218_011_000
    expect(await recordsOf(suunto.feeds.workouts.fetch?.(http, window, { ...fetching, isKnown }))).toEqual([
      workouts[0],
    ])
  })

  test('one workout comes without a list around it; an id that is none is not asked for', async () => {
    const http = testHttp(
      suunto,
      answers({
        'GET /v3/workouts/674c0a19be3f2b51ac77d0e2': { error: null, payload: workouts[0] },
        [file('674c0a19be3f2b51ac77d0e2')]: new Response(fit),
      }),
    )
    expect(await recordsOf(suunto.feeds.workouts.fetchOne?.(http, '674c0a19be3f2b51ac77d0e2', fetching))).toMatchObject(
      [{ fit }],
    )
    await expect(recordsOf(suunto.feeds.workouts.fetchOne?.(http, '../user', fetching))).rejects.toThrow(
      'names no workout',
    )
  })

  test('an error in an answer with status 200 is an error', async () => {
    const http = testHttp(suunto, () => Response.json({ error: { code: '1' }, payload: null }))
    await expect(recordsOf(suunto.feeds.workouts.fetch?.(http, window, fetching))).rejects.toMatchObject({
      fault: 'bad_data',
    })
  })

  test('samples are asked for in milliseconds, the end included, in 28 days at most', async () => {
    const http = testHttp(
      suunto,
      answers({ [`GET /247samples/sleep?from=${window.from}&to=${window.to - 1}`]: samples['sleep'] }),
    )
    expect(await recordsOf(suunto.feeds.sleep.fetch?.(http, window, fetching))).toEqual(samples['sleep'])
    expect([suunto.feeds.sleep.windowDays, suunto.feeds.days.windowDays]).toEqual([28, 28])
  })

  test('a missing subscription key is the operator’s trouble, not a dead token; a used-up quota is no missing permission', async () => {
    const ask = (status: number, message: string, headers = {}) =>
      testHttp(suunto, () => Response.json({ statusCode: status, message }, { status, headers })).get('/x')
    await expect(ask(401, 'Access denied due to missing subscription key.')).rejects.toMatchObject({
      fault: 'unavailable',
    })
    await expect(ask(401, 'expired')).rejects.toMatchObject({ fault: 'auth' })
    const quota = 'Out of call volume quota. Quota will be replenished in 01:02:03.'
    await expect(ask(403, quota)).rejects.toMatchObject({ fault: 'rate_limit', retryAfterMs: 3_723_000 })
    const plain = 'Out of call volume quota. Quota will be replenished in 3723 seconds.'
    await expect(ask(403, plain)).rejects.toMatchObject({ fault: 'rate_limit', retryAfterMs: 3_723_000 })
    await expect(ask(403, quota, { 'retry-after': '60' })).rejects.toMatchObject({
      fault: 'rate_limit',
      retryAfterMs: 60_000,
    })
    await expect(ask(403, 'no')).rejects.toMatchObject({ fault: 'scope' })
  })

  const app: AppKeys = { clientId: 'id', clientSecret: 's', extra: { subscription_key: 'sub' } }

  test('both credentials go with each call', () => {
    expect(suunto.headers(app)).toEqual({ 'ocp-apim-subscription-key': 'sub' })
  })

  test('the account’s name comes with the token, with the id that never changes beside it', () => {
    const payload = Buffer.from(JSON.stringify({ user: 'liisa.k', sub: 'abc' })).toString('base64url')
    const answer = {
      access_token: `e30.${payload}.x`,
      token_type: 'bearer',
      refresh_token: 'r',
      expires_in: 86_399,
      scope: 'workout',
      user: 'liisa.k',
      jti: 'j',
    }
    expect(suunto.auth.readToken?.(answer)).toEqual({
      accessToken: answer.access_token,
      refreshToken: 'r',
      expiresIn: 86_399,
      account: 'liisa.k',
      profile: { user: 'liisa.k', sub: 'abc' },
    })
    expect(suunto.auth.readToken?.({ ...answer, user: undefined })).toMatchObject({ account: 'liisa.k' })
    expect(() => suunto.auth.readToken?.({ access_token: 'opaque' })).toThrow('whose account')
  })

  test('leaving takes the authorisation back', async () => {
    const http = testHttp(suunto, () => new Response(null, { status: 200 }))
    await suunto.leave(http, { accessToken: 'a' }, app)
    expect(http.requests).toEqual(['GET /oauth/deauthorize?client_id=id'])
  })
})

describe('notices', () => {
  const notices = fixture<object[]>(import.meta.url, 'notices')
  const app: AppKeys = { clientId: 'id', clientSecret: 'cs', extra: { notification_secret: 'n' } }
  const keys = { app, secret: 'p' }
  const { verify, read } = suunto.webhook
  const post = (content: unknown, headers?: Record<string, string>): HookRequest => {
    const body = new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content))
    const signature = createHmac('sha256', 'n').update(body).digest('hex')
    return {
      method: 'POST',
      headers: headers ?? { 'x-hmac-sha256-signature': signature },
      query: new URLSearchParams(),
      body,
      at: 0,
    }
  }

  test('one that is signed is taken; forged, altered or unsigned it is refused', () => {
    const good = post(notices[0])
    expect(verify(good, keys)).toEqual({ kind: 'proven' })
    expect(verify({ ...good, body: new TextEncoder().encode('{}') }, keys)).toMatchObject({ kind: 'refused' })
    expect(verify(post(notices[0], { 'x-hmac-sha256-signature': 'ab' }), keys)).toMatchObject({ kind: 'refused' })
    expect(verify(post(notices[0], {}), keys)).toMatchObject({ kind: 'refused' })
    expect(verify(good, { app: { ...app, extra: {} }, secret: 'p' })).toMatchObject({ kind: 'refused' })
  })

  test('each kind says what to read again; a route is no measurement', () => {
    const told = notices.flatMap((notice) => read(post(notice)))
    const day = 86_400_000
    const window = (time: string) => ({ from: at(time) - day, to: at(time) + 1000 })
    expect(told).toMatchObject([
      { account: 'liisa.k', kind: 'changed', feed: 'workouts', record: '674c0a19be3f2b51ac77d0e2' },
      { feed: 'sleep', window: window('2026-11-12T04:44:00Z') },
      { feed: 'activity', window: window('2026-11-12T07:10:00Z') },
      { feed: 'recovery', window: window('2026-11-12T07:00:00Z') },
    ])
    expect(told).toHaveLength(4)
    const [workout] = notices // said in the same words of a change
    expect(read({ ...post(workout), at: 59_000 })).toEqual(read(post(workout)))
    expect(read({ ...post(workout), at: 3_600_000 })[0]?.id).not.toBe(read(post(workout))[0]?.id)
    expect(() => read(post('<html>'))).toThrow('not JSON')
  })

  test('the form of older apps makes us look when it has the app’s own credentials', () => {
    const headers = (credentials: string) => ({
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    })
    const form = post('username=liisa.k&workoutid=674c', headers('id:cs'))
    expect(verify(form, keys)).toEqual({ kind: 'hint' })
    expect(verify(post('username=liisa.k&workoutid=674c', headers('id:other')), keys)).toMatchObject({
      kind: 'refused',
    })
    expect(read(form)).toMatchObject([{ account: 'liisa.k', kind: 'changed', feed: 'workouts', record: '674c' }])
  })
})
