import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Feed, FetchContext, Pages, ReadContext, Told } from '../kit/feed.ts'
import type { AppKeys, HookKeys, HookRequest, ProviderError } from '../kit/index.ts'
import { isUnread, readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { oura } from './index.ts'

type Fields = Record<string, unknown>
const nights = fixture<Fields[]>(import.meta.url, 'sleep')
const days = fixture<Record<string, Fields[]>>(import.meta.url, 'days')
const others = fixture<Record<string, Fields[]>>(import.meta.url, 'others')
const withoutMetric = fixture<Record<string, Fields[]>>(import.meta.url, 'without-metric')
const event = fixture<Fields>(import.meta.url, 'event')
const now = Date.parse('2026-10-15T08:00:00Z')
const context: ReadContext = { account: 'oura-user-1', now, timeZone: 'Europe/Berlin' }
const fetching: FetchContext = { ...context, scopes: [] }
const feeds: Readonly<Record<string, Feed>> = oura.feeds
const feedOf = (name: string): Feed => feeds[name] as Feed
const at = Date.parse

function tell(feed: string, record: unknown): readonly Told[] {
  const result = readRecord(feedOf(feed), record, context)
  if (isUnread(result)) throw new Error(result.detail)
  return result.told
}

const tellAll = (feed: string, records: unknown[] | undefined) =>
  (records ?? []).flatMap((record) => tell(feed, record))
const day = (metric: string, value: number) => ({ kind: 'day', metric, date: '2026-10-14', value })

describe('what Oura holds becomes readings', () => {
  test('a night becomes one sleep with its stages, its pulse and its variability, which is RMSSD though nothing says so', () => {
    const start = at('2026-10-13T21:11:30Z')
    const t = Float64Array.of(start + 300_000, start + 600_000)
    const stage = (label: string, from: number, until: number) => ({
      kind: 'stage',
      label,
      start: start + from * 1_000,
      end: start + until * 1_000,
    })
    expect(tell('sleep', nights[0])).toEqual([
      {
        kind: 'session',
        type: 'sleep',
        start,
        end: at('2026-10-14T04:52:00Z'),
        offset: 120,
        externalId: '7c0e2a4d-5b31-4f6a-9a55-2f1f0c9d1e77',
        totals: {
          duration: 27_630,
          sleep_time_in_bed: 27_630,
          sleep_total: 24_840,
          sleep_awake: 2_790,
          sleep_light: 13_920,
          sleep_deep: 5_340,
          sleep_rem: 5_580,
          sleep_latency: 510,
          sleep_efficiency: 90,
          sleep_heart_rate_avg: 53.6,
          sleep_heart_rate_min: 47,
          hrv_rmssd_avg: 61,
          respiratory_rate_avg: 14.4,
        },
        parts: [stage('awake', 0, 90), stage('light', 90, 150), stage('deep', 150, 210), stage('rem', 210, 270)],
        extra: { sleep_type: 'long_sleep', restless_periods: 187 },
      },
      { kind: 'series', metric: 'heart_rate', t, v: Float64Array.of(58, 56), offset: 120 },
      { kind: 'series', metric: 'hrv_rmssd', t, v: Float64Array.of(44, 52), offset: 120 },
      day('hrv_rmssd', 61),
      day('respiratory_rate', 14.4),
    ])
  })

  test('a nap of the same day is a sleep of its own, with the coarser stages where there are no finer ones', () => {
    const start = at('2026-10-14T12:00:00Z')
    expect(tell('sleep', nights[1])).toEqual([
      {
        kind: 'session',
        type: 'sleep',
        isNap: true,
        start,
        end: start + 720_000,
        offset: 120,
        externalId: '91aa0c4d-0000-4f6a-9a55-2f1f0c9d1e78',
        totals: { duration: 720, sleep_time_in_bed: 720 },
        parts: [
          { kind: 'stage', label: 'awake', start, end: start + 300_000 },
          { kind: 'stage', label: 'light', start: start + 300_000, end: start + 720_000 },
        ],
        extra: { sleep_type: 'late_nap' },
      },
    ])
  })

  test('a sleep that was deleted, or that the person says was none, goes', () => {
    for (const type of ['deleted', 'rest'])
      expect(tell('sleep', { ...nights[0], type })).toEqual([{ kind: 'forget', externalId: nights[0]?.['id'] }])
  })

  test('a short sleep that ends in the morning is no nap', () => {
    const [session] = tell('sleep', {
      ...nights[1],
      type: 'sleep',
      bedtime_start: '2026-10-14T04:30:00+02:00',
      bedtime_end: '2026-10-14T06:30:00+02:00',
    })
    expect(session).not.toHaveProperty('isNap')
  })

  test('what Oura states for a date stays on that date', () => {
    expect(tellAll('daily_sleep', days['daily_sleep'])).toEqual([day('sleep_score', 83)])
    expect(tellAll('daily_readiness', days['daily_readiness'])).toEqual([
      day('readiness_score', 84),
      day('skin_temperature_deviation', -0.1),
    ])
    expect(tellAll('daily_spo2', days['daily_spo2'])).toEqual([
      day('spo2', 96.8),
      day('breathing_disturbance_index', 4),
    ])
    expect(tellAll('daily_stress', days['daily_stress'])).toEqual([
      day('stress_high_duration', 5_400),
      day('recovery_high_duration', 3_600),
    ])
    expect(tellAll('daily_cardiovascular_age', days['daily_cardiovascular_age'])).toEqual([
      day('vascular_age', 37),
      day('pulse_wave_velocity', 6.9),
    ])
    expect(tellAll('vo2_max', days['vo2_max'])).toEqual([day('vo2max', 44)])
  })

  test('a day’s walking distance is an equivalent, never a distance; a null in the minutes keeps the others in their place', () => {
    const start = at('2026-10-14T02:00:00Z')
    expect(tellAll('daily_activity', days['daily_activity'])).toEqual([
      day('activity_score', 79),
      day('steps', 9_214),
      day('energy_active', 486),
      day('energy_total', 2_533),
      day('distance_equivalent', 8_912),
      day('moderate_duration', 2_640),
      day('vigorous_duration', 540),
      day('sedentary_duration', 37_560),
      {
        kind: 'series',
        metric: 'met',
        t: Float64Array.of(start, start + 120_000),
        v: Float64Array.of(0.9, 1.2),
        durations: Float64Array.of(60_000, 60_000),
        offset: 120,
      },
    ])
  })

  test('the pulse through the day is in UTC, and says whether the person asked for it', () => {
    expect(tellAll('heartrate', others['heartrate'])).toEqual([
      { kind: 'sample', metric: 'heart_rate', t: at('2026-10-14T07:05:00Z'), value: 66, method: 'automatic' },
      { kind: 'sample', metric: 'heart_rate', t: at('2026-10-14T07:10:00Z'), value: 131, method: 'active' },
    ])
  })

  test('a beat that Oura calls bad is not told', () => {
    expect(tellAll('interbeat_interval', others['interbeat_interval'])).toEqual([
      { kind: 'sample', metric: 'rr_interval', t: at('2026-10-14T02:05:00.250Z'), value: 1_012, quality: 'good' },
    ])
  })

  test('a workout has its distance in metres and its energy in kilocalories', () => {
    expect(tellAll('workout', others['workout'])).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'cycling',
        title: 'To work',
        start: at('2026-10-12T15:31:00Z'),
        end: at('2026-10-12T16:29:00Z'),
        offset: 120,
        externalId: 'w-1',
        totals: { duration: 3_480, energy_active: 412.5, distance: 18_230 },
        parts: [],
        extra: { activity: 'cycling', intensity: 'moderate', source: 'confirmed' },
      },
    ])
  })

  test('a breathing moment is a meditation with its pulse; a nap in the app is a nap', () => {
    const start = at('2026-10-12T18:00:00Z')
    const t = Float64Array.of(start, start + 10_000)
    expect(tellAll('session', others['session'])).toEqual([
      {
        kind: 'session',
        type: 'meditation',
        start,
        end: start + 600_000,
        offset: 120,
        externalId: 's-1',
        totals: { duration: 600 },
        parts: [],
        extra: { session_type: 'breathing', mood: 'good' },
      },
      { kind: 'series', metric: 'heart_rate', t, v: Float64Array.of(62, 60), offset: 120 },
      { kind: 'series', metric: 'hrv_rmssd', t, v: Float64Array.of(48, 52), offset: 120 },
      {
        kind: 'session',
        type: 'sleep',
        isNap: true,
        start: at('2026-10-12T12:00:00Z'),
        end: at('2026-10-12T12:20:00Z'),
        offset: 120,
        externalId: 's-2',
        totals: { duration: 1_200 },
        parts: [],
        extra: { session_type: 'nap' },
      },
    ])
  })

  test.each(Object.entries(withoutMetric))(
    '%s is read and tells nothing, for there is no metric of it',
    (feed, records) => {
      expect(records.length).toBeGreaterThan(0)
      expect(tellAll(feed, records)).toEqual([])
      expect(feedOf(feed).brings).toEqual([])
    },
  )

  test('every list that Oura has is read', () => {
    expect(Object.keys(feeds).sort()).toEqual(
      Object.keys({ sleep: nights, ...days, ...others, ...withoutMetric }).sort(),
    )
  })

  test.each(Object.entries({ sleep: nights, ...days, ...others, ...withoutMetric }))(
    'every leaf of %s is read, or passed over for a reason',
    (feed, records) => {
      expect(judgeLeaves(feedOf(feed), records, context)).toEqual({ unmapped: [], listedButMapped: [] })
    },
  )
})

