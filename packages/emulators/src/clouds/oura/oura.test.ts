import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { consent, type TestCloud, type TestCloudOptions, testCloud, testReceiver } from '../kit/test-cloud.ts'
import { at, day, night, recordingOf, run, series } from '../kit/test-recordings.ts'
import type { Choice } from '../sign-in.ts'
import { oura } from './index.ts'

const scope = 'email personal daily heartrate workout tag session spo2Daily'
const hour = 3_600_000
const base = '/v2/usercollection'

const begin = (options: TestCloudOptions = {}) =>
  testCloud(oura, { account: { recordings: [night(), day(), run()] }, ...options })

const tokenOf = (test: TestCloud, form: Record<string, string>) =>
  test.ask('POST', '/oauth/token', {
    form: {
      client_id: test.app.clientId,
      client_secret: test.app.clientSecret,
      redirect_uri: 'https://hub.example/callback',
      ...form,
    },
  })

async function connect(test: TestCloud, choice: Choice = {}, scopes = scope) {
  const { code = '' } = await consent(test, '/oauth/authorize', { scope: scopes }, choice)
  return (await tokenOf(test, { grant_type: 'authorization_code', code })).body
}

const refresh = (test: TestCloud, refresh_token: string) =>
  tokenOf(test, { grant_type: 'refresh_token', refresh_token })

async function reader(test: TestCloud, scopes = scope) {
  const { access_token: token } = await connect(test, {}, scopes)
  return (path: string) => test.ask('GET', base + path, { token })
}

const hook = 'https://hub.example/hooks/oura/secret'

const receiver = (status = 200) =>
  testReceiver((request) => {
    const challenge = new URL(request.url).searchParams.get('challenge')
    return challenge ? Response.json({ challenge }) : new Response(null, { status })
  })

const keys = ({ app }: TestCloud) => ({ 'x-client-id': app.clientId, 'x-client-secret': app.clientSecret })

const subscribe = (test: TestCloud, data_type = 'sleep', event_type = 'create') =>
  test.ask('POST', '/v2/webhook/subscription', {
    headers: keys(test),
    json: { callback_url: hook, verification_token: 'vt', event_type, data_type },
  })

describe('signing in at Oura', () => {
  it('tells the scopes that stayed ticked, and says when somebody cancels', async () => {
    const test = begin()
    const told = await consent(test, '/oauth/authorize', { scope: 'daily heartrate' }, { without: ['heartrate'] })
    expect(told).toEqual({ code: expect.any(String), state: 'state-1234', scope: 'daily' })
    expect(await consent(test, '/oauth/authorize', { scope }, { button: 'cancel' })).toMatchObject({
      error: 'access_denied',
    })
  })

  it('needs the registered redirect to the letter', async () => {
    const redirect_uri = 'https://hub.example/callback/'
    await expect(consent(begin(), '/oauth/authorize', { scope, redirect_uri })).rejects.toThrow('redirect_uri')
  })

  it('an eleventh person is refused until the app is approved', async () => {
    const test = begin()
    for (let i = 0; i < 10; i++) {
      test.cloud.addAccount({ name: `P${i}`, email: `${i}@example.org`, timeZone: 'UTC', recordings: [] })
      await connect(test, { account: `P${i}` })
    }
    await expect(connect(test, { account: 'Mira Lind' })).rejects.toThrow('limit of 10')
  })
})

