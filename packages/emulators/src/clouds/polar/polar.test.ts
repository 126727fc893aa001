import { createHmac } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  callback,
  consent,
  origin,
  type TestCloud,
  type TestCloudOptions,
  testCloud,
  testReceiver,
} from '../kit/test-cloud.ts'
import { at, day, night, recordingOf, run, series } from '../kit/test-recordings.ts'
import { polar } from './index.ts'

const scope = 'accesslink.read_all'
const hour = 3_600_000
const hook = 'https://hub.example/hooks/polar/secret'

/** Somebody who had registered long ago, so that there is something to read. */
const begin = (options: TestCloudOptions = {}) =>
  testCloud(polar, { account: { recordings: [night(), day(), run()], traits: ['registered'] }, ...options })

const fresh = (options: TestCloudOptions = {}) => testCloud(polar, { account: { recordings: [run()] }, ...options })

const codeOf = async (test: TestCloud) => (await consent(test, '/oauth2/authorization', { scope }))['code'] ?? ''

const take = (test: TestCloud, code: string, more: Record<string, string> = {}) =>
  test.ask('POST', '/v2/oauth2/token', {
    basic: true,
    form: { grant_type: 'authorization_code', code, redirect_uri: callback, ...more },
  })

const connect = async (test: TestCloud) => (await take(test, await codeOf(test))).body

const asJson = { accept: 'application/json' }

async function reader(test: TestCloud) {
  const { access_token: token } = await connect(test)
  return (path: string) => test.ask('GET', `/v3${path}`, { token, headers: asJson })
}

const register = async (test: TestCloud, token: string, member = 'our-user-8812') =>
  test.ask('POST', '/v3/users', { token, headers: asJson, json: { 'member-id': member } })

const subscribe = (test: TestCloud, events = ['EXERCISE', 'SLEEP'], url = hook) =>
  test.ask('POST', '/v3/webhooks', { basic: true, headers: asJson, json: { events, url } })

describe('signing in at Polar', () => {
  it('gives a token for more than a year, with the user id, and none to refresh it', async () => {
    const test = begin()
    expect(await connect(test)).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 473_039_999,
      x_user_id: Number(test.account),
    })
    const refreshed = await test.ask('POST', '/v2/oauth2/token', {
      basic: true,
      form: { grant_type: 'refresh_token', refresh_token: 'x' },
    })
    expect(refreshed).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
  })

  it('a code used twice deletes the token that it gave', async () => {
    const test = begin()
    const code = await codeOf(test)
    const { access_token: token } = (await take(test, code)).body
    expect((await take(test, code)).body.error).toBe('invalid_grant')
    expect((await test.ask('GET', '/v3/exercises', { token })).status).toBe(401)
  })

  it('the client speaks by Basic alone, with the same redirect URI; a code lasts ten minutes', async () => {
    const test = begin()
    const code = await codeOf(test)
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      client_id: test.app.clientId,
      client_secret: test.app.clientSecret,
    }
    expect((await test.ask('POST', '/v2/oauth2/token', { form })).status).toBe(401)
    expect((await take(test, code, { redirect_uri: 'https://hub.example/x' })).body.error).toBe('invalid_grant')
    test.clock.advance(600_000)
    expect((await take(test, code)).body.error).toBe('invalid_grant')
  })

  it('without a redirect URI in the authorize request none is needed for the token', async () => {
    const test = begin()
    const authorize = `${origin}/oauth2/authorization?response_type=code&client_id=${test.app.clientId}`
    const form = new URLSearchParams({ answer: 'allow', account: test.account })
    const back = await test.cloud.handle(new Request(authorize, { method: 'POST', body: form }))
    const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? ''
    const token = await test.ask('POST', '/v2/oauth2/token', {
      basic: true,
      form: { grant_type: 'authorization_code', code },
    })
    expect(token.status).toBe(200)
  })

  it('who cancels comes back denied', async () => {
    const told = await consent(begin(), '/oauth2/authorization', { scope }, { button: 'cancel' })
    expect(told).toEqual({ error: 'access_denied', state: 'state-1234' })
  })
})