describe('fetching', () => {
  const window = { from: at('2026-10-13T22:00:00Z'), to: at('2026-10-14T22:00:00Z') }
  const list = 'GET /v2/usercollection/sleep?start_date=2026-10-12&end_date=2026-10-15'

  test('a day more is asked for at both ends, page by page, so that neither today nor the first night is lost', async () => {
    const http = testHttp(
      oura,
      answers({
        [list]: { data: [nights[0]], next_token: 'n2' },
        [`${list}&next_token=n2`]: { data: [nights[1]], next_token: null },
      }),
    )
    expect(await recordsOf(feedOf('sleep').fetch?.(http, window, fetching))).toEqual(nights)
  })

  test('the pulse is asked for by instants, for dates are ignored there, a month at most', async () => {
    const asked =
      'GET /v2/usercollection/heartrate?start_datetime=2026-10-13T22%3A00%3A00.000Z&end_datetime=2026-10-14T22%3A00%3A00.000Z'
    const http = testHttp(oura, answers({ [asked]: { data: others['heartrate'], next_token: null } }))
    expect(await recordsOf(feedOf('heartrate').fetch?.(http, window, fetching))).toEqual(others['heartrate'])
    expect(feedOf('heartrate').windowDays).toBe(30)
  })

  test('rings are one list without dates, and their battery is asked for by instants', async () => {
    const { ring_configuration, ring_battery_level } = withoutMetric
    const http = testHttp(
      oura,
      answers({
        'GET /v2/usercollection/ring_configuration': { data: ring_configuration, next_token: null },
        'GET /v2/usercollection/ring_battery_level?start_datetime=2026-10-13T22%3A00%3A00.000Z&end_datetime=2026-10-14T22%3A00%3A00.000Z':
          { data: ring_battery_level, next_token: null },
      }),
    )
    expect(await recordsOf(feedOf('ring_configuration').fetch?.(http, window, fetching))).toEqual(ring_configuration)
    expect(await recordsOf(feedOf('ring_battery_level').fetch?.(http, window, fetching))).toEqual(ring_battery_level)
  })

  test('an app that may not have a list without measurements misses nothing; of others it is told', async () => {
    for (const status of [401, 403]) {
      const http = testHttp(oura, () => Response.json({}, { status }))
      for (const feed of Object.keys(withoutMetric))
        expect(await recordsOf(feedOf(feed).fetch?.(http, window, fetching))).toEqual([])
      await expect(recordsOf(feedOf('daily_stress').fetch?.(http, window, fetching))).rejects.toMatchObject({
        fault: 'scope',
        status,
      })
    }
  })

  test('a 401 of a list without a documented scope is of that list; of one that has a scope it is of the token', async () => {
    const http = testHttp(oura, () => Response.json({}, { status: 401 }))
    const faultOf = async (pages: Pages | undefined) =>
      recordsOf(pages).then(
        () => 'none',
        (error: ProviderError) => error.fault,
      )
    for (const name of ['daily_stress', 'daily_cardiovascular_age', 'vo2_max', 'interbeat_interval'])
      expect([name, await faultOf(feedOf(name).fetch?.(http, window, fetching))]).toEqual([name, 'scope'])
    expect(await faultOf(feedOf('vo2_max').fetchOne?.(http, '6', fetching))).toBe('scope')
    for (const name of ['sleep', 'daily_sleep', 'heartrate', 'workout'])
      expect([name, await faultOf(feedOf(name).fetch?.(http, window, fetching))]).toEqual([name, 'auth'])
  })

  test('the beats are passed over where Oura knows no such list', async () => {
    const http = testHttp(oura, () => Response.json({}, { status: 404 }))
    expect(await recordsOf(feedOf('interbeat_interval').fetch?.(http, window, fetching))).toEqual([])
    await expect(recordsOf(feedOf('heartrate').fetch?.(http, window, fetching))).rejects.toMatchObject({ status: 404 })
  })

  test('one document is fetched by its id; the path of VO₂ max has a capital that its notices lack', async () => {
    const http = testHttp(
      oura,
      answers({
        'GET /v2/usercollection/vO2_max/6': days['vo2_max']?.[0],
        'GET /v2/usercollection/vO2_max/7': Response.json({}, { status: 404 }),
      }),
    )
    expect(await recordsOf(feedOf('vo2_max').fetchOne?.(http, '6', fetching))).toEqual(days['vo2_max'])
    expect(await recordsOf(feedOf('vo2_max').fetchOne?.(http, '7', fetching))).toEqual([])
  })

  test('an answer without a list is bad data', async () => {
    const http = testHttp(oura, answers({ [list]: { detail: 'x' } }))
    await expect(recordsOf(feedOf('sleep').fetch?.(http, window, fetching))).rejects.toMatchObject({
      fault: 'bad_data',
    })
  })
})

