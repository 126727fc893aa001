import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { FetchContext, ReadContext } from '../kit/feed.ts'
import type { AppKeys, HookKeys, HookRequest } from '../kit/index.ts'
import { isUnread, type ReadRecord, readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { strava } from './index.ts'

interface Fixed {
  activity: Record<string, unknown>
  streams: Record<string, unknown> | null
}
const [run, gym] = fixture<[Fixed, Fixed]>(import.meta.url, 'activities')
const event = fixture<Record<string, unknown>>(import.meta.url, 'event')
const zones = fixture<unknown[]>(import.meta.url, 'zones')
const now = Date.parse('2026-11-05T10:00:00Z')
const context: ReadContext = { account: '70215544', now, timeZone: 'Europe/Stockholm' }
const fetching: FetchContext = { ...context, scopes: ['activity:read_all'] }
const feed = strava.feeds.activities
const start = Date.parse('2026-11-03T11:04:12Z')
const app: AppKeys = { clientId: '88', clientSecret: 'shh', extra: {} }

function reading(record: unknown): ReadRecord {
  const result = readRecord(feed, record, context)
  if (isUnread(result)) throw new Error(result.detail)
  return result
}

const sessionOf = (activity: Record<string, unknown>, streams = run.streams) =>
  reading({ activity: { ...run.activity, ...activity }, streams }).told[0]

describe('what Strava holds becomes readings', () => {
  const t = Float64Array.of(start, start + 1_000, start + 3_000, start + 4_000)
  const course = { kind: 'series', t, offset: 60, method: 'active' }

  test('a run becomes one workout in its local time, with its way, its laps and its courses, from the watch that recorded it', () => {
    const { source, told } = reading(run)
    const name = 'Garmin Forerunner 965'
    expect(source).toEqual({ key: name, name, model: name, app: 'Strava' })
    expect(told).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'running_trail',
        title: 'Lunch loop',
        start,
        end: start + 3_611_000,
        offset: 60,
        externalId: '15620931477',
        totals: {
          duration: 3_611,
          moving_duration: 3_380,
          distance: 12_043.6,
          elevation_gain: 96,
          elevation_max: 58.2,
          elevation_min: 21,
          energy_active: 871,
          heart_rate_avg: 151.4,
          heart_rate_max: 172,
          cadence_steps_avg: 168.4,
          power_avg: 288,
          power_max: 455,
          power_normalized: 297,
          speed_avg: 3.563,
          speed_max: 5.11,
          ambient_temperature_avg: 6,
        },
        parts: [
          {
            kind: 'lap',
            start,
            end: start + 1_800_000,
            label: 'Lap 1',
            totals: {
              duration: 1_800,
              moving_duration: 1_700,
              distance: 6_000.5,
              elevation_gain: 40,
              heart_rate_avg: 148.2,
              heart_rate_max: 165,
              cadence_steps_avg: 167,
              power_avg: 280.5,
              speed_avg: 3.53,
              speed_max: 5,
            },
          },
        ],
        track: {
          t,
          lat: Float64Array.of(59.33401, 59.33402, 59.33404, 59.33405),
          lon: Float64Array.of(18.06312, 18.06316, 18.06325, 18.0633),
          ele: Float64Array.of(21, 21.2, 21.4, 21.6),
        },
        streams: { distance: { t, v: Float64Array.of(0, 3.4, 10.1, 13.6) } },
        extra: {
          sport_type: 'TrailRun',
          workout_type: 0,
          time_zone: 'Europe/Stockholm',
          work_kj: 973.4,
          trainer: false,
          commute: false,
          manual: false,
          visibility: 'everyone',
          flagged: false,
          file: 'device-20261103.fit',
          upload_id: '16700412233',
          gear: 'Speedgoat',
          gear_id: 'g1180042',
          description: 'Round the lake',
        },
      },
      { ...course, metric: 'heart_rate', v: Float64Array.of(98, 99, 103, 104) },
      { ...course, metric: 'cadence_steps', v: Float64Array.of(0, 82, 84, 84), unit: 'strides/min' },
      {
        ...course,
        metric: 'power',
        t: Float64Array.of(start, start + 3_000, start + 4_000),
        v: Float64Array.of(0, 290, 301),
      },
      { ...course, metric: 'speed', v: Float64Array.of(0, 3.4, 3.35, 3.5) },
      { ...course, metric: 'elevation', v: Float64Array.of(21, 21.2, 21.4, 21.6) },
      { ...course, metric: 'ambient_temperature', v: Float64Array.of(6, 6, 6, 7) },
    ])
  })

  test('an activity written by hand has no courses and comes from its person, not from a device', () => {
    const { source, told } = reading(gym)
    expect(source).toEqual({ key: 'manual', name: 'Strava, by hand', app: 'Strava' })
    expect(told).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'strength',
        title: 'Evening gym',
        start: Date.parse('2026-11-04T17:00:00Z'),
        end: Date.parse('2026-11-04T17:45:00Z'),
        externalId: '15620940002',
        totals: { duration: 2_700 },
        parts: [],
        extra: { sport_type: 'WeightTraining', trainer: true, manual: true },
      },
    ])
  })

  test('every leaf of the fixtures is read, or passed over for a reason', () => {
    expect(judgeLeaves(feed, [{ ...run, zones }, gym], context)).toEqual({ unmapped: [], listedButMapped: [] })
  })

  test('how long a run was in each zone stays with it; the highest zone has no end', () => {
    expect(reading({ ...run, zones }).told[0]).toMatchObject({
      extra: {
        gear: 'Speedgoat',
        heartrate_zones: [
          { min: 0, max: 152, seconds: 1_200 },
          { min: 152, max: 171, seconds: 2_100 },
          { min: 171, seconds: 80 },
        ],
        power_zones: [
          { min: 0, max: 50, seconds: 380 },
          { min: 50, seconds: 3_000 },
        ],
      },
    })
  })

  test('a run on a treadmill and a ride on a trainer are told from those outdoors; a sport we do not know keeps its name', () => {
    expect(sessionOf({ sport_type: 'Run', trainer: true })).toMatchObject({ activity: 'running_treadmill' })
    expect(sessionOf({ sport_type: 'Ride', trainer: true })).toMatchObject({ activity: 'cycling_indoor' })
    expect(sessionOf({ sport_type: 'Ride' })).toMatchObject({ activity: 'cycling' })
    expect(sessionOf({ sport_type: 'Cricket' })).toMatchObject({ activity: 'other', extra: { sport_type: 'Cricket' } })
    expect(sessionOf({ sport_type: undefined, type: 'Hike' })).toMatchObject({ activity: 'hiking' })
  })

  test('a ride counts turns of the pedals, a run counts steps of both legs', () => {
    const ride = reading({ activity: { ...run.activity, sport_type: 'Ride' }, streams: run.streams }).told
    expect(ride[0]).toMatchObject({ totals: { cadence_avg: 84.2 } })
    expect(ride).toContainEqual({ ...course, metric: 'cadence', v: Float64Array.of(0, 82, 84, 84) })
  })

  test('power that no meter measured is marked as an estimate', () => {
    const [session, ...series] = reading({ ...run, activity: { ...run.activity, device_watts: false } }).told
    expect(session).toMatchObject({ extra: { power_estimated: true } })
    expect(series.find((one) => 'metric' in one && one.metric === 'power')).toMatchObject({
      qualities: Uint32Array.of(2, 2, 2),
    })
  })

  test('the false Z of the local start is never taken for UTC', () => {
    expect(sessionOf({ start_date_local: '2026-11-03T00:00:01Z' })).toMatchObject({ start, offset: 60 })
  })

  test('an id beyond 32 bits keeps all its digits', () => {
    expect(sessionOf({ id: 9_007_199_254_740_991 })).toMatchObject({ externalId: '9007199254740991' })
  })

  test('an activity that begins at no time is put aside with its reason', () => {
    const result = readRecord(feed, { ...run, activity: { ...run.activity, start_date: 'noon' } }, context)
    expect(result).toMatchObject({ code: 'record_malformed', detail: expect.stringContaining('activity.start_date') })
  })
})