describe('registration at Polar', () => {
  it('comes before any data, and what was uploaded before it is never told', async () => {
    const test = fresh()
    const { access_token: token } = await connect(test)
    const exercises = () => test.ask('GET', '/v3/exercises', { token, headers: asJson })
    expect((await exercises()).status).toBe(403)
    expect(await register(test, token)).toMatchObject({
      status: 200,
      body: {
        'polar-user-id': Number(test.account),
        'member-id': 'our-user-8812',
        'first-name': 'Mira',
        'registration-date': '2026-11-10T12:04:00.000Z',
      },
    })
    expect((await exercises()).body).toEqual([])
    await test.cloud.record(test.account, run('late', { start: at('2026-11-02T08:00Z'), end: at('2026-11-02T08:10Z') }))
    expect((await exercises()).body).toHaveLength(1)
  })

  it('is 409 when it was done before or the member-id is another’s, 400 without one, 403 without consents', async () => {
    const test = fresh()
    const { access_token: token } = await connect(test)
    await register(test, token)
    expect((await register(test, token)).status).toBe(409)
    test.cloud.addAccount({ name: 'Jo', email: 'jo@x', timeZone: 'UTC', recordings: [] })
    const { code = '' } = await consent(test, '/oauth2/authorization', { scope }, { account: 'Jo' })
    const jo = (await take(test, code)).body.access_token
    expect((await register(test, jo)).status).toBe(409)
    expect((await test.ask('POST', '/v3/users', { token: jo, json: {} })).status).toBe(400)
    expect((await register(test, jo, 'other')).status).toBe(200)
    const shy = begin({ account: { recordings: [], traits: ['no_consents'] } })
    const { access_token: shyToken } = await connect(shy)
    expect((await register(shy, shyToken)).status).toBe(403)
    expect((await shy.ask('GET', '/v3/exercises', { token: shyToken })).status).toBe(403)
  })

  it('is shown, 204 for somebody unknown, and deleting it ends the token', async () => {
    const test = fresh()
    const { access_token: token } = await connect(test)
    const user = (method: string, id = test.account) => test.ask(method, `/v3/users/${id}`, { token, headers: asJson })
    expect((await user('GET')).status).toBe(204)
    await register(test, token)
    expect((await user('GET')).body['member-id']).toBe('our-user-8812')
    expect((await user('DELETE', '1')).status).toBe(403)
    expect((await user('DELETE')).status).toBe(204)
    expect((await user('GET')).status).toBe(401)
  })
})