describe('signing in, refusals and leaving', () => {
  test('who it is, is asked; scopes come from the redirect', async () => {
    const http = testHttp(
      oura,
      answers({
        'GET /v2/usercollection/personal_info': {
          id: 'oura-user-1',
          age: 40,
          weight: 71.2,
          height: 1.78,
          biological_sex: 'female',
          email: 'm@example.com',
        },
      }),
    )
    expect(await oura.account(http)).toEqual({
      account: 'oura-user-1',
      profile: { age: 40, weight: 71.2, height: 1.78, biological_sex: 'female', email: 'm@example.com' },
    })
    expect(oura.auth.scopesOfRedirect(new URLSearchParams('scope=daily+workout&code=1'))).toEqual(['daily', 'workout'])
  })

  test('a lapsed membership or a scope that was not given keeps the connection', () => {
    expect(oura.fault(403, {}, new Headers(), now)).toMatchObject({ fault: 'scope' })
  })

  test('a limit without Retry-After ends when its reset says', () => {
    const headers = new Headers({ 'x-ratelimit-reset': String(now / 1_000 + 30) })
    expect(oura.fault(429, {}, headers, now)).toMatchObject({ fault: 'rate_limit', retryAfterMs: 30_000 })
  })

  test('the grant is revoked by POST, or by GET where that is the way', async () => {
    const path = '/oauth/revoke?access_token=a-1'
    const posts = testHttp(oura, answers({ [`POST ${path}`]: {} }))
    await oura.leave(posts, { accessToken: 'a-1' })
    const gets = testHttp(oura, answers({ [`POST ${path}`]: new Response(null, { status: 405 }), [`GET ${path}`]: {} }))
    await oura.leave(gets, { accessToken: 'a-1' })
    expect(gets.requests).toEqual([`POST ${path}`, `GET ${path}`])
  })
})