describe('fetching', () => {
  const window = { from: Date.parse('2026-11-03T00:00:00Z'), to: Date.parse('2026-11-05T00:00:00Z') }
  const list = (page: number) =>
    `GET /api/v3/athlete/activities?after=1793663999&before=1793836800&page=${page}&per_page=200`
  const detail = (id: number) => `GET /api/v3/activities/${id}`
  const streams = (id: number) =>
    `${detail(id)}/streams?keys=time%2Cdistance%2Clatlng%2Caltitude%2Cvelocity_smooth%2Cheartrate%2Ccadence%2Cwatts%2Ctemp%2Cmoving%2Cgrade_smooth&key_by_type=true`
  const gone = Response.json({ message: 'Record Not Found' }, { status: 404 })
  const recorded = {
    [detail(15620931477)]: run.activity,
    [streams(15620931477)]: run.streams,
    [detail(15620940002)]: gym.activity,
    [streams(15620940002)]: gone,
    [detail(3)]: gone,
  }

  test('pages are asked for until one is empty; a short one is not the last', async () => {
    const http = testHttp(
      strava,
      answers({ ...recorded, [list(1)]: [{ id: 15620931477 }], [list(2)]: [{ id: 15620940002 }], [list(3)]: [] }),
    )
    expect(await recordsOf(feed.fetch?.(http, window, fetching))).toEqual([run, gym])
    expect(http.requests.filter((request) => request.includes('page='))).toEqual([list(1), list(2), list(3)])
  })

  test('an activity deleted between the list and its details is passed over', async () => {
    const http = testHttp(strava, answers({ ...recorded, [list(1)]: [{ id: 3 }], [list(2)]: [] }))
    expect(await recordsOf(feed.fetch?.(http, window, fetching))).toEqual([])
  })

  test('one that a notice named is fetched alone', async () => {
    const asked = `${detail(15620931477)}/zones`
    const http = testHttp(strava, answers({ ...recorded, [asked]: zones }))
    expect(await recordsOf(feed.fetchOne?.(http, '15620931477', fetching))).toEqual([{ ...run, zones }])
  })

  test('whose Strava is not paid for has no zones, and their activity comes without', async () => {
    const unpaid = Response.json({ message: 'Payment Required' }, { status: 402 })
    const http = testHttp(strava, answers({ ...recorded, [`${detail(15620931477)}/zones`]: unpaid }))
    expect(await recordsOf(feed.fetchOne?.(http, '15620931477', fetching))).toEqual([run])
  })

  test('a list that is none is bad data', async () => {
    const http = testHttp(strava, answers({ [list(1)]: { message: 'hello' } }))
    await expect(recordsOf(feed.fetch?.(http, window, fetching))).rejects.toMatchObject({ fault: 'bad_data' })
  })
})