describe("Oura's tokens", () => {
  it('last a day and tell nothing of whose they are', async () => {
    expect(await connect(begin())).toEqual({
      token_type: 'bearer',
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      expires_in: 86_400,
    })
  })

  it('a code is good for ten minutes, once', async () => {
    const test = begin()
    const take = async (wait: number) => {
      const { code = '' } = await consent(test, '/oauth/authorize', { scope })
      test.clock.advance(wait)
      return [
        (await tokenOf(test, { grant_type: 'authorization_code', code })).status,
        (await tokenOf(test, { grant_type: 'authorization_code', code })).status,
      ]
    }
    expect(await take(599_000)).toEqual([200, 400])
    expect(await take(600_000)).toEqual([400, 400])
  })

  it('a refresh token is good once: the old one is said to be used or revoked', async () => {
    const test = begin()
    const first = await connect(test)
    const second = (await refresh(test, first.refresh_token)).body
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(await refresh(test, first.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', detail: 'token already used or revoked' },
    })
    expect((await refresh(test, second.refresh_token)).status).toBe(200)
  })

  it('end with the account, and so does its place on the sign-in page', async () => {
    const test = begin()
    const { access_token: token, refresh_token } = await connect(test)
    const code = (await consent(test, '/oauth/authorize', { scope }))['code'] ?? ''
    await test.cloud.deleteAccount(test.account)
    expect((await test.ask('GET', `${base}/personal_info`, { token })).status).toBe(401)
    expect((await refresh(test, refresh_token)).body.error).toBe('invalid_grant')
    expect((await tokenOf(test, { grant_type: 'authorization_code', code })).body.error).toBe('invalid_grant')
    await expect(connect(test)).rejects.toThrow('no account')
  })

  it('a wrong secret is 401; an expired token is 401 and a refresh mends it', async () => {
    const test = begin()
    const wrong = await tokenOf(test, { grant_type: 'refresh_token', client_secret: 'x' })
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    const first = await connect(test)
    test.clock.advance(24 * hour)
    const info = (token: string) => test.ask('GET', `${base}/personal_info`, { token })
    expect(await info(first.access_token)).toMatchObject({ status: 401, body: { status: 401, title: 'Unauthorized' } })
    expect((await info((await refresh(test, first.refresh_token)).body.access_token)).status).toBe(200)
  })

  it.each(['GET', 'POST'])('are revoked by %s with the token in the query', async (method) => {
    const test = begin()
    const { access_token, refresh_token } = await connect(test)
    expect((await test.ask(method, `/oauth/revoke?access_token=${access_token}`)).status).toBe(200)
    expect((await refresh(test, refresh_token)).status).toBe(400)
    expect((await test.ask(method, `/oauth/revoke?access_token=${access_token}`)).status).toBe(401)
  })
})