describe("Polar's exercises", () => {
  it('have local times with minutes of offset, ISO durations and mixed spellings', async () => {
    const get = await reader(begin())
    const [exercise] = (await get('/exercises')).body
    expect(exercise).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{6}$/),
      upload_time: '2026-11-03T11:14:12.000Z',
      polar_user: expect.stringContaining('/v3/users/'),
      device: 'Aurora Pulse',
      device_id: 'W1',
      start_time: '2026-11-03T12:04:12',
      start_time_utc_offset: 60,
      duration: 'PT10M',
      calories: 140,
      distance: 2_400,
      heart_rate: { average: 155, maximum: 170 },
      training_load: 15.5,
      sport: 'RUNNING',
      detailed_sport_info: 'RUNNING',
      has_route: true,
      'running-index': 53,
      training_load_pro: {
        date: '2026-11-03',
        'cardio-load': 15.5,
        'muscle-load': 23.3,
        'perceived-load': 20.2,
        'user-rpe': 'RPE_MODERATE',
      },
    })
    expect((await get(`/exercises/${exercise.id}`)).body).toEqual(exercise)
    expect((await get('/exercises/none')).status).toBe(404)
  })

  it('have samples, zones and route when asked', async () => {
    const get = await reader(begin())
    const [{ samples, heart_rate_zones, route }] = (await get('/exercises?samples=true&zones=true&route=true')).body
    const data = (type: string) => samples.find((one: Record<string, unknown>) => one['sample-type'] === type)
    expect(data('0')).toMatchObject({ 'recording-rate': 10, data: expect.stringMatching(/^140,141,141,/) })
    expect(data('1').data).toMatch(/^14.4,14.4/)
    expect(data('8').data).toMatch(/^168,168/)
    expect(data('10').data).toMatch(/^0,40,80/)
    expect(heart_rate_zones[2]).toEqual({ index: 3, 'lower-limit': 134, 'upper-limit': 153, 'in-zone': 'PT4M20S' })
    expect(route[1]).toMatchObject({ longitude: 18.063, time: 'PT10S', satellites: 11, fix: 3 })
  })

  it('a sensor that was off leaves null, and intervals between beats have no rate', async () => {
    const start = at('2026-11-03T11:04:12Z')
    const gappy = recordingOf(
      'gap',
      ...run().readings.filter(({ kind }) => kind === 'session'),
      series('heart_rate', start, 10_000, [140, 141]),
      series('rr_interval', start, 420, [420, 430]),
    )
    const get = await reader(begin({ account: { recordings: [gappy], traits: ['registered'] } }))
    const [{ samples }] = (await get('/exercises?samples=true')).body
    expect(samples[0].data).toMatch(/^140,141,141,null,/)
    expect(samples.at(-1)).toEqual({ 'recording-rate': null, 'sample-type': '11', data: '420,430' })
  })

  it('are there for 30 days after their upload', async () => {
    const test = begin()
    const get = await reader(test)
    test.clock.advance(22 * 24 * hour)
    expect((await get('/exercises')).body).toHaveLength(1)
    test.clock.advance(2 * 24 * hour)
    expect((await get('/exercises')).body).toEqual([])
  })

  it('come as files too: GPX, and TCX that is zipped without saying so', async () => {
    const test = begin()
    const { access_token: token } = await connect(test)
    const [{ id }] = (await test.ask('GET', '/v3/exercises', { token, headers: asJson })).body
    expect((await test.ask('GET', `/v3/exercises/${id}/gpx`, { token })).body).toContain('<trkpt lat="59.334"')
    const request = new Request(`${origin}/v3/exercises/${id}/tcx`, { headers: { authorization: `Bearer ${token}` } })
    const answer = await test.cloud.handle(request)
    expect(answer.headers.get('content-encoding')).toBeNull()
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect([bytes[0], bytes[1]]).toEqual([0x1f, 0x8b])
    expect(gunzipSync(bytes).toString()).toContain('<Activity Sport="Running">')
  })
})

