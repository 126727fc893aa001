import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { consent, type TestCloud, type TestCloudOptions, testCloud, testReceiver } from '../kit/test-cloud.ts'
import { at, day, night, run, watch } from '../kit/test-recordings.ts'
import type { Choice } from '../sign-in.ts'
import { whoop } from './index.ts'

const scope = 'read:recovery read:cycles read:workout read:sleep read:profile read:body_measurement offline'
const hour = 3_600_000
const hook = 'https://hub.example/hooks/whoop/secret'

const second = night('second', at('2026-11-04T22:20:00Z'))
const nap = night('nap', at('2026-11-04T13:00:00Z'), {
  isNap: true,
  end: at('2026-11-04T13:40:00Z'),
  parts: [{ kind: 'stage', label: 'light', start: at('2026-11-04T13:00:00Z'), end: at('2026-11-04T13:40:00Z') }],
})

const begin = (options: TestCloudOptions = {}) =>
  testCloud(whoop, {
    account: { recordings: [night(), day(), nap, second, run()] },
    app: { webhookUrl: hook },
    ...options,
  })

const tokenOf = (test: TestCloud, form: Record<string, string>) =>
  test.ask('POST', '/oauth/oauth2/token', {
    form: {
      client_id: test.app.clientId,
      client_secret: test.app.clientSecret,
      redirect_uri: 'https://hub.example/callback',
      ...form,
    },
  })

async function connect(test: TestCloud, scopes = scope, choice: Choice = {}) {
  const { code = '' } = await consent(test, '/oauth/oauth2/auth', { scope: scopes }, choice)
  return (await tokenOf(test, { grant_type: 'authorization_code', code })).body
}

const refresh = (test: TestCloud, refresh_token: string) =>
  tokenOf(test, { grant_type: 'refresh_token', refresh_token, scope: 'offline' })

async function reader(test: TestCloud, scopes = scope) {
  const { access_token: token } = await connect(test, scopes)
  return (path: string, headers: Record<string, string> = {}) =>
    test.ask('GET', `/developer${path}`, { token, headers })
}

describe('signing in at WHOOP', () => {
  it('needs a state of eight characters', async () => {
    const test = begin()
    expect(await consent(test, '/oauth/oauth2/auth', { scope, state: '1234567' })).toMatchObject({
      error: 'invalid_state',
    })
    expect(await consent(test, '/oauth/oauth2/auth', { scope, state: '12345678' })).toHaveProperty('code')
  })

  it('says when somebody cancels, and needs the redirect to the letter', async () => {
    const test = begin()
    expect(await consent(test, '/oauth/oauth2/auth', { scope }, { button: 'cancel' })).toMatchObject({
      error: 'access_denied',
    })
    const redirect_uri = 'https://hub.example/other'
    await expect(consent(test, '/oauth/oauth2/auth', { scope, redirect_uri })).rejects.toThrow('redirect_uri')
  })
})