describe("Oura's documents", () => {
  it('who it is may be read with any token; the rest of it needs its scopes', async () => {
    const test = begin()
    const all = (await (await reader(test))('/personal_info')).body
    expect(all).toEqual({
      id: test.account,
      age: 34,
      weight: 72.4,
      height: 1.78,
      biological_sex: 'female',
      email: 'mira@example.org',
    })
    expect((await (await reader(test, 'workout'))('/personal_info')).body).toEqual({ id: test.account })
  })

  it('a night has its times with the local offset, seconds of each stage, phases by digit and series with nulls', async () => {
    const get = await reader(begin())
    const { body } = await get('/sleep?start_date=2026-11-03&end_date=2026-11-05')
    expect(body.next_token).toBeNull()
    const [sleep, ...rest] = body.data
    expect(rest).toEqual([])
    expect(sleep).toMatchObject({
      day: '2026-11-04',
      type: 'long_sleep',
      period: 0,
      bedtime_start: '2026-11-03T23:10:00+01:00',
      bedtime_end: '2026-11-04T06:40:00+01:00',
      time_in_bed: 27_000,
      total_sleep_duration: 26_100,
      awake_time: 900,
      latency: 600,
      efficiency: 97,
      light_sleep_duration: 14_100,
      deep_sleep_duration: 5_400,
      rem_sleep_duration: 6_600,
      average_breath: 14,
      average_heart_rate: 50,
      lowest_heart_rate: 48,
      average_hrv: 62,
      readiness: {
        score: 74,
        temperature_deviation: -0.1,
        temperature_trend_deviation: 0.05,
        contributors: { hrv_balance: 88 },
      },
      sleep_algorithm_version: 'v2',
      low_battery_alert: false,
    })
    expect(sleep.heart_rate).toMatchObject({ interval: 300, timestamp: '2026-11-03T23:10:00.000+01:00' })
    expect(sleep.heart_rate.items.slice(0, 4)).toEqual([null, 48, 52, 50])
    expect(sleep.hrv.items).toHaveLength(90)
    expect(sleep.sleep_phase_5_min.slice(0, 16)).toBe('4422222222222211')
    expect(sleep.sleep_phase_30_sec).toHaveLength(900)
    expect(sleep.movement_30_sec.slice(0, 21)).toBe('222222222222222222221')
    expect((await get(`/sleep/${sleep.id}`)).body).toEqual(sleep)
    expect((await get('/sleep/none')).status).toBe(404)
  })

  it('naps are short sleeps of their own; one after six in the evening is of the next day', async () => {
    const nap = (time: string) =>
      night(time, at(time), {
        end: at(time) + 40 * 60_000,
        isNap: true,
        parts: [{ kind: 'stage', label: 'light', start: at(time), end: at(time) + 40 * 60_000 }],
      })
    const early = nap('2026-11-04T13:00:00Z')
    const late = nap('2026-11-04T17:00:00Z')
    const get = await reader(begin({ account: { recordings: [early, late] } }))
    const { data } = (await get('/sleep?start_date=2026-11-03&end_date=2026-11-06')).body
    expect(data.map((one: { day: string; type: string }) => [one.day, one.type])).toEqual([
      ['2026-11-04', 'sleep'],
      ['2026-11-05', 'late_nap'],
    ])
  })

  it('nights begin the day after start_date, and an end given as a date leaves that day out', async () => {
    const get = await reader(begin())
    const found = async (feed: string, start: string, end: string) =>
      (await get(`/${feed}?start_date=${start}&end_date=${end}`)).body.data.length
    expect(await found('sleep', '2026-11-04', '2026-11-06')).toBe(0)
    expect(await found('sleep', '2026-11-03', '2026-11-04')).toBe(0)
    expect(await found('sleep', '2026-11-03', '2026-11-04T23:59:59')).toBe(1)
    expect(await found('daily_sleep', '2026-11-04', '2026-11-05')).toBe(1)
    expect(await found('daily_sleep', '2026-11-04', '2026-11-04')).toBe(0)
  })

  it('a day of activity runs from four to four', async () => {
    const early = recordingOf('early', series('steps', at('2026-11-05T02:30:00Z'), 60_000, [100], 60_000)) // 3:30 local
    const after = recordingOf('after', series('heart_rate', at('2026-11-05T04:00:00Z'), 60_000, [60]))
    const get = await reader(begin({ account: { recordings: [day(), early, after] } }))
    const [body, ...rest] = (await get('/daily_activity?start_date=2026-11-04&end_date=2026-11-06')).body.data
    expect(rest).toEqual([])
    expect(body).toMatchObject({
      day: '2026-11-04',
      steps: 3_700,
      active_calories: 240,
      total_calories: 450,
      equivalent_walking_distance: 2_700,
      meters_to_target: 6_300,
      timestamp: '2026-11-04T04:00:00+01:00',
    })
    expect(body.met).toMatchObject({ interval: 60, timestamp: '2026-11-04T04:00:00.000+01:00' })
    expect(body.met.items).toHaveLength(1_440)
    expect(body.met.items.slice(179, 181)).toEqual([0.9, 4.3])
    expect(body.class_5_min).toHaveLength(288)
    expect(body.medium_activity_time).toBe(3_600)
    const { low_activity_time, medium_activity_time, high_activity_time, sedentary_time, resting_time } = body
    expect(low_activity_time + medium_activity_time + high_activity_time + sedentary_time + resting_time).toBe(86_400)
  })

  it('a day that is not over has its minutes up to the last one measured, and none to come', async () => {
    const early = recordingOf('early', series('steps', at('2026-11-05T02:30:00Z'), 60_000, [100], 60_000)) // 3:30 local
    const get = await reader(begin({ account: { recordings: [day(), early] } }))
    const [{ met }] = (await get('/daily_activity?start_date=2026-11-04&end_date=2026-11-06')).body.data
    expect(met.items).toHaveLength(1_411)
  })

  it('scores, blood oxygen, stress, resilience, vascular age and VO₂ max come by day', async () => {
    const more = recordingOf(
      'more',
      series('stress_score', at('2026-11-04T09:00:00Z'), 180_000, [70, 80, 10]),
      series('vo2max', at('2026-11-04T06:00:00Z'), 1, [47.25]),
      { kind: 'day', metric: 'vascular_age', date: '2026-11-04', value: 31 },
    )
    const get = await reader(begin({ account: { recordings: [night(), more] } }))
    const first = async (feed: string) => (await get(`/${feed}?start_date=2026-11-04&end_date=2026-11-05`)).body.data[0]
    expect(await first('daily_sleep')).toMatchObject({ day: '2026-11-04', score: 81 })
    expect(await first('daily_readiness')).toMatchObject({ score: 74, temperature_deviation: -0.1 })
    expect(await first('daily_spo2')).toMatchObject({
      spo2_percentage: { average: 96.5 },
      breathing_disturbance_index: 4,
    })
    expect(await first('daily_stress')).toMatchObject({
      stress_high: 360,
      recovery_high: 180,
      day_summary: 'stressful',
    })
    expect(await first('daily_resilience')).toMatchObject({ level: 'solid' })
    expect(await first('daily_cardiovascular_age')).toMatchObject({ vascular_age: 31, pulse_wave_velocity: 6.8 })
    expect(await first('vO2_max')).toMatchObject({ vo2_max: 47.3 })
    expect(await first('enhanced_tag')).toBeUndefined()
  })

  it('workouts and sessions carry the local offset; a ring its make', async () => {
    const calm = recordingOf('calm', {
      kind: 'session',
      type: 'meditation',
      start: at('2026-11-03T18:00Z'),
      end: at('2026-11-03T18:05Z'),
      offset: 60,
      externalId: 'c',
      totals: {},
      parts: [],
    })
    const get = await reader(begin({ account: { recordings: [run(), calm] } }))
    const window = '?start_date=2026-11-03&end_date=2026-11-04'
    expect((await get(`/workout${window}`)).body.data).toEqual([
      {
        id: expect.any(String),
        activity: 'running',
        calories: 140,
        day: '2026-11-03',
        distance: 2_400,
        intensity: 'hard',
        label: 'Lunch loop',
        source: 'confirmed',
        start_datetime: '2026-11-03T12:04:12+01:00',
        end_datetime: '2026-11-03T12:14:12+01:00',
      },
    ])
    expect((await get(`/session${window}`)).body.data[0]).toMatchObject({
      type: 'meditation',
      heart_rate: { interval: 60 },
    })
    expect((await get('/ring_configuration')).body.data[0]).toMatchObject({ hardware_type: 'gen3', size: 9 })
  })

  it('heart rate is in UTC every five minutes, needs times and takes 30 days at most', async () => {
    const get = await reader(begin())
    const window = '?start_datetime=2026-11-04T07:00:00%2B01:00&end_datetime=2026-11-04T09:00:00%2B01:00'
    const { data } = (await get(`/heartrate${window}`)).body
    expect(data).toHaveLength(24)
    expect(data[0]).toEqual({
      timestamp: '2026-11-04T06:00:00+00:00',
      timestamp_unix: at('2026-11-04T06:00Z'),
      bpm: 70,
      source: 'awake',
    })
    const asleep = await get('/heartrate?start_datetime=2026-11-03T23:00:00Z&end_datetime=2026-11-03T23:05:00Z')
    expect(asleep.body.data[0].source).toBe('sleep')
    expect((await get('/heartrate?start_date=2026-11-04&end_date=2026-11-05')).body.data).toEqual([]) // the last day instead
    expect((await get('/heartrate?latest=true')).body.data).toHaveLength(1)
    const long = '?start_datetime=2026-09-01T00:00:00Z&end_datetime=2026-11-01T00:00:00Z'
    expect(await get(`/heartrate${long}`)).toMatchObject({ status: 400, body: { status: 400, title: 'Bad request' } })
    expect((await get(`/ring_battery_level${window}`)).body.data[0]).toMatchObject({ charging: false })
    expect((await get(`/interbeat_interval${window}`)).body.data).toEqual([])
  })

  it('long lists come in pages by next_token, and only the fields that are named', async () => {
    const scores = Array.from({ length: 60 }, (_, i) => ({
      kind: 'day' as const,
      metric: 'sleep_score',
      date: new Date(at('2026-08-01') + i * 24 * hour).toISOString().slice(0, 10),
      value: 70,
    }))
    const get = await reader(begin({ account: { recordings: [recordingOf('scores', ...scores)] } }))
    const path = '/daily_sleep?start_date=2026-08-01&end_date=2026-11-01&fields=day,score'
    const first = (await get(path)).body
    expect(first.data).toHaveLength(50)
    expect(first.data[0]).toEqual({ day: '2026-08-01', score: 70 })
    const second = (await get(`${path}&next_token=${first.next_token}`)).body
    expect([second.data.length, second.next_token]).toEqual([10, null])
    expect((await get(`${path}&next_token=moon`)).status).toBe(400)
  })

  it('no date is 422, an end before its start 400, a missing scope 403, no path 404', async () => {
    const test = begin()
    const get = await reader(test, 'daily')
    expect((await get('/sleep?start_date=soon')).status).toBe(422)
    expect((await get('/sleep?start_date=2026-11-05&end_date=2026-11-01')).status).toBe(400)
    expect((await get('/workout')).status).toBe(403)
    expect((await get('/moons')).status).toBe(404)
  })

  it('the sandbox answers on the same paths with somebody invented', async () => {
    const test = begin({ account: { recordings: [] } })
    const { access_token: token } = await connect(test)
    const ask = (path: string) => test.ask('GET', `/v2/sandbox/usercollection${path}`, { token })
    const { data } = (await ask('/sleep?start_date=2026-11-07&end_date=2026-11-10T23:59:59')).body
    expect(data[0]).toMatchObject({ type: 'long_sleep' })
    expect((await ask(`/sleep/${data[0].id}`)).body).toEqual(data[0])
    expect((await ask('/personal_info')).body.id).not.toBe(test.account)
  })

  it('of a member whose subscription has lapsed nothing is told but who it is, until they renew', async () => {
    const test = begin({ account: { recordings: [night()], traits: ['lapsed'] } })
    const get = await reader(test)
    expect((await get('/sleep')).status).toBe(403)
    expect((await get('/personal_info')).status).toBe(200)
    test.cloud.setTraits(test.account, [])
    expect((await get('/sleep')).status).toBe(200)
  })
})

