import { describe, expect, it } from 'vitest'
import { callback, consent, type TestCloud, type TestCloudOptions, testCloud } from '../kit/test-cloud.ts'
import { at, night, recordingOf, run, series, watch } from '../kit/test-recordings.ts'
import type { Choice } from '../sign-in.ts'
import { polarDynamic } from './index.ts'

const scope =
  'activity:read sleep:read nightly_recharge:read continuous_samples:read ppi_data:read training_sessions:read tests:read temperature_measurement:read devices:read profile:read sports:read'
const recordings = [night(), run()]

const begin = (options: TestCloudOptions = {}) => testCloud(polarDynamic, { account: { recordings }, ...options })

const tokenOf = (test: TestCloud, form: Record<string, string>) =>
  test.ask('POST', '/oauth/token', { basic: true, form: { redirect_uri: callback, ...form } })

async function connect(test: TestCloud, choice: Choice = {}) {
  const { code = '' } = await consent(test, '/oauth/authorize', { scope }, choice)
  return (await tokenOf(test, { grant_type: 'authorization_code', code })).body
}

const refresh = (test: TestCloud, refresh_token: string) =>
  tokenOf(test, { grant_type: 'refresh_token', refresh_token })

async function reader(test: TestCloud, choice: Choice = {}) {
  const { access_token: token } = await connect(test, choice)
  return (path: string) => test.ask('GET', `/v4/data${path}`, { token })
}

const withTrait = (...traits: string[]) => begin({ account: { recordings, traits } })

