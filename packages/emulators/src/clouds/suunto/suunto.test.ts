import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { crcOf } from '../kit/fit.ts'
import { consent, origin, type TestCloud, type TestCloudOptions, testCloud, testReceiver } from '../kit/test-cloud.ts'
import { at, day, night, recordingOf, run, series } from '../kit/test-recordings.ts'
import { suunto } from './index.ts'

const hook = 'https://hub.example/hooks/suunto/secret'
const hour = 3_600_000

const begin = (options: TestCloudOptions = {}) =>
  testCloud(suunto, { account: { recordings: [run(), night(), day()] }, app: { webhookUrl: hook }, ...options })

const tokenOf = ({ ask }: TestCloud, form: Record<string, string>, basic = true) =>
  ask('POST', '/oauth/token', { basic, form: { redirect_uri: 'https://hub.example/callback', ...form } })

async function connect(test: TestCloud) {
  const { code = '' } = await consent(test, '/oauth/authorize', { scope: 'workout' })
  return (await tokenOf(test, { grant_type: 'authorization_code', code })).body
}

const keyed = ({ app }: TestCloud, token: string) => ({
  authorization: `Bearer ${token}`,
  'ocp-apim-subscription-key': app.extra['subscriptionKey'] ?? '',
})

async function reader(test: TestCloud) {
  const { access_token } = await connect(test)
  return (path: string) => test.ask('GET', path, { headers: keyed(test, access_token) })
}

const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

describe('signing in at Suunto', () => {
  it('is HTTP Basic, and the token is a JWT that names the account', async () => {
    const test = begin()
    const tokens = await connect(test)
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 86_399, scope: 'workout', user: test.account })
    expect(claims(tokens.access_token)).toMatchObject({ user: test.account, sub: expect.any(String) })
    const { code = '' } = await consent(test, '/oauth/authorize', {})
    expect((await tokenOf(test, { grant_type: 'authorization_code', code }, false)).status).toBe(401)
    expect(await consent(test, '/oauth/authorize', {}, { button: 'cancel' })).toMatchObject({ error: 'access_denied' })
  })

  it('whether an old refresh token still works is not clear: it does here, or is dead when told so', async () => {
    for (const [refreshing, status] of [
      ['lenient', 200],
      ['strict', 400],
    ] as const) {
      const test = begin({ refreshing })
      const { refresh_token } = await connect(test)
      const refresh = () => tokenOf(test, { grant_type: 'refresh_token', refresh_token })
      expect((await refresh()).body.refresh_token).not.toBe(refresh_token)
      expect((await refresh()).status).toBe(status)
    }
  })

  it('every call needs the subscription key too; without it 401 looks like a dead token', async () => {
    const test = begin()
    const { access_token: token } = await connect(test)
    expect((await test.ask('GET', '/v3/workouts/', { token })).status).toBe(401)
    expect((await test.ask('GET', '/v3/workouts/', { headers: keyed(test, token) })).status).toBe(200)
    expect((await test.ask('GET', '/v3/workouts/', { headers: keyed(test, 'x') })).status).toBe(401)
  })

  it('routes are one bare list, without the envelope that workouts have', async () => {
    const test = begin()
    const { access_token: token } = await connect(test)
    const { status, body } = await test.ask('GET', '/v2/route', { headers: keyed(test, token) })
    expect(status).toBe(200)
    expect(body).toMatchObject([{ description: 'Round the bay', totalDistance: 8_021.5 }])
    expect((await test.ask('GET', '/v2/route', { token })).status).toBe(401)
  })

  it('an app leaves with its client_id', async () => {
    const test = begin()
    const { access_token: token, refresh_token } = await connect(test)
    expect((await test.ask('GET', '/oauth/deauthorize?client_id=x', { token })).status).toBe(400)
    expect((await test.ask('GET', `/oauth/deauthorize?client_id=${test.app.clientId}`, { token })).status).toBe(200)
    expect((await tokenOf(test, { grant_type: 'refresh_token', refresh_token })).body.error).toBe('invalid_grant')
  })

  it('what a person takes away, or an account that ends, is 401 and invalid_grant, and is told of no more', async () => {
    for (const end of ['revoke', 'deleteAccount'] as const) {
      const { got, send } = testReceiver()
      const test = begin({ send })
      const { access_token: token, refresh_token } = await connect(test)
      await test.cloud[end](test.account, test.app.clientId)
      expect((await test.ask('GET', '/v3/workouts/', { headers: keyed(test, token) })).status).toBe(401)
      expect((await tokenOf(test, { grant_type: 'refresh_token', refresh_token })).body.error).toBe('invalid_grant')
      if (end === 'revoke') await test.cloud.record(test.account, run('later'))
      expect(got).toEqual([])
    }
  })
})