describe('refusals and limits', () => {
  const at = Date.parse('2026-11-05T10:05:00Z')
  const full = new Headers({ 'x-readratelimit-limit': '100,1000', 'x-readratelimit-usage': '100,140' })
  const fullDay = new Headers({ 'x-ratelimit-limit': '200,2000', 'x-ratelimit-usage': '12,2000' })

  test('401 for a scope that was unticked does not end the connection; 401 for a dead token means a refresh', () => {
    const error = (resource: string, field: string, code: string) => ({
      message: 'Authorization Error',
      errors: [{ resource, field, code }],
    })
    expect(
      strava.fault(401, error('AccessToken', 'activity:read_permission', 'missing'), new Headers(), at),
    ).toMatchObject({ fault: 'scope' })
    expect(strava.fault(401, error('Athlete', 'access_token', 'invalid'), new Headers(), at)).toBeUndefined()
  })

  test('429 waits for the next quarter of an hour, or for midnight UTC when the day is used up', () => {
    expect(strava.fault(429, undefined, full, at)).toMatchObject({ fault: 'rate_limit', retryAfterMs: 10 * 60_000 })
    expect(strava.fault(429, undefined, new Headers(), at)).toMatchObject({ retryAfterMs: 10 * 60_000 })
    expect(strava.fault(429, undefined, fullDay, at)).toMatchObject({ retryAfterMs: (13 * 60 + 55) * 60_000 })
  })

  test('the limits that an app really has are read from good answers', () => {
    expect(strava.pause(full, at)).toBe(10 * 60_000)
    expect(
      strava.pause(new Headers({ 'x-readratelimit-limit': '400,4000', 'x-readratelimit-usage': '100,140' }), at),
    ).toBeUndefined()
    expect(strava.pause(new Headers(), at)).toBeUndefined()
  })
})