describe("WHOOP's tokens", () => {
  it('have a refresh token only with the scope offline', async () => {
    const test = begin()
    expect(await connect(test)).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      expires_in: 3_600,
      scope,
      token_type: 'bearer',
    })
    expect(await connect(test, 'read:sleep')).not.toHaveProperty('refresh_token')
  })

  it('a refresh gives two new ones, and both old ones stop working', async () => {
    const test = begin()
    const first = await connect(test)
    const next = (await refresh(test, first.refresh_token)).body
    const profile = async (token: string) =>
      (await test.ask('GET', '/developer/v2/user/profile/basic', { token })).status
    expect([await profile(first.access_token), await profile(next.access_token)]).toEqual([401, 200])
    expect(await refresh(test, first.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    test.clock.advance(hour)
    expect(await profile(next.access_token)).toBe(401)
    expect((await refresh(test, next.refresh_token)).status).toBe(200)
  })

  it('a refresh must ask for offline again', async () => {
    const test = begin()
    const { refresh_token } = await connect(test)
    expect(await tokenOf(test, { grant_type: 'refresh_token', refresh_token })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })

  it('a code is good once, a wrong secret for nothing', async () => {
    const test = begin()
    const { code = '' } = await consent(test, '/oauth/oauth2/auth', { scope })
    const take = (more = {}) => tokenOf(test, { grant_type: 'authorization_code', code, ...more })
    expect((await take({ client_secret: 'x' })).status).toBe(401)
    expect((await take()).status).toBe(200)
    expect((await take()).body.error).toBe('invalid_grant')
  })

  it('access is given back with DELETE, and everything ends', async () => {
    const test = begin()
    const { access_token: token, refresh_token } = await connect(test)
    expect((await test.ask('DELETE', '/developer/v2/user/access', { token })).status).toBe(204)
    expect((await test.ask('GET', '/developer/v2/user/profile/basic', { token })).status).toBe(401)
    expect((await refresh(test, refresh_token)).status).toBe(400)
  })
})

describe("WHOOP's data", () => {
  it('a cycle runs from one night to the next, in kilojoules; the running one has no end', async () => {
    const get = await reader(begin())
    const { body } = await get('/v2/cycle')
    expect(body).not.toHaveProperty('next_token')
    const [running, done] = body.records
    expect(running).not.toHaveProperty('end')
    expect(done).toEqual({
      id: expect.any(Number),
      user_id: expect.any(Number),
      created_at: '2026-11-04T22:14:02.500Z',
      updated_at: '2026-11-04T22:24:02.500Z',
      start: '2026-11-03T22:04:02.500Z',
      end: '2026-11-04T22:14:02.500Z',
      timezone_offset: '+01:00',
      score_state: 'SCORED',
      score: { strain: expect.any(Number), kilojoule: 1882.8, average_heart_rate: 54, max_heart_rate: 93 },
    })
    expect((await get(`/v2/cycle/${done.id}`)).body).toEqual(done)
    expect((await get(`/v2/cycle/${done.id}/sleep`)).body).toMatchObject({ cycle_id: done.id, nap: false })
    expect((await get(`/v2/cycle/${done.id}/recovery`)).body).toMatchObject({ cycle_id: done.id })
    expect((await get('/v2/cycle/1/recovery')).status).toBe(404)
  })

  it('a night has milliseconds of each stage, and no more than these', async () => {
    const get = await reader(begin())
    const [late, between, first] = (await get('/v2/activity/sleep')).body.records
    expect([late.nap, between.nap, first.nap]).toEqual([false, true, false])
    expect(between.cycle_id).toBe(first.cycle_id)
    expect(first).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4/),
      cycle_id: expect.any(Number),
      user_id: expect.any(Number),
      created_at: '2026-11-04T05:40:00.000Z',
      updated_at: '2026-11-04T05:50:00.000Z',
      start: '2026-11-03T22:10:00.000Z',
      end: '2026-11-04T05:40:00.000Z',
      timezone_offset: '+01:00',
      nap: false,
      score_state: 'SCORED',
      score: {
        stage_summary: {
          total_in_bed_time_milli: 27_000_000,
          total_awake_time_milli: 900_000,
          total_no_data_time_milli: 0,
          total_light_sleep_time_milli: 14_100_000,
          total_slow_wave_sleep_time_milli: 5_400_000,
          total_rem_sleep_time_milli: 6_600_000,
          sleep_cycle_count: 5,
          disturbance_count: 1,
        },
        sleep_needed: {
          baseline_milli: 27_600_000,
          need_from_sleep_debt_milli: 900_000,
          need_from_recent_strain_milli: 420_000,
          need_from_recent_nap_milli: 0,
        },
        respiratory_rate: 14,
        sleep_performance_percentage: 81,
        sleep_consistency_percentage: 77,
        sleep_efficiency_percentage: 96.7,
      },
    })
    expect((await get(`/v2/activity/sleep/${first.id}`)).body).toEqual(first)
    expect((await get(`/v2/activity/sleep/${first.id}/stream?types=hr`)).status).toBe(403)
  })

  it('a recovery belongs to a cycle and a night; older straps know neither oxygen nor skin temperature', async () => {
    const get = await reader(begin())
    const recovery = (await get('/v2/recovery')).body.records[1]
    expect(recovery).toMatchObject({
      score_state: 'SCORED',
      score: {
        user_calibrating: false,
        recovery_score: 74,
        resting_heart_rate: 49,
        hrv_rmssd_milli: 62,
        spo2_percentage: 96.5,
        skin_temp_celsius: 33.4,
      },
    })
    expect((await get(`/v2/activity/sleep/${recovery.sleep_id}`)).body.cycle_id).toBe(recovery.cycle_id)
    const old = await reader(begin({ account: { recordings: [{ ...night(), device: { ...watch, model: '3.0' } }] } }))
    const [plain] = (await old('/v2/recovery')).body.records
    expect(plain.score).not.toHaveProperty('spo2_percentage')
    expect(plain.score).not.toHaveProperty('skin_temp_celsius')
  })

  it('a workout has its zones in milliseconds', async () => {
    const get = await reader(begin())
    const [body] = (await get('/v2/activity/workout')).body.records
    expect(body).toMatchObject({
      start: '2026-11-03T11:04:12.000Z',
      end: '2026-11-03T11:14:12.000Z',
      sport_name: 'running',
      score: {
        average_heart_rate: 155,
        max_heart_rate: 170,
        kilojoule: 585.8,
        percent_recorded: 100,
        distance_meter: 2_400,
        altitude_gain_meter: 12,
        altitude_change_meter: 12,
      },
    })
    expect(body.score.zone_durations).toMatchObject({
      zone_zero_milli: 0,
      zone_three_milli: 260_000,
      zone_four_milli: 340_000,
    })
    expect((await get(`/v2/activity/workout/${body.id}`)).body).toEqual(body)
  })

  it('profile and body tell who it is', async () => {
    const test = begin()
    const get = await reader(test)
    expect((await get('/v2/user/profile/basic')).body).toEqual({
      user_id: Number(test.account),
      email: 'mira@example.org',
      first_name: 'Mira',
      last_name: 'Lind',
    })
    expect((await get('/v2/user/measurement/body')).body).toEqual({
      height_meter: 1.81,
      weight_kilogram: 76.4,
      max_heart_rate: 191,
    })
  })

  it('lists ten at a time, 25 at most, newest first; start counts and end does not', async () => {
    const nights = Array.from({ length: 30 }, (_, i) => night(`n${i}`, at('2026-10-01T22:00:00Z') + i * 24 * hour))
    const get = await reader(begin({ account: { recordings: nights } }))
    const first = (await get('/v2/activity/sleep')).body
    expect(first.records).toHaveLength(10)
    expect(first.records[0].start).toBe('2026-10-30T22:00:00.000Z')
    const next = (await get(`/v2/activity/sleep?limit=25&nextToken=${first.next_token}`)).body
    expect(next.records).toHaveLength(20)
    expect(next).not.toHaveProperty('next_token')
    expect((await get('/v2/activity/sleep?limit=26')).status).toBe(400)
    expect((await get('/v2/activity/sleep?start=soon')).status).toBe(400)
    expect((await get('/v2/activity/sleep?nextToken=moon')).status).toBe(400)
    const window = 'start=2026-10-10T22:00:00.000Z&end=2026-10-12T22:00:00.000Z'
    expect((await get(`/v2/activity/sleep?${window}`)).body.records).toHaveLength(2)
  })

  it('a missing scope is 403, version 1 is 404, and so is an old activity', async () => {
    const get = await reader(begin(), 'read:profile')
    expect((await get('/v2/activity/sleep')).status).toBe(403)
    expect((await get('/v1/activity/sleep')).status).toBe(404)
    expect((await get('/v1/activity-mapping/12')).status).toBe(404)
  })

  it('clients that name themselves as their library are blocked', async () => {
    const get = await reader(begin())
    const blocked = await get('/v2/cycle', { 'user-agent': 'node' })
    expect([blocked.status, blocked.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8'])
    expect((await get('/v2/cycle', { 'user-agent': 'tributary/1.0' })).status).toBe(200)
  })
})