describe("Suunto's workouts", () => {
  it('have milliseconds, kcal, x as longitude, and a set maximum beside the reached one', async () => {
    const get = await reader(begin())
    const { body } = await get('/v3/workouts/')
    expect(body).toMatchObject({ error: null, metadata: { workoutcount: '1' } })
    const [workout] = body.payload
    expect(workout).toMatchObject({
      activityId: 1,
      startTime: at('2026-11-03T11:04:12Z'),
      stopTime: at('2026-11-03T11:14:12Z'),
      totalTime: 590,
      totalDistance: 2_400,
      energyConsumption: 140,
      timeOffsetInMinutes: 60,
      startPosition: { x: 18.063, y: 59.334 },
      hrdata: { workoutAvgHR: 155, hrmax: 170, max: 190, userMaxHR: 190 },
      gear: { manufacturer: 'Suunto', serialNumber: 'W1' },
      lastModified: at('2026-11-03T11:14:12Z'),
    })
    expect((await get(`/v3/workouts/${workout.workoutKey}`)).body.payload).toEqual(workout)
  })

  it('may lack the stop and count beats in a second', async () => {
    const get = await reader(
      begin({ account: { recordings: [run('r', { extra: { no_stop: true } })], traits: ['hertz'] } }),
    )
    const [workout] = (await get('/v3/workouts/')).body.payload
    expect(workout).not.toHaveProperty('stopTime')
    expect(workout.hrdata.workoutAvgHR).toBe(2.583)
  })

  it('are windowed by start or by change, in pages of at most 100', async () => {
    const test = begin({ account: { recordings: [run()] } })
    const get = await reader(test)
    test.clock.advance(hour)
    await test.cloud.record(
      test.account,
      run('late', { start: at('2026-10-01T08:00:00Z'), end: at('2026-10-01T08:10:00Z') }),
    )
    const keys = async (query: string) => (await get(`/v3/workouts/?${query}`)).body.payload.length
    const since = `since=${at('2026-11-10T00:00:00Z')}`
    expect([await keys(since), await keys(`${since}&filter-by-modification-time=true`)]).toEqual([0, 1])
    expect([await keys('limit=1'), await keys('limit=1&offset=2')]).toEqual([1, 0])
    const bad = await get('/v3/workouts/?limit=101')
    expect([bad.status, bad.body.error.code]).toEqual([200, 'BAD_REQUEST'])
  })

  it('have a FIT file; where there is none an error comes with 200', async () => {
    const test = begin({
      account: { recordings: [run(), run('typed', { start: at('2026-11-01T08:00:00Z'), extra: { manual: true } })] },
    })
    const get = await reader(test)
    const [real, typed] = (await get('/v3/workouts/')).body.payload
    const { access_token } = await connect(test)
    const file = await test.cloud.handle(
      new Request(`${origin}/v3/workouts/${real.workoutKey}/fit`, { headers: keyed(test, access_token) }),
    )
    const bytes = Buffer.from(await file.arrayBuffer())
    expect([bytes.subarray(8, 12).toString(), crcOf(bytes)]).toEqual(['.FIT', 0])
    const none = await get(`/v3/workouts/${typed.workoutKey}/fit`)
    expect([none.status, none.body.error.code]).toEqual([200, 'FIT_NOT_FOUND'])
    expect((await get('/v2/workout/exportFit/1')).status).toBe(401)
  })
})