describe('signing in and leaving', () => {
  test('the first token answer tells the account; scopes come from the redirect', () => {
    expect(strava.auth.readToken(fixture<unknown>(import.meta.url, 'token'))).toEqual({
      accessToken: 'a-51be',
      refreshToken: 'r-9f2c',
      expiresIn: 21_600,
      account: '70215544',
      profile: { username: 'mira_l', firstname: 'Mira', lastname: 'Lind', country: 'Sweden', sex: 'F' },
    })
    expect(strava.auth.scopesOfRedirect(new URLSearchParams('code=1&scope=read,activity:read&state=2'))).toEqual([
      'read',
      'activity:read',
    ])
  })

  test('a refused grant is known by its field; a wrong secret of the app says nothing of the grant', () => {
    const refused = (field: string) =>
      strava.auth.refusesGrant(400, { message: 'Bad Request', errors: [{ resource: 'x', field, code: 'invalid' }] })
    expect(['refresh_token', 'code', 'client_id'].map(refused)).toEqual([true, true, false])
    expect(strava.auth.refusesGrant(503, undefined)).toBe(false)
    const secret = { errors: [{ resource: 'Application', field: 'client_secret', code: 'invalid' }] }
    const tooMany = { errors: [{ resource: 'Application', field: 'rate limit', code: 'exceeded' }] }
    expect([strava.auth.refusesApp(401, secret), strava.auth.refusesGrant(401, secret)]).toEqual([true, false])
    expect(strava.auth.refusesApp(429, tooMany)).toBe(false)
  })

  test('leaving revokes both tokens, as the app', async () => {
    const asked: string[] = []
    const http = testHttp(strava, async (request) => {
      asked.push(`${request.url} ${request.headers.get('authorization')} ${await request.text()}`)
      return new Response()
    })
    await strava.leave(http, { accessToken: 'a-1', refreshToken: 'r-1' }, app)
    expect(asked).toEqual([
      'https://www.strava.com/oauth/revoke Basic ODg6c2ho token=r-1&token_type_hint=refresh_token',
      'https://www.strava.com/oauth/revoke Basic ODg6c2ho token=a-1&token_type_hint=access_token',
    ])
  })
})