describe("WHOOP's limits", () => {
  it('are told on every answer; the 101st request of a minute is refused without Retry-After', async () => {
    const get = await reader(begin())
    const { headers } = await get('/v2/cycle')
    expect(headers.get('x-ratelimit-limit')).toBe('100, 100;window=60, 10000;window=86400')
    expect(headers.get('x-ratelimit-remaining')).toBe('99')
    expect(headers.get('x-ratelimit-reset')).toBe('60')
    for (let i = 0; i < 99; i++) await get('/v2/user/profile/basic')
    const refused = await get('/v2/user/profile/basic')
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('x-ratelimit-remaining')]).toEqual([
      429,
      null,
      '0',
    ])
  })

  it('a full minute ends with the minute, a full day with the day', async () => {
    const test = begin({ limits: [2, 3] })
    const { access_token, refresh_token } = await connect(test)
    const status = async (token: string) =>
      (await test.ask('GET', '/developer/v2/user/profile/basic', { token })).status
    expect([await status(access_token), await status(access_token), await status(access_token)]).toEqual([
      200, 200, 429,
    ])
    test.clock.advance(60_000)
    expect([await status(access_token), await status(access_token)]).toEqual([200, 429])
    test.clock.advance(24 * hour)
    expect(await status((await refresh(test, refresh_token)).body.access_token)).toBe(200)
  })
})