describe("Polar's days", () => {
  it('a night has seconds of each stage and a hypnogram by the clock', async () => {
    const get = await reader(begin())
    const { nights } = (await get('/users/sleep')).body
    expect(nights).toHaveLength(1)
    expect(nights[0]).toMatchObject({
      date: '2026-11-04',
      sleep_start_time: '2026-11-03T23:10:00+01:00',
      sleep_end_time: '2026-11-04T06:40:00+01:00',
      device_id: 'W1',
      light_sleep: 14_100,
      deep_sleep: 5_400,
      rem_sleep: 6_600,
      unrecognized_sleep_stage: 0,
      total_interruption_duration: 900,
      short_interruption_duration: 300,
      long_interruption_duration: 600,
      sleep_score: 81,
      sleep_goal: 28_800,
      hypnogram: { '23:10': 0, '23:20': 3, '00:20': 4, '01:50': 3, '03:20': 1, '04:20': 0, '04:25': 3, '05:50': 1 },
    })
    expect(nights[0].heart_rate_samples['23:15']).toBe(48)
    expect((await get('/users/sleep/2026-11-04')).body).toEqual(nights[0])
    expect((await get('/users/sleep/2026-11-05')).status).toBe(404)
    expect((await get('/users/sleep/soon')).status).toBe(400)
    expect((await get('/users/sleep/available')).body.available[0].date).toBe('2026-11-04')
  })

  it('a night without a score has 0, and naps are not told', async () => {
    const bare = recordingOf('bare', ...night().readings.filter(({ kind }) => kind === 'session'))
    const slept = night('nap', at('2026-11-04T13:00Z'), { isNap: true, end: at('2026-11-04T13:30Z'), parts: [] })
    const nap = recordingOf('nap', ...slept.readings.filter(({ kind }) => kind === 'session'))
    const get = await reader(begin({ account: { recordings: [bare, nap], traits: ['registered'] } }))
    expect((await get('/users/sleep')).body.nights.map((one: { sleep_score: number }) => one.sleep_score)).toEqual([0])
  })

  it('nightly recharge is of four hours', async () => {
    const get = await reader(begin())
    const { recharges } = (await get('/users/nightly-recharge')).body
    expect(recharges[0]).toMatchObject({
      date: '2026-11-04',
      heart_rate_avg: 50,
      beat_to_beat_avg: 1_200,
      heart_rate_variability_avg: 62,
      breathing_rate_avg: 14,
    })
    expect(Object.keys(recharges[0].hrv_samples)).toHaveLength(48)
    expect((await get('/users/nightly-recharge/2026-11-05')).status).toBe(404)
  })

  it('activity is listed for 28 days at most and a year back, with samples when asked, and 204 for an empty day', async () => {
    const get = await reader(begin())
    const [activity] = (await get('/users/activities?from=2026-11-01&to=2026-11-10')).body
    expect(activity).toEqual({
      start_time: '2026-11-04T00:00:00',
      end_time: '2026-11-04T23:59:59',
      active_duration: 'PT1H',
      inactive_duration: 'PT9H',
      daily_activity: 60,
      calories: 450,
      active_calories: 240,
      steps: 3_600,
      inactivity_alert_count: 1,
      distance_from_steps: 2_700,
    })
    const full = (await get('/users/activities/2026-11-04?steps=true&activity_zones=true')).body
    expect(full.samples.steps).toMatchObject({ interval_ms: 60_000, total_steps: 3_600 })
    expect(full.samples.steps.samples[0]).toEqual({ steps: 60, timestamp: '2026-11-04T07:00' })
    expect(full.samples).not.toHaveProperty('inactivity_stamps')
    expect((await get('/users/activities/samples/2026-11-04')).body.date).toBe('2026-11-04')
    expect((await get('/users/activities')).body).toHaveLength(1)
    expect((await get('/users/activities/2026-11-05')).status).toBe(204)
    expect((await get('/users/activities?from=2026-10-01&to=2026-11-10')).status).toBe(400)
    expect((await get('/users/activities?from=2025-10-01&to=2025-10-20')).status).toBe(400)
  })

  it('continuous heart rate is every five minutes of a local day', async () => {
    const get = await reader(begin())
    const { body } = await get('/users/continuous-heart-rate/2026-11-04')
    expect(body.heart_rate_samples[0]).toEqual({ heart_rate: 48, sample_time: '00:00:00' })
    expect((await get('/users/continuous-heart-rate?from=2026-11-03&to=2026-11-04')).body.heart_rates).toHaveLength(2)
    expect((await get('/users/continuous-heart-rate/2026-11-09')).status).toBe(404)
    expect((await get('/users/continuous-heart-rate')).status).toBe(400)
  })

  it('cardio load says for each date that there is one or none', async () => {
    const get = await reader(begin())
    expect((await get('/users/cardio-load/2026-11-03')).body).toMatchObject({ date: '2026-11-03', cardio_load: 15.5 })
    expect((await get('/users/cardio-load/2026-11-04')).body).toEqual({
      date: '2026-11-04',
      cardio_load_status: 'LOAD_STATUS_NOT_AVAILABLE',
    })
    expect((await get('/users/cardio-load')).body).toHaveLength(28)
    expect((await get('/users/cardio-load/period/days/3')).body).toHaveLength(3)
    expect((await get('/users/cardio-load/period/months/2')).body).toHaveLength(60)
    expect((await get('/users/cardio-load/date?from=2026-11-01&to=2026-11-03')).body).toHaveLength(3)
  })

  it('physical information and biosensing are there, or say so each in its way', async () => {
    const more = recordingOf(
      'more',
      series('body_mass', at('2026-11-04T06:00Z'), 1, [71.8]),
      series('spo2', at('2026-11-04T10:00Z'), 1, [97]),
    )
    const get = await reader(begin({ account: { recordings: [night(), more], traits: ['registered'] } }))
    expect((await get('/users/physical-info')).body).toMatchObject({
      weight: 71.8,
      height: 178,
      resting_heart_rate: 49,
      sleep_goal: 'PT8H',
      modified: '2026-11-04T06:00:00Z',
    })
    const window = 'from=2026-11-01&to=2026-11-08'
    expect((await get(`/users/biosensing/spo2?${window}`)).body).toEqual([
      expect.objectContaining({
        test_time: at('2026-11-04T10:00Z') / 1000,
        time_zone_offset: 60,
        test_status: 'SPO2_TEST_PASSED',
        blood_oxygen_percent: 97,
      }),
    ])
    expect((await get(`/users/biosensing/skintemperature?${window}`)).body).toEqual([
      { sleep_date: '2026-11-04', sleep_time_skin_temperature_celsius: 34.8, deviation_from_baseline_celsius: -0.1 },
    ])
    expect((await get(`/users/biosensing/ecg?${window}`)).status).toBe(204)
    expect((await get('/users/sleepwise/alertness')).status).toBe(204)
    const bare = await reader(begin())
    expect((await bare('/users/physical-info')).status).toBe(404)
  })

  it('who does not ask for JSON gets XML', async () => {
    const test = begin()
    const { access_token: token } = await connect(test)
    const { headers, body } = await test.ask('GET', '/v3/users/sleep', { token })
    expect(headers.get('content-type')).toBe('application/xml')
    expect(body).toContain('<light_sleep>14100</light_sleep>')
  })
})