describe('signing in to the Dynamic API', () => {
  it('gives a token for twelve hours less a second, with what was granted and not whose it is', async () => {
    expect(await connect(begin(), { without: ['sleep:read'] })).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      refresh_token: expect.any(String),
      expires_in: 43_199,
      scope: scope.replace('sleep:read ', ''),
      jti: expect.any(String),
    })
    expect(await connect(withTrait('tells_user_id'))).toMatchObject({ x_user_id: 53_110_277 })
  })

  it('the client speaks by Basic alone', async () => {
    const test = begin()
    const { clientId: client_id, clientSecret: client_secret } = test.app
    const form = { grant_type: 'refresh_token', refresh_token: 'x', client_id, client_secret }
    expect(await test.ask('POST', '/oauth/token', { form })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
  })

  it('a refresh token is good once, and an access token until it ends', async () => {
    const test = begin()
    const first = await connect(test)
    const second = (await refresh(test, first.refresh_token)).body
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(await refresh(test, first.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await refresh(test, second.refresh_token)).status).toBe(200)
    const account = (token: string) => test.ask('GET', '/v4/data/user/account-data', { token })
    expect((await account(first.access_token)).status).toBe(200)
    test.clock.advance(43_199_000)
    expect((await account(first.access_token)).status).toBe(401)
  })

  it('with the account, or once the person takes the app’s access away, all of its tokens end', async () => {
    for (const end of ['revoke', 'deleteAccount'] as const) {
      const test = begin()
      const { access_token: token, refresh_token } = await connect(test)
      await test.cloud[end](test.account, test.app.clientId)
      expect((await test.ask('GET', '/v4/data/user/account-data', { token })).status).toBe(401)
      expect((await refresh(test, refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
    }
  })

  it('there is nobody to register and nothing to say good-bye with', async () => {
    const test = begin()
    const { access_token: token } = await connect(test)
    for (const [method, path] of [
      ['POST', '/v4/users'],
      ['POST', '/v4/data/users'],
      ['DELETE', '/v4/users/1'],
      ['POST', '/v4/webhooks'],
    ] as const)
      expect((await test.ask(method, path, { token, json: {} })).status).toBe(404)
  })

  it('a scope that was not granted is named', async () => {
    const get = await reader(begin(), { without: ['sleep:read'] })
    expect(await get('/sleeps?from=2026-11-03&to=2026-11-05')).toMatchObject({
      status: 403,
      body: { errorMessage: 'Missing required scope: sleep:read' },
    })
  })
})

describe('lists of the Dynamic API', () => {
  it('tell dates alone without features, the last of the range left out', async () => {
    const get = await reader(begin())
    expect((await get('/sleeps?from=2026-11-03&to=2026-11-05')).body).toEqual({
      nightSleeps: [{ sleepDate: '2026-11-04' }],
    })
    expect((await get('/nightly-recharge-results?from=2026-11-04&to=2026-11-05')).body).toEqual({
      nightlyRechargeResults: [{ sleepResultDate: '2026-11-04' }],
    })
    expect((await get('/sleeps?from=2026-11-03&to=2026-11-04')).body).toEqual({})
  })

  it('tell what was asked for with features, one day at a time, by a key that is repeated', async () => {
    const get = await reader(begin())
    const day = '/sleeps?from=2026-11-04&to=2026-11-05'
    const [one] = (await get(`${day}&features=sleep-evaluation&features=sleep-score`)).body.nightSleeps
    expect(Object.keys(one)).toEqual(['sleepDate', 'sleepEvaluation', 'sleepScore'])
    expect((await get(`${day}&features=sleep-evaluation,sleep-score`)).status).toBe(400)
    expect((await get('/sleeps?from=2026-11-03&to=2026-11-05&features=sleep-score')).status).toBe(400)
    expect((await get('/sleeps?from=2026-11-05&to=2026-11-06&features=sleep-score')).status).toBe(204)
  })

  it.each([
    ['/sleeps', 30],
    ['/nightly-recharge-results', 28],
    ['/training-sessions/list', 90],
    ['/activity/list', 90],
    ['/continuous-samples', 30],
    ['/ppi-samples', 90],
  ])('%s takes %i days at most', async (path, days) => {
    const get = await reader(begin())
    const time = path.startsWith('/training') ? 'T00:00:00' : ''
    const date = (back: number) => new Date(at('2026-11-10') - back * 86_400_000).toISOString().slice(0, 10) + time
    expect((await get(`${path}?from=${date(days)}&to=${date(0)}`)).status).toBe(200)
    expect((await get(`${path}?from=${date(days + 1)}&to=${date(0)}`)).status).toBe(400)
    expect((await get(`${path}?from=${date(0)}&to=${date(0)}`)).status).toBe(400)
    expect((await get(path)).status).toBe(400)
  })

  it('training sessions want a time without a zone, others a date', async () => {
    const get = await reader(begin())
    const asked = (from: string, to: string) => get(`/training-sessions/list?from=${from}&to=${to}`)
    expect(await asked('2026-11-03', '2026-11-04')).toMatchObject({
      status: 400,
      body: { errorMessage: "Value for key 'from' could not be parsed as datetime" },
    })
    expect((await asked('2026-11-03T00:00:00Z', '2026-11-04T00:00:00Z')).status).toBe(400)
    expect((await asked('2026-11-03T00:00:00', '2026-11-04T00:00:00')).body.trainingSessions).toHaveLength(1)
    expect((await get('/sleeps?from=2026-11-03T00:00:00&to=2026-11-05T00:00:00')).status).toBe(400)
  })

  it('stand in one name more where an account has it so', async () => {
    const get = await reader(withTrait('wrapped'))
    expect((await get('/nightly-recharge-results?from=2026-11-04&to=2026-11-05')).body).toEqual({
      nightlyRechargeResults: { nightlyRechargeResults: [{ sleepResultDate: '2026-11-04' }] },
    })
    expect((await get('/user/account-data')).body.accountData.basicInfo.email).toBe('mira@example.org')
    expect((await get('/sports/list')).body.sports[0]).toMatchObject({ id: { id: 1 }, name: 'RUNNING' })
  })

  it('are limited by quarters of an hour and days, counted up; a refused call waits for the reset', async () => {
    const test = begin({ limits: [2, 100] })
    const get = await reader(test)
    const ask = () => get('/user-devices')
    await ask()
    test.clock.advance(300_000)
    expect(Object.fromEntries((await ask()).headers)).toMatchObject({
      'ratelimit-usage': '2, 2',
      'ratelimit-limit': '2, 100',
      'ratelimit-reset': '600, 86100',
    })
    expect((await ask()).status).toBe(429)
    test.clock.advance(600_000)
    expect((await ask()).status).toBe(200)
  })
})

describe('what the Dynamic API tells', () => {
  it('a night has its states from its start on, lengths of seconds as text and the watch’s UUID', async () => {
    const get = await reader(begin())
    const features = ['sleep-result', 'sleep-evaluation', 'sleep-score'].map((one) => `&features=${one}`).join('')
    const [one] = (await get(`/sleeps?from=2026-11-04&to=2026-11-05${features}`)).body.nightSleeps
    const { hypnogram } = one.sleepResult
    expect(hypnogram).toMatchObject({
      sleepStart: '2026-11-03T23:10:00.000+01:00',
      sleepEnd: '2026-11-04T06:40:00.000+01:00',
      deviceReference: { uuid: '0e030000-0084-0000-0000-0000000000w1' },
    })
    expect(hypnogram.sleepStateChanges.slice(0, 3)).toEqual([
      { offsetFromStart: '0s', newState: 'SLEEP_STATE_WAKE' },
      { offsetFromStart: '600s', newState: 'SLEEP_STATE_NON_REM2' },
      { offsetFromStart: '4200s', newState: 'SLEEP_STATE_NON_REM3' },
    ])
    expect(hypnogram.sleepStateChanges.at(-1)).toEqual({ offsetFromStart: '27030s', newState: 'SLEEP_STATE_WAKE' })
    expect(one.sleepEvaluation).toMatchObject({
      sleepSpan: '27000s',
      asleepDuration: '26100s',
      phaseDurations: { wake: '900s', rem: '6600s', light: '14100s', deep: '5400s', unknown: '0s' },
    })
    expect(one.sleepScore.sleepScore).toBe(81)
  })

  it('a recharge tells how long a breath is, not how many there are', async () => {
    const get = await reader(begin())
    const [one] = (await get('/nightly-recharge-results?from=2026-11-04&to=2026-11-05&features=samples')).body
      .nightlyRechargeResults
    expect(one).toMatchObject({
      sleepResultDate: '2026-11-04',
      meanNightlyRecoveryRmssd: 62,
      meanNightlyRecoveryRespirationInterval: 4_286,
      hrvSamples: [{ startTime: '2026-11-03T23:40:00.000+01:00', sampleInterval: '300s' }],
    })
    expect(one.hrvSamples[0].hrvValues).toHaveLength(48)
  })

  it('a session is local, its offset is in the exercise; features add what was measured on the way', async () => {
    const day = '/training-sessions/list?from=2026-11-03T00:00:00&to=2026-11-04T00:00:00'
    const get = await reader(begin())
    const [bare] = (await get(day)).body.trainingSessions
    expect(bare).toMatchObject({
      startTime: '2026-11-03T12:04:12',
      durationMillis: 600_000,
      distanceMeters: 2_400,
      recoveryTimeMillis: '600000',
      sport: { id: '1' },
      deviceId: '000000W1',
      exercises: [{ timezoneOffsetMinutes: 60 }],
    })
    expect(bare).not.toHaveProperty('timezoneOffsetMinutes')
    expect(bare.exercises[0]).not.toHaveProperty('samples')
    const [whole] = (await get(`${day}&features=samples&features=routes&features=laps`)).body.trainingSessions
    const { samples, routes, laps } = whole.exercises[0]
    expect(samples.samples.map((one: { type: string }) => one.type)).toEqual([
      'HEART_RATE',
      'SPEED',
      'CADENCE',
      'DISTANCE',
    ])
    expect(samples.samples[1].values[0]).toBe(14.4)
    expect(routes.route.wayPoints[1]).toEqual({
      longitude: 18.063,
      latitude: expect.closeTo(59.33436, 9),
      altitude: 20.2,
      elapsedMillis: 10_000,
    })
    expect(laps.laps.map((lap: { splitTimeMillis: number }) => lap.splitTimeMillis)).toEqual([250_000, 600_000])
  })

  it('a day has each thing’s minutes from midnight on, and no sum', async () => {
    const morning = at('2026-11-04T07:30:00Z')
    const other = { ...watch, serial: 'W2' }
    const get = await reader(
      begin({
        account: {
          recordings: [
            recordingOf('steps', series('steps', morning, 60_000, [40, 0, 60]), series('met', morning, 60_000, [2.5])),
            { key: 'more', device: other, readings: [series('steps', morning, 60_000, [7])] },
          ],
        },
      }),
    )
    const [one] = (await get('/activity/list?from=2026-11-04&to=2026-11-05&features=samples')).body.activityDays
    expect(Object.keys(one)).toEqual(['date', 'activitiesPerDevice'])
    const [first, second] = one.activitiesPerDevice
    expect(first.deviceReference).toEqual({ uuid: '0e030000-0084-0000-0000-0000000000w1' })
    const [{ stepSamples, metSamples }] = first.activitySamples
    expect(stepSamples).toMatchObject({ startTime: '00:00:00', interval: 60_000 })
    expect(stepSamples.steps).toHaveLength(1_440)
    expect(stepSamples.steps.slice(510, 513)).toEqual([40, 0, 60])
    expect(metSamples.mets[510]).toBe(2.5)
    expect(second.activitySamples[0].stepSamples.steps[510]).toBe(7)
    expect((await get('/activity/list?from=2026-11-04&to=2026-11-05')).body).toEqual({
      activityDays: [{ date: '2026-11-04' }],
    })
  })

  it('pulse and beats are counted in milliseconds from the local midnight', async () => {
    const late = at('2026-11-03T23:30:00Z')
    const get = await reader(
      begin({
        account: {
          recordings: [
            recordingOf(
              'beats',
              series('heart_rate', late, 1_000, [51, 52]),
              series('rr_interval', late, 1_000, [940]),
            ),
          ],
        },
      }),
    )
    const day = 'from=2026-11-04&to=2026-11-05'
    expect((await get(`/continuous-samples?${day}&features=heart-rate-samples`)).body).toEqual({
      heartRateSamplesPerDay: [
        {
          date: '2026-11-04',
          deviceRef: { deviceId: '000000W1' },
          samples: [{ heartRate: 51, offsetMillis: 1_800_000, triggerType: 'TRIGGER_TIMED_247' }],
        },
      ],
    })
    const [{ ppiSamplesPerDevice }] = (await get(`/ppi-samples?${day}&features=samples`)).body.dailyPpiSamples
    expect(ppiSamplesPerDevice[0]).toMatchObject({
      recordingDevice: { uuid: '0e030000-0084-0000-0000-0000000000w1' },
      ppiSamples: [{ offsetMillis: 1_800_000, ppInterval: 940, skinContact: true, movement: false, offline: false }],
    })
  })

  it('tests are local, temperatures in UTC, and both whole without features', async () => {
    const noon = at('2026-11-04T11:00:00Z')
    const get = await reader(
      begin({
        account: {
          recordings: [
            recordingOf(
              'tests',
              series('vo2max', noon, 1, [49]),
              series('hrv_rmssd', noon + 60_000, 1, [64]),
              series('skin_temperature', noon, 60_000, [33.1, 33.2]),
            ),
          ],
        },
      }),
    )
    const dates = 'from=2026-11-04&to=2026-11-05'
    expect((await get(`/tests/list?${dates}`)).body.tests).toMatchObject([
      { startTime: '2026-11-04T12:00:00', fitnessTestResult: { ownIndex: 49 } },
      { startTime: '2026-11-04T12:01:00', orthostaticTestResult: { rmssdSupine: 64 } },
    ])
    expect((await get(`/temperature-measurements?${dates}`)).body.temperatureMeasurementPeriod).toEqual([
      {
        startTime: '2026-11-04T11:00:00.000Z',
        sensorLocation: 'SL_DISTAL',
        measurementType: 'TM_SKIN_TEMPERATURE',
        temperatureMeasurementSamples: [
          { temperatureCelsius: 33.1, recordingTimeDeltaMilliseconds: 0 },
          { temperatureCelsius: 33.2, recordingTimeDeltaMilliseconds: 60_000 },
        ],
      },
    ])
    expect((await get(`/tests/list?${dates}&features=samples`)).status).toBe(400)
  })

  it('features of sessions are refused where an account has it so', async () => {
    const get = await reader(withTrait('featureless'))
    const day = '/training-sessions/list?from=2026-11-03T00:00:00&to=2026-11-04T00:00:00'
    expect((await get(`${day}&features=samples`)).status).toBe(400)
    expect((await get(day)).status).toBe(200)
  })

  it('things are named by the UUID that nights name them by', async () => {
    const { devicesData } = (await (await reader(begin()))('/user-devices')).body
    expect(devicesData).toEqual([
      {
        deviceReference: { uuid: '0e030000-0084-0000-0000-0000000000w1' },
        firmwareVersion: '5.0.55',
        productVariant: { productColor: 'Black', productDescription: 'Aurora Pulse' },
      },
    ])
  })
})