describe("WHOOP's webhooks", () => {
  it('a new night comes as a shell, and again when it is scored, with its recovery; all signed over time and body', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send, account: { recordings: [] } })
    const get = await reader(test)
    await test.cloud.record(test.account, night())
    const { text = '', headers, url } = got[0] ?? {}
    const event = JSON.parse(text)
    expect(url).toBe(hook)
    expect(event).toEqual({
      user_id: Number(test.account),
      id: expect.any(String),
      type: 'sleep.updated',
      trace_id: expect.any(String),
    })
    const stamp = headers?.get('x-whoop-signature-timestamp')
    expect(stamp).toBe(String(test.clock.now()))
    const right = createHmac('sha256', test.app.clientSecret)
      .update(stamp + text)
      .digest('base64')
    expect(headers?.get('x-whoop-signature')).toBe(right)
    const shell = (await get(`/v2/activity/sleep/${event.id}`)).body
    expect(shell.score_state).toBe('PENDING_SCORE')
    expect(shell).not.toHaveProperty('score')
    expect((await get('/v2/recovery')).body.records).toEqual([])
    test.clock.advance(600_000)
    await test.cloud.catchUp()
    expect(got.map((one) => JSON.parse(one.text)).map(({ type, id }) => [type, id])).toEqual([
      ['sleep.updated', event.id],
      ['sleep.updated', event.id],
      ['recovery.updated', event.id],
    ])
    const scored = (await get(`/v2/activity/sleep/${event.id}`)).body
    expect(scored).toMatchObject({ score_state: 'SCORED', updated_at: '2026-11-10T12:14:00.000Z' })
    expect((await get('/v2/recovery')).body.records[0].sleep_id).toBe(event.id)
  })

  it('what cannot be scored says so and has no recovery', async () => {
    const get = await reader(
      begin({ account: { recordings: [night('n', at('2026-11-03T22:10:00Z'), { extra: { unscorable: true } })] } }),
    )
    const [body] = (await get('/v2/activity/sleep')).body.records
    expect(body.score_state).toBe('UNSCORABLE')
    expect(body).not.toHaveProperty('score')
    expect((await get('/v2/recovery')).body.records).toEqual([])
  })

  it('a correction keeps the id; a deleted night takes its recovery along; cycles are never told', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send, account: { recordings: [night()] } })
    const get = await reader(test)
    const [{ id, cycle_id }] = (await get('/v2/activity/sleep')).body.records
    await test.cloud.record(test.account, night('night', at('2026-11-03T22:20:00Z')))
    await test.cloud.deleteRecord(test.account, id)
    expect(got.map((one) => JSON.parse(one.text)).map((one) => [one.type, one.id === id])).toEqual([
      ['sleep.updated', true],
      ['recovery.updated', true],
      ['sleep.deleted', true],
      ['recovery.deleted', true],
    ])
    expect((await get(`/v2/activity/sleep/${id}`)).status).toBe(404)
    expect((await get(`/v2/cycle/${cycle_id}/recovery`)).status).toBe(404)
  })

  it('an event that fails is tried five times more within an hour; who has left is told nothing', async () => {
    const { got, send } = testReceiver(() => new Response(null, { status: 500 }))
    const test = begin({ send, account: { recordings: [night()] } })
    const { access_token: token } = await connect(test)
    const [{ id }] = (await test.ask('GET', '/developer/v2/activity/sleep', { token })).body.records
    await test.cloud.deleteRecord(test.account, id)
    test.clock.advance(2 * hour)
    await test.cloud.catchUp()
    expect(got).toHaveLength(12) // six for the night and six for its recovery
    await test.cloud.revoke(test.account, test.app.clientId)
    await test.cloud.record(test.account, run())
    expect(got).toHaveLength(12)
    await test.cloud.deleteAccount(test.account)
    await expect(consent(test, '/oauth/oauth2/auth', { scope })).rejects.toThrow('no account')
  })
})