describe('notices', () => {
  const app: AppKeys = { clientId: 'c', clientSecret: 'shh', extra: {} }
  const keys: HookKeys = { app, secret: 'path-secret' }
  const { webhook } = oura

  function post(body: unknown, { stamp = String(now / 1_000), key = 'shh' } = {}): HookRequest {
    const text = JSON.stringify(body)
    const signature = createHmac('sha256', key)
      .update(stamp + text)
      .digest('hex')
      .toUpperCase()
    return {
      method: 'POST',
      headers: { 'x-oura-timestamp': stamp, 'x-oura-signature': signature },
      query: new URLSearchParams(),
      body: new TextEncoder().encode(text),
      at: now,
    }
  }

  test('the handshake answers the challenge to who knows the verification token, and 401 to others', () => {
    const get = (query: string): HookRequest => ({ ...post({}), method: 'GET', query: new URLSearchParams(query) })
    expect(webhook.handshake?.(get('verification_token=path-secret&challenge=xyz'), keys)).toMatchObject({
      status: 200,
      body: '{"challenge":"xyz"}',
    })
    expect(webhook.handshake?.(get('verification_token=no&challenge=xyz'), keys)).toEqual({ status: 401 })
    expect(webhook.handshake?.(post(event), keys)).toBeUndefined()
  })

  test('a signed event is proven, in capitals or not, by seconds or by milliseconds', () => {
    expect(webhook.verify(post(event), keys)).toEqual({ kind: 'proven' })
    expect(webhook.verify(post(event, { stamp: String(now) }), keys)).toEqual({ kind: 'proven' })
    const request = post(event)
    const small = { ...request.headers, 'x-oura-signature': request.headers['x-oura-signature']?.toLowerCase() ?? '' }
    expect(webhook.verify({ ...request, headers: small }, keys)).toEqual({ kind: 'proven' })
  })

  test('a forged, altered, stale or unsigned event is refused', () => {
    expect(webhook.verify(post(event, { key: 'guess' }), keys)).toMatchObject({ kind: 'refused' })
    expect(webhook.verify({ ...post(event), body: post({ ...event, object_id: 'x' }).body }, keys)).toMatchObject({
      kind: 'refused',
    })
    expect(webhook.verify(post(event, { stamp: String(now / 1_000 - 7_201) }), keys)).toEqual({
      kind: 'refused',
      reason: 'it is older than it may be',
    })
    expect(webhook.verify({ ...post(event), headers: {} }, keys)).toEqual({
      kind: 'refused',
      reason: 'it is not signed',
    })
  })

  test('an event names its document; a deletion says so; kinds without a feed are none of ours', () => {
    expect(webhook.read(post(event))).toEqual([
      { id: expect.any(String), account: 'oura-user-1', kind: 'changed', feed: 'sleep', record: event['object_id'] },
    ])
    expect(webhook.read(post({ ...event, event_type: 'delete' }))).toMatchObject([{ kind: 'deleted', feed: 'sleep' }])
    expect(webhook.read(post({ ...event, data_type: 'meal' }))).toEqual([])
    expect(webhook.read(post(event))[0]?.id).toBe(webhook.read(post(event))[0]?.id)
    expect(() => webhook.read(post({}))).toThrow(expect.objectContaining({ fault: 'bad_data' }))
  })

  test('what is subscribed is renewed, what is missing is made, what points elsewhere is removed', async () => {
    const url = 'https://hub.example/hooks/oura/path-secret'
    const list = [
      { id: 'a', callback_url: url, event_type: 'create', data_type: 'sleep', expiration_time: '2026-11-01T00:00:00Z' },
      { id: 'b', callback_url: 'https://old.example', event_type: 'update', data_type: 'sleep' },
    ]
    const made: string[] = []
    const http = testHttp(oura, async (request) => {
      const asked = `${request.method} ${new URL(request.url).pathname}`
      expect(request.headers.get('x-client-secret')).toBe('shh')
      if (asked === 'GET /v2/webhook/subscription') return Response.json(list)
      if (asked === 'PUT /v2/webhook/subscription/renew/a') return Response.json(list[0])
      if (asked === 'DELETE /v2/webhook/subscription/b') return new Response(null, { status: 204 })
      expect(asked).toBe('POST /v2/webhook/subscription')
      const body = (await request.json()) as Fields
      made.push(`${body['data_type']}:${body['event_type']}`)
      return Response.json({ id: made.at(-1), ...body }, { status: 201 })
    })
    const kept = await webhook.subscribe?.begin(http, url, keys)
    expect(kept).toMatchObject({
      'sleep:create': 'a',
      'sleep:update': 'sleep:update',
      'workout:delete': 'workout:delete',
    })
    expect(made).toHaveLength(29) // 10 kinds × 3 events, one of them known
    expect(http.requests).toContain('DELETE /v2/webhook/subscription/b')
  })
})