describe("Polar's limits", () => {
  it('grow with users, begin with the first request and are told on every answer', async () => {
    const test = begin()
    const get = await reader(test)
    await get('/exercises')
    test.clock.advance(60_000)
    const { headers } = await get('/exercises')
    expect(headers.get('ratelimit-usage')).toBe('2, 2')
    expect(headers.get('ratelimit-limit')).toBe('520, 5100')
    expect(headers.get('ratelimit-reset')).toBe('840, 86340')
  })

  it('refuse with 429, and refused requests still count for the day', async () => {
    const test = begin({ limits: [-18, 0] }) // two in a quarter of an hour, with this one user
    const get = await reader(test)
    const seen = []
    for (let i = 0; i < 3; i++) seen.push((await get('/exercises')).status)
    const refused = await get('/exercises')
    expect(seen).toEqual([200, 200, 429])
    expect([refused.status, refused.headers.get('ratelimit-usage')]).toEqual([429, '2, 4'])
    test.clock.advance(900_000)
    expect((await get('/exercises')).status).toBe(200)
  })
})

describe("Polar's webhook", () => {
  it('is made once its address has answered a ping with 200; its key is shown only then', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send })
    const made = await subscribe(test)
    expect(made).toMatchObject({
      status: 201,
      body: { data: { events: ['EXERCISE', 'SLEEP'], url: hook, signature_secret_key: expect.any(String) } },
    })
    expect(JSON.parse(got[0]?.text ?? '')).toEqual({ timestamp: '2026-11-10T12:04:00Z', event: 'PING' })
    expect(got[0]?.headers.get('polar-webhook-event')).toBe('PING')
    expect((await subscribe(test)).status).toBe(409)
    const [listed] = (await test.ask('GET', '/v3/webhooks', { basic: true, headers: asJson })).body.data
    expect(listed).toEqual({ id: made.body.data.id, events: ['EXERCISE', 'SLEEP'], url: hook, active: true })
    expect((await test.ask('GET', '/v3/webhooks')).status).toBe(401)
  })

  it('is not made for an address that answers otherwise, or for unknown events', async () => {
    const test = begin({ send: testReceiver(() => new Response(null, { status: 204 })).send })
    expect((await subscribe(test)).status).toBe(400)
    expect((await subscribe(test, ['MOON'])).status).toBe(400)
  })

  it('is changed, switched off and on, and deleted', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send })
    const none = await test.ask('POST', '/v3/webhooks/activate', { basic: true })
    expect(none.status).toBe(204)
    const { id } = (await subscribe(test)).body.data
    const json = { url: `${hook}2`, events: ['EXERCISE'] }
    const changed = await test.ask('PATCH', `/v3/webhooks/${id}`, { basic: true, headers: asJson, json })
    expect([changed.status, changed.body.data.url, got.length]).toEqual([200, `${hook}2`, 2])
    const off = await test.ask('POST', '/v3/webhooks/deactivate', { basic: true, headers: asJson })
    expect(off.body.data.active).toBe(false)
    expect((await test.ask('DELETE', `/v3/webhooks/${id}`, { basic: true })).status).toBe(204)
    expect((await test.ask('DELETE', `/v3/webhooks/${id}`, { basic: true })).status).toBe(404)
  })

  it('tells what has come, by id or by date, signed in hex over the body with its own key', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send, account: { recordings: [], traits: ['registered'] } })
    const { signature_secret_key: key } = (await subscribe(test)).body.data
    const get = await reader(test)
    got.length = 0
    await test.cloud.record(test.account, run())
    await test.cloud.record(test.account, night())
    const [{ id }] = (await get('/exercises')).body
    expect(got.map(({ text }) => JSON.parse(text))).toEqual([
      {
        event: 'EXERCISE',
        user_id: Number(test.account),
        entity_id: id,
        timestamp: '2026-11-10T12:04:00Z',
        url: `${origin}/v3/exercises/${id}`,
      },
      {
        event: 'SLEEP',
        user_id: Number(test.account),
        date: '2026-11-04',
        timestamp: '2026-11-10T12:04:00Z',
        url: `${origin}/v3/users/sleep/2026-11-04`,
      },
    ])
    const right = createHmac('sha256', key)
      .update(got[0]?.text ?? '')
      .digest('hex')
    expect(got[0]?.headers.get('polar-webhook-signature')).toBe(right)
    const moved = night('night', at('2026-11-03T22:20:00Z'))
    await test.cloud.record(test.account, moved)
    expect((await get('/users/sleep')).body.nights).toHaveLength(1)
    expect(got).toHaveLength(3)
  })

  it('what has come can be asked for instead, once', async () => {
    const test = begin({ account: { recordings: [], traits: ['registered'] } })
    await connect(test)
    const ask = () => test.ask('GET', '/v3/notifications', { basic: true, headers: asJson })
    expect((await ask()).status).toBe(204)
    await test.cloud.record(test.account, run())
    expect(
      (await ask()).body['available-user-data'].map((one: Record<string, unknown>) => one['data-type']).sort(),
    ).toEqual(['CONTINUOUS_HEART_RATE', 'EXERCISE'])
    expect((await ask()).status).toBe(204)
  })

  it('is switched off after seven days without success, and works again when activated', async () => {
    let status = 200
    const { got, send } = testReceiver(() => new Response(null, { status }))
    const test = begin({ send, account: { recordings: [], traits: ['registered'] } })
    await subscribe(test)
    await connect(test)
    status = 500
    for (let i = 0; i < 9; i++) {
      await test.cloud.record(test.account, run(`r${i}`))
      test.clock.advance(24 * hour)
      await test.cloud.catchUp()
    }
    const count = got.length
    const [{ active }] = (await test.ask('GET', '/v3/webhooks', { basic: true, headers: asJson })).body.data
    expect(active).toBe(false)
    status = 200
    await test.cloud.record(test.account, run('missed'))
    expect(got).toHaveLength(count)
    await test.ask('POST', '/v3/webhooks/activate', { basic: true })
    await test.cloud.record(test.account, run('told'))
    expect(got).toHaveLength(count + 1)
  })

  it('is silent for who has not registered, has left, or is gone', async () => {
    const { got, send } = testReceiver()
    const test = fresh({ send })
    await subscribe(test)
    const { access_token: token } = await connect(test)
    await test.cloud.record(test.account, run('a'))
    await register(test, token)
    await test.cloud.revoke(test.account, test.app.clientId)
    await test.cloud.record(test.account, run('b'))
    expect(got).toHaveLength(1) // the ping
    expect((await test.ask('GET', '/v3/exercises', { token })).status).toBe(401)
    await test.cloud.deleteAccount(test.account)
    await expect(codeOf(test)).rejects.toThrow('no account')
  })
})