describe('notices', () => {
  const keys: HookKeys = { app, secret: 'path-secret', kept: { id: '301227' } }
  const { webhook } = strava

  function post(
    body: unknown,
    { signedAt, key = 'shh', at = now }: { signedAt?: number; key?: string; at?: number } = {},
  ): HookRequest {
    const text = JSON.stringify(body)
    const t = signedAt === undefined ? undefined : Math.floor(signedAt / 1_000)
    const v1 = createHmac('sha256', key).update(`${t}.${text}`).digest('hex')
    return {
      method: 'POST',
      headers: t === undefined ? {} : { 'x-strava-signature': `t=${t},v1=${v1}` },
      query: new URLSearchParams(),
      body: new TextEncoder().encode(text),
      at,
    }
  }

  const get = (query: string): HookRequest => ({ ...post({}), method: 'GET', query: new URLSearchParams(query) })

  test('the handshake answers the challenge to who knows the verify token', () => {
    const asked = 'hub.mode=subscribe&hub.challenge=15f7&hub.verify_token='
    expect(webhook.handshake?.(get(`${asked}path-secret`), keys)).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"hub.challenge":"15f7"}',
    })
    expect(webhook.handshake?.(get(`${asked}other`), keys)).toEqual({ status: 403 })
    expect(webhook.handshake?.(post(event), keys)).toBeUndefined()
  })

  test('an event without a signature is a hint, a signed one is proven', () => {
    expect(webhook.verify(post(event), keys)).toEqual({ kind: 'hint' })
    expect(webhook.verify(post(event, { signedAt: now }), keys)).toEqual({ kind: 'proven' })
  })

  test('a forged, an altered and a stale signature are refused', () => {
    expect(webhook.verify(post(event, { signedAt: now, key: 'guess' }), keys)).toMatchObject({ kind: 'refused' })
    const altered = { ...post(event, { signedAt: now }), body: post({ ...event, object_id: 1 }).body }
    expect(webhook.verify(altered, keys)).toEqual({ kind: 'refused', reason: 'its signature is not Strava’s' })
    const stale = post(event, { signedAt: now - 301_000 })
    expect(webhook.verify(stale, keys)).toEqual({ kind: 'refused', reason: 'it is older than it may be' })
  })

  test('an operator may want every event signed, or look at no signature', () => {
    const set = (webhook_signature: string) => ({ ...keys, app: { ...app, extra: { webhook_signature } } })
    expect(webhook.verify(post(event), set('require'))).toEqual({ kind: 'refused', reason: 'it is not signed' })
    expect(webhook.verify(post(event, { signedAt: 0 }), set('off'))).toEqual({ kind: 'hint' })
  })

  test('an event of another subscription, or what is none, is refused', () => {
    expect(webhook.verify(post({ ...event, subscription_id: 5 }), keys)).toMatchObject({ kind: 'refused' })
    expect(webhook.verify(post('hello'), keys)).toMatchObject({ kind: 'refused' })
  })

  test('a change names its activity and carries nothing of it; told twice it is known by its id', () => {
    expect(webhook.read(post(event))).toEqual([
      {
        id: '15620931477:update:1793876101',
        account: '70215544',
        kind: 'changed',
        feed: 'activities',
        record: '15620931477',
      },
    ])
  })

  test('an activity that is deleted, or hidden from us, goes', () => {
    expect(webhook.read(post({ ...event, aspect_type: 'delete', updates: {} }))).toEqual([
      {
        id: '15620931477:delete:1793876101',
        account: '70215544',
        kind: 'deleted',
        feed: 'activities',
        record: '15620931477',
      },
    ])
  })

  test('a person who took the access away has left; other news of the person is none of ours', () => {
    const athlete = { ...event, object_type: 'athlete', object_id: 70215544 }
    expect(webhook.read(post({ ...athlete, updates: { authorized: 'false' } }))).toMatchObject([
      { kind: 'left', account: '70215544' },
    ])
    expect(webhook.read(post({ ...athlete, updates: { title: 'x' } }))).toEqual([])
  })

  test('a body that is no event is bad data', () => {
    expect(() => webhook.read(post({ object_type: 'moon' }))).toThrow(expect.objectContaining({ fault: 'bad_data' }))
  })

  test('one subscription is kept: ours stays, one of another address makes way', async () => {
    const url = 'https://hub.example/api/v1/hooks/strava/path-secret'
    const list = 'GET /api/v3/push_subscriptions?client_id=88&client_secret=shh'
    const ours = testHttp(strava, answers({ [list]: [{ id: 301227, callback_url: url }] }))
    expect(await webhook.subscribe?.begin(ours, url, keys)).toEqual({ id: '301227' })
    const others = testHttp(
      strava,
      answers({
        [list]: [{ id: 9, callback_url: 'https://old.example' }],
        'DELETE /api/v3/push_subscriptions/9?client_id=88&client_secret=shh': new Response(null, { status: 204 }),
        'POST /api/v3/push_subscriptions': { id: 301228 },
      }),
    )
    expect(await webhook.subscribe?.begin(others, url, keys)).toEqual({ id: '301228' })
    const ending = testHttp(
      strava,
      answers({
        'DELETE /api/v3/push_subscriptions/301228?client_id=88&client_secret=shh': new Response(null, { status: 204 }),
      }),
    )
    await webhook.subscribe?.end(ending, { id: '301228' }, keys)
    expect(ending.requests).toHaveLength(1)
  })
})