describe("Suunto's samples", () => {
  const span = (from: string, to: string) => `?from=${at(from)}&to=${at(to)}`
  const week = span('2026-11-01T00:00:00Z', '2026-11-08T00:00:00Z')

  it('a night has durations and no timeline, oxygen as a share', async () => {
    const get = await reader(begin())
    const [sleep] = (await get(`/247samples/sleep${week}`)).body
    expect(sleep).toEqual({
      timestamp: '2026-11-04T06:40:00.000+01:00',
      entryData: {
        DateTime: '2026-11-04T06:40:00.000+01:00',
        SleepId: at('2026-11-03T22:10:00Z') / 1000,
        BedtimeStart: '2026-11-03T23:10:00.000+01:00',
        BedtimeEnd: '2026-11-04T06:40:00.000+01:00',
        Duration: 27_000,
        DeepSleepDuration: 5_400,
        LightSleepDuration: 14_100,
        REMSleepDuration: 6_600,
        SleepOnsetLatencyDuration: 600,
        WakeAfterSleepOnsetDuration: 300,
        WakeBeforeOffBedDuration: 0,
        HRAvg: 50,
        HRMin: 48,
        AvgHRV: 62,
        AvgHRVSampleCount: 90,
        MaxSpo2: 0.97,
        SleepQualityScore: 81,
        IsNap: false,
        Feeling: 3,
      },
    })
    expect((await get(`/247/samples/sleep${week}`)).body).toEqual([sleep])
  })

  it('every ten minutes of a day are told, energy in joules', async () => {
    const get = await reader(begin({ account: { recordings: [day()] } }))
    const [first] = (await get(`/247samples/activity${week}`)).body
    expect(first).toEqual({
      timestamp: '2026-11-04T07:00:00.000+01:00',
      entryData: { HR: 71, HRExt: { Min: 70, Max: 71 }, StepCount: 600, EnergyConsumption: 167_360 },
    })
    const percent = await reader(begin({ account: { recordings: [night()], traits: ['percent'] } }))
    expect((await percent(`/247samples/activity${week}`)).body[0].entryData.SpO2).toBe(97)
    expect((await percent(`/247samples/sleep${week}`)).body[0].entryData.MaxSpo2).toBe(97)
    const high = recordingOf('height', series('elevation', at('2026-11-04T06:00:00Z'), 1, [31]))
    const climber = await reader(begin({ account: { recordings: [high] } }))
    expect((await climber(`/247samples/activity${week}`)).body[0].entryData).toEqual({ Altitude: 31 })
  })

  it('the pulse of a night may be in beats a second too', async () => {
    const get = await reader(begin({ account: { recordings: [night()], traits: ['hertz'] } }))
    const [{ entryData }] = (await get(`/247samples/sleep${week}`)).body
    expect([entryData.HRAvg, entryData.HRMin]).toEqual([0.833, 0.8])
  })

  it('recovery is a balance and a state', async () => {
    const t = at('2026-11-04T08:00:00Z')
    const get = await reader(
      begin({
        account: {
          recordings: [recordingOf('r', series('energy_reserve', t, 1, [62]), series('stress_score', t, 1, [60]))],
        },
      }),
    )
    expect((await get(`/247samples/recovery${week}`)).body).toEqual([
      { timestamp: '2026-11-04T09:00:00.000+01:00', entryData: { Balance: 0.62, StressState: 2 } },
    ])
  })

  it('span at most 28 days, the end included', async () => {
    const get = await reader(begin())
    expect((await get(`/247samples/sleep${span('2026-10-01T00:00:00Z', '2026-10-29T00:00:00Z')}`)).status).toBe(200)
    expect((await get(`/247samples/sleep${span('2026-10-01T00:00:00Z', '2026-10-29T00:00:01Z')}`)).status).toBe(400)
    expect((await get('/247samples/sleep')).status).toBe(400)
    expect((await get(`/247samples/sleep${span('2026-11-04T05:00:00Z', '2026-11-04T05:40:00Z')}`)).body).toHaveLength(1)
  })

  it('sums of days come for each watch, null where there is nothing', async () => {
    const get = await reader(begin({ account: { recordings: [day()], traits: ['two_watches'] } }))
    const [steps, energy] = (
      await get('/247samples/daily-activity-statistics?startdate=2026-11-03T12:00:00Z&enddate=2026-11-04T12:00:00Z')
    ).body
    expect(steps.Sources).toHaveLength(2)
    expect(steps.Sources[0].Samples).toEqual([
      { TimeISO8601: '2026-11-04T00:00:00+01:00', Value: 3_600 },
      { TimeISO8601: '2026-11-03T00:00:00+01:00', Value: null },
    ])
    expect(energy.Sources[0].Samples[0].Value).toBe(1_004_160)
  })
})