describe("Oura's limits", () => {
  it('answer 429 with when to come back, first for the person, then for the whole app', async () => {
    const test = begin({ limits: [2, 3] })
    test.cloud.addAccount({ name: 'Jo', email: 'jo@x', timeZone: 'UTC', recordings: [] })
    const mira = (await connect(test, { account: 'Mira Lind' })).access_token
    const jo = (await connect(test, { account: 'Jo' })).access_token
    const ask = (token: string) => test.ask('GET', `${base}/personal_info`, { token })
    await ask(mira)
    await ask(mira)
    test.clock.advance(60_000)
    const refused = await ask(mira)
    expect(refused.status).toBe(429)
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'retry-after': '240',
      'x-ratelimit-limit': '2',
      'x-ratelimit-window': '300',
      'x-ratelimit-reset': String(at('2026-11-10T12:09:00Z') / 1000),
      'x-ratelimit-tier': 'token',
    })
    expect((await ask(jo)).status).toBe(200)
    expect((await ask(jo)).headers.get('x-ratelimit-tier')).toBe('application')
    test.clock.advance(240_000)
    expect((await ask(mira)).status).toBe(200)
  })
})

describe("Oura's webhooks", () => {
  it('begin with a handshake at the callback, one for each kind of event and data', async () => {
    const { got, send } = receiver()
    const test = begin({ send })
    const made = await subscribe(test)
    expect(made).toMatchObject({
      status: 201,
      body: {
        callback_url: hook,
        event_type: 'create',
        data_type: 'sleep',
        expiration_time: '2026-12-10T12:04:00.000Z',
      },
    })
    expect(new URL(got[0]?.url ?? '').searchParams.get('verification_token')).toBe('vt')
    expect((await subscribe(test)).status).toBe(409)
    expect((await subscribe(test, 'sleep', 'update')).status).toBe(201)
    expect((await subscribe(test, 'heartrate')).status).toBe(422)
    expect((await test.ask('GET', '/v2/webhook/subscription')).status).toBe(401)
    const all = (await test.ask('GET', '/v2/webhook/subscription', { headers: keys(test) })).body
    expect(all).toHaveLength(2)
  })

  it('are not made when the challenge is not echoed', async () => {
    const test = begin({ send: testReceiver(() => new Response(null, { status: 401 })).send })
    expect((await subscribe(test)).status).toBe(400)
  })

  it('are renewed, changed, and removed by their id', async () => {
    const test = begin({ send: receiver().send })
    const { id } = (await subscribe(test)).body
    const path = `/v2/webhook/subscription/${id}`
    test.clock.advance(24 * hour)
    const renewed = await test.ask('PUT', `/v2/webhook/subscription/renew/${id}`, { headers: keys(test) })
    expect(renewed.body.expiration_time).toBe('2026-12-11T12:04:00.000Z')
    const json = { callback_url: hook, verification_token: 'vt', event_type: 'update', data_type: 'workout' }
    expect((await test.ask('PUT', path, { headers: keys(test), json })).body.data_type).toBe('workout')
    expect((await test.ask('DELETE', path, { headers: keys(test) })).status).toBe(204)
    expect((await test.ask('GET', path, { headers: keys(test) })).status).toBe(404)
  })

  it('tell what is new, corrected and deleted, signed over time and body in upper-case hex', async () => {
    const { got, send } = receiver()
    const test = begin({ send, account: { recordings: [] } })
    for (const kind of ['create', 'update', 'delete']) await subscribe(test, 'sleep', kind)
    const get = await reader(test)
    got.length = 0
    await test.cloud.record(test.account, night())
    const { text = '', headers } = got[0] ?? {}
    const event = JSON.parse(text)
    expect(event).toEqual({
      event_type: 'create',
      data_type: 'sleep',
      object_id: expect.any(String),
      event_time: '2026-11-10T12:04:00+00:00',
      user_id: test.account,
    })
    const stamp = headers?.get('x-oura-timestamp')
    const right = createHmac('sha256', test.app.clientSecret)
      .update(stamp + text)
      .digest('hex')
      .toUpperCase()
    expect(headers?.get('x-oura-signature')).toBe(right)
    await test.cloud.record(test.account, night('night', at('2026-11-03T22:20:00Z')))
    expect((await get(`/sleep/${event.object_id}`)).body.bedtime_start).toBe('2026-11-03T23:20:00+01:00')
    await test.cloud.deleteRecord(test.account, event.object_id)
    expect(got.map((one) => [JSON.parse(one.text).event_type, JSON.parse(one.text).object_id])).toEqual(
      ['create', 'update', 'delete'].map((kind) => [kind, event.object_id]),
    )
  })

  it('an event that fails is sent ten times more within about an hour', async () => {
    const { got, send } = receiver(500)
    const test = begin({ send, account: { recordings: [] } })
    await subscribe(test)
    await connect(test)
    got.length = 0
    await test.cloud.record(test.account, night())
    test.clock.advance(hour)
    await test.cloud.catchUp()
    test.clock.advance(24 * hour)
    await test.cloud.catchUp()
    expect(got).toHaveLength(11)
  })

  it('410 cancels the subscription; one that has expired and a person who has left are silent', async () => {
    const gone = receiver(410)
    const test = begin({ send: gone.send, account: { recordings: [] } })
    await subscribe(test)
    await connect(test)
    await test.cloud.record(test.account, night())
    expect((await test.ask('GET', '/v2/webhook/subscription', { headers: keys(test) })).body).toEqual([])
    await subscribe(test)
    gone.got.length = 0
    test.clock.advance(31 * 24 * hour)
    await test.cloud.record(test.account, night('later'))
    await subscribe(test, 'workout')
    gone.got.length = 0
    await test.cloud.revoke(test.account, test.app.clientId)
    await test.cloud.record(test.account, run())
    expect(gone.got).toEqual([])
  })
})