describe("Suunto's limits", () => {
  it('are 429 with a pause, or 403 when the quota of the week is used up', async () => {
    const test = begin({ limits: [1, 2] })
    const get = await reader(test)
    await get('/v3/workouts/')
    const over = await get('/v3/workouts/')
    expect([over.status, over.headers.get('retry-after')]).toEqual([429, '60'])
    test.clock.advance(60_000)
    expect((await get('/v3/workouts/')).status).toBe(200)
    test.clock.advance(60_000)
    const out = await get('/v3/workouts/')
    expect([out.status, out.body.message]).toEqual([403, expect.stringContaining('Out of call volume quota')])
  })
})

describe("Suunto's webhooks", () => {
  it('are signed with the notification secret and say CREATED also for a change', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send, account: { recordings: [] } })
    await connect(test)
    await test.cloud.record(test.account, run())
    await test.cloud.record(test.account, run('run', { totals: { distance: 1 } }))
    const workouts = got.filter(({ text }) => text.includes('WORKOUT_CREATED'))
    expect(workouts.map(({ text }) => JSON.parse(text).workout.totalDistance)).toEqual([2_400, 1])
    for (const { text, headers } of got) {
      expect(headers.get('x-hmac-sha256-signature')).toBe(
        createHmac('sha256', test.app.extra['notificationSecret'] ?? '')
          .update(text)
          .digest('hex'),
      )
      expect(JSON.parse(text).username).toBe(test.account)
    }
  })

  it('tell an old app in a form, by its own credentials and without a signature', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send, account: { recordings: [], traits: ['old_app'] } })
    await connect(test)
    const { readings, ...rest } = run()
    await test.cloud.record(test.account, { ...rest, readings: readings.slice(0, 1) })
    const [{ text, headers } = { text: '', headers: new Headers() }, ...others] = got
    expect(others).toEqual([])
    expect(Object.fromEntries(new URLSearchParams(text))).toEqual({
      username: test.account,
      workoutid: expect.stringMatching(/^[0-9a-f]{24}$/),
    })
    expect(headers.get('authorization')).toBe(`Basic ${btoa(`${test.app.clientId}:${test.app.clientSecret}`)}`)
    expect(headers.get('x-hmac-sha256-signature')).toBeNull()
  })

  it('a night that grows is sent again under its id', async () => {
    const { got, send } = testReceiver()
    const test = begin({ send, account: { recordings: [] } })
    await connect(test)
    await test.cloud.record(test.account, night())
    await test.cloud.record(test.account, night('night', undefined, { end: at('2026-11-04T06:00:00Z') }))
    const nights = got.map(({ text }) => JSON.parse(text)).filter(({ type }) => type === 'SUUNTO_247_SLEEP_CREATED')
    expect(nights.map(({ samples }) => samples[0].entryData.Duration)).toEqual([27_000, 28_200])
    expect(new Set(nights.map(({ samples }) => samples[0].entryData.SleepId)).size).toBe(1)
  })

  it('are never sent again, and after five failures there is a pause', async () => {
    const { got, send } = testReceiver(() => new Response(null, { status: 500 }))
    const test = begin({ send, account: { recordings: [] } })
    await connect(test)
    const weigh = (n: number) =>
      test.cloud.record(test.account, recordingOf('s', series('steps', at('2026-11-04T06:00:00Z'), 60_000, [n])))
    for (let n = 1; n <= 7; n++) await weigh(n)
    await test.cloud.catchUp()
    expect(got).toHaveLength(5)
    test.clock.advance(hour)
    await test.cloud.catchUp()
    expect(got).toHaveLength(5)
    await weigh(8)
    expect(got).toHaveLength(6)
  })
})
