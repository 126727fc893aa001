import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { crcOf } from '../kit/fit.ts'
import {
  consent,
  type Loose,
  origin,
  type TestCloud,
  type TestCloudOptions,
  testCloud,
  testReceiver,
} from '../kit/test-cloud.ts'
import { at, day, night, recordingOf, run, series } from '../kit/test-recordings.ts'
import type { Choice } from '../sign-in.ts'
import { garmin } from './index.ts'

const hook = 'https://hub.example/hooks/garmin/secret'
const verifier = 'v'.repeat(43)
const pkce = {
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
}
const rest = '/wellness-api/rest'

const begin = (options: TestCloudOptions = {}) => testCloud(garmin, { app: { webhookUrl: hook }, ...options })

const tokenOf = ({ ask, app }: TestCloud, form: Record<string, string>) =>
  ask('POST', '/di-oauth2-service/oauth/token', {
    form: {
      client_id: app.clientId,
      client_secret: app.clientSecret,
      redirect_uri: 'https://hub.example/callback',
      ...form,
    },
  })

async function connect(test: TestCloud, choice: Choice = {}) {
  const { code = '' } = await consent(test, '/oauth2Confirm', pkce, choice)
  return (await tokenOf(test, { grant_type: 'authorization_code', code, code_verifier: verifier })).body
}

const refresh = (test: TestCloud, refresh_token: string) =>
  tokenOf(test, { grant_type: 'refresh_token', refresh_token })

/** A connected person, what the app was sent, and a way to ask. */
async function connected(options: TestCloudOptions = {}, choice: Choice = {}) {
  const { got, send } = testReceiver()
  const test = begin({ send, ...options })
  const { access_token: token } = await connect(test, choice)
  const get = (path: string) => test.ask('GET', path, { token })
  const told = (key: string): Loose[] => got.flatMap(({ text }) => JSON.parse(text)[key] ?? [])
  return { test, got, get, told, token }
}

const local = (url: string) => url.replace(/^https:\/\/[^/]+/, '')

describe('signing in at Garmin', () => {
  it('needs PKCE, with the verifier of the challenge', async () => {
    const test = begin()
    expect(await consent(test, '/oauth2Confirm', {})).toMatchObject({ error: 'invalid_request' })
    expect(await connect(test)).toEqual({
      access_token: expect.any(String),
      expires_in: 86_400,
      token_type: 'bearer',
      refresh_token: expect.any(String),
      refresh_token_expires_in: 7_775_998,
      scope: 'CONNECT_READ PARTNER_READ',
      jti: expect.any(String),
    })
    const { code = '' } = await consent(test, '/oauth2Confirm', pkce)
    expect(
      (await tokenOf(test, { grant_type: 'authorization_code', code, code_verifier: 'w'.repeat(43) })).body.error,
    ).toBe('invalid_grant')
    expect(await consent(test, '/oauth2Confirm', pkce, { button: 'cancel' })).toMatchObject({ error: 'access_denied' })
  })

  it('a token lives a day; a wrong secret, or one in the header, is no app', async () => {
    const test = begin()
    const { access_token: token, refresh_token } = await connect(test)
    const id = async () => (await test.ask('GET', `${rest}/user/id`, { token })).status
    test.clock.advance(86_399_000)
    expect(await id()).toBe(200)
    test.clock.advance(1_000)
    expect(await id()).toBe(401)
    const form = { grant_type: 'refresh_token', refresh_token }
    expect((await tokenOf(test, { ...form, client_secret: 'x' })).status).toBe(401)
    const basic = await test.ask('POST', '/di-oauth2-service/oauth/token', { basic: true, form })
    expect(basic.status).toBe(401)
    expect((await tokenOf(test, form)).status).toBe(200)
  })

  it('refresh tokens rotate, and die after 90 days unused', async () => {
    const test = begin()
    const { refresh_token } = await connect(test)
    const next = (await refresh(test, refresh_token)).body.refresh_token
    expect((await refresh(test, refresh_token)).status).toBe(400)
    test.clock.advance(90 * 86_400_000)
    expect((await refresh(test, next)).status).toBe(400)
  })

  it('the user id is the same after connecting anew; permissions are what was ticked', async () => {
    const { test, get, token } = await connected({}, { without: ['HISTORICAL_DATA_EXPORT'] })
    expect((await get(`${rest}/user/id`)).body).toEqual({ userId: test.account })
    expect((await get('/partner-gateway/rest/user/permissions')).body).toEqual({
      permissions: ['ACTIVITY_EXPORT', 'HEALTH_EXPORT', 'MCT_EXPORT'],
    })
    expect((await test.ask('DELETE', `${rest}/user/registration`, { token })).status).toBe(204)
    expect((await get(`${rest}/user/id`)).status).toBe(401)
    const { access_token } = await connect(test)
    expect((await test.ask('GET', `${rest}/user/id`, { token: access_token })).body.userId).toBe(test.account)
  })
})

/** RFC 5849 §3.4, for a request without a query. */
function signedBy({ app, clock }: TestCloud, method: string, path: string, nonce: string): string {
  const said: Record<string, string> = {
    oauth_callback: 'https://hub.example/callback',
    oauth_consumer_key: app.clientId,
    oauth_nonce: nonce,
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(Math.floor(clock.now() / 1_000)),
    oauth_version: '1.0',
  }
  const pairs = Object.entries(said).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  const base = [method, `${origin}${path}`, pairs.join('&')].map(encodeURIComponent).join('&')
  const signature = createHmac('sha1', `${encodeURIComponent(app.clientSecret)}&`)
    .update(base)
    .digest('base64')
  const all = Object.entries({ ...said, oauth_signature: signature })
  return `OAuth ${all.map(([name, value]) => `${name}="${encodeURIComponent(value)}"`).join(', ')}`
}

describe('the old sign-in at Garmin', () => {
  it('is signed request by request, each once, and ends with the year 2026', async () => {
    const test = begin({ now: '2026-12-30T23:59:00Z' })
    const path = '/oauth-service/oauth/request_token'
    const ask = (nonce: string, change: (header: string) => string = (header) => header) =>
      test.ask('POST', path, { headers: { authorization: change(signedBy(test, 'POST', path, nonce)) } })
    const good = await ask('n1')
    expect([good.status, new URLSearchParams(good.body).get('oauth_callback_confirmed')]).toEqual([200, 'true'])
    expect((await ask('n1')).status, 'a nonce is new').toBe(401)
    expect((await ask('n2', (header) => header.replace('n2', 'n3'))).status, 'what is signed is not changed').toBe(401)
    test.clock.advance(60_000)
    expect((await ask('n4')).status).toBe(401)
  })
})

describe("Garmin's pushes", () => {
  it('hold whole summaries under the key of their type, for the app in the header', async () => {
    const { test, got, told } = await connected()
    await test.cloud.record(test.account, day())
    expect(got.every(({ headers }) => headers.get('garmin-client-id') === test.app.clientId)).toBe(true)
    const [daily] = told('dailies')
    expect(daily).toMatchObject({
      userId: test.account,
      summaryId: expect.any(String),
      calendarDate: '2026-11-04',
      startTimeInSeconds: at('2026-11-03T23:00:00Z') / 1000,
      startTimeOffsetInSeconds: 3_600,
      steps: 3_600,
      distanceInMeters: 2_700,
      activeKilocalories: 240,
      bmrKilocalories: 210,
      floorsClimbed: 5,
      minHeartRateInBeatsPerMinute: 70,
      maxHeartRateInBeatsPerMinute: 93,
      averageStressLevel: -1,
    })
    expect(daily.timeOffsetHeartRateSamples['25200']).toBe(70)
    expect(daily.durationInSeconds).toBeLessThan(86_400)
  })

  it('quarters of an hour are epochs; the last one is short until it is sent again', async () => {
    const { test, told } = await connected()
    const steps = (n: number) =>
      recordingOf(
        'steps',
        series(
          'steps',
          at('2026-11-04T06:00:00Z'),
          60_000,
          Array.from({ length: n }, () => 10),
          60_000,
        ),
      )
    await test.cloud.record(test.account, steps(20))
    expect(told('epochs').map(({ durationInSeconds, steps }) => [durationInSeconds, steps])).toEqual([
      [900, 150],
      [300, 50],
    ])
    await test.cloud.record(test.account, steps(30))
    const [, short, full] = told('epochs')
    expect([full.summaryId, full.durationInSeconds, full.steps]).toEqual([short.summaryId, 900, 150])
  })

  it('nights come as maps of levels, with heart rate variability beside them', async () => {
    const { test, told } = await connected()
    await test.cloud.record(test.account, night())
    expect(told('sleeps')[0]).toMatchObject({
      calendarDate: '2026-11-04',
      durationInSeconds: 27_000,
      deepSleepDurationInSeconds: 5_400,
      lightSleepDurationInSeconds: 14_100,
      remSleepInSeconds: 6_600,
      awakeDurationInSeconds: 900,
      validation: 'ENHANCED_FINAL',
      overallSleepScore: { value: 81, qualifierKey: 'GOOD' },
    })
    expect(told('sleeps')[0].sleepLevelsMap.deep).toEqual([
      { startTimeInSeconds: at('2026-11-03T23:20:00Z') / 1000, endTimeInSeconds: at('2026-11-04T00:50:00Z') / 1000 },
    ])
    expect(told('hrv')[0]).toMatchObject({ lastNightAvg: 62, lastNight5MinHigh: 64, hrvValues: { 0: 64, 300: 60 } })
    expect(told('pulseox')).toHaveLength(2)
    expect(told('allDayRespiration')[0]).not.toHaveProperty('calendarDate')
    expect(told('skinTemp')[0].avgDeviationCelsius).toBe(-0.1)
  })

  it('a better validation of the same night comes under the same id', async () => {
    const { test, told } = await connected()
    await test.cloud.record(test.account, night('n', undefined, { extra: { validation: 'AUTO_TENTATIVE' } }))
    await test.cloud.record(test.account, night('n'))
    const [first, second] = told('sleeps')
    expect([first.validation, second.validation, first.summaryId === second.summaryId]).toEqual([
      'AUTO_TENTATIVE',
      'ENHANCED_FINAL',
      true,
    ])
  })

  it('stress below zero is a reason and no value; names differ between versions', async () => {
    const { test, told } = await connected({ account: { traits: ['old_spelling'] } })
    await test.cloud.record(
      test.account,
      recordingOf(
        'stress',
        series('stress_score', at('2026-11-04T06:00:00Z'), 180_000, [18, 24]),
        series('energy_reserve', at('2026-11-04T06:00:00Z'), 180_000, [44, 45]),
      ),
    )
    expect(told('stressDetails')[0]).toMatchObject({
      timeOffsetStressLevelValues: { 25200: 18, 25380: 24, 25560: -1 },
      timeOffsetBodyBatteryValues: { 25200: 44, 25380: 45 },
    })
    await test.cloud.record(test.account, night())
    expect(told('sleeps')[0]).toHaveProperty('remSleepDurationInSeconds')
    expect(told('dailies')[0]).toHaveProperty('averageStresslevel')
  })

  it('bodies, pressures and fitness are grams, mmHg and mL/kg/min', async () => {
    const t = at('2026-11-04T07:00:00Z')
    const { test, told } = await connected()
    await test.cloud.record(
      test.account,
      recordingOf(
        'body',
        series('body_mass', t, 1, [72.35]),
        series('body_fat', t, 1, [17.2]),
        series('muscle_mass', t, 1, [33.2]),
        series('vo2max', t, 1, [51]),
        series('steps', t, 60_000, [5]),
        {
          kind: 'event',
          metric: 'blood_pressure',
          start: t,
          value: { systolic: 122, diastolic: 79 },
        },
      ),
    )
    expect(told('bodyComps')[0]).toMatchObject({
      weightInGrams: 72_350,
      bodyFatInPercent: 17.2,
      muscleMassInGrams: 33_200,
    })
    expect(told('bloodPressures')[0]).toMatchObject({ systolic: 122, diastolic: 79, sourceType: 'DEVICE' })
    expect(told('userMetrics')[0]).toMatchObject({ calendarDate: '2026-11-04', vo2Max: 51 })
  })

  it('an activity comes with its details and an address of its file, good for one download', async () => {
    const { test, told, get } = await connected()
    await test.cloud.record(test.account, run())
    const [activity] = told('activities')
    expect(activity).toMatchObject({
      activityType: 'RUNNING',
      durationInSeconds: 600,
      distanceInMeters: 2_400,
      averagePaceInMinutesPerKilometer: 4.17,
      isParent: false,
      manual: false,
      summaryId: String(activity.activityId),
    })
    const [details] = told('activityDetails')
    expect(details.summaryId).toBe(`${activity.activityId}-detail`)
    expect(details.samples[1]).toMatchObject({
      heartRate: 140.5,
      airTemperatureCelcius: 17,
      totalDistanceInMeters: 40,
      timerDurationInSeconds: 10,
    })
    expect(details.laps).toHaveLength(2)
    const [file] = told('activityFiles')
    expect(file).toMatchObject({ fileType: 'FIT', summaryId: activity.summaryId })
    const answer = await test.cloud.handle(
      new Request(file.callbackURL, { headers: { authorization: `Bearer ${(await connect(test)).access_token}` } }),
    )
    expect(crcOf(Buffer.from(await answer.arrayBuffer()))).toBe(0)
    expect((await get(local(file.callbackURL))).status).toBe(410)
    await test.cloud.record(test.account, run('other'))
    const [, other] = told('activityFiles')
    test.clock.advance(86_400_000)
    const token = (await connect(test)).access_token
    const late = await test.ask('GET', local(other.callbackURL), { token })
    expect(late.status, 'a day later').toBe(410)
  })

  it('an edit comes as manually updated, a deletion not at all, a typed one without a file', async () => {
    const { test, got, told } = await connected()
    await test.cloud.record(test.account, run('typed', { extra: { manual: true } }))
    expect(told('activityFiles')).toEqual([])
    await test.cloud.record(test.account, run('typed', { title: 'Renamed', extra: { manual: true } }))
    expect(told('manuallyUpdatedActivities')[0]).toMatchObject({ activityName: 'Renamed' })
    const before = got.length
    await test.cloud.deleteRecord(test.account, told('activities')[0].summaryId)
    expect(got).toHaveLength(before)
  })

  it('details are of activities of a day at most', async () => {
    const { test, told } = await connected()
    const start = at('2026-11-03T08:00:00Z')
    await test.cloud.record(test.account, run('day', { start, end: start + 86_400_000 }))
    await test.cloud.record(test.account, run('more', { start, end: start + 86_401_000 }))
    expect([told('activities').length, told('activityDetails').length]).toEqual([2, 1])
  })

  it('a snapshot and a movement that was noticed spell their offsets each in its own way; a cycle has no form', async () => {
    const { test, told } = await connected()
    const t = at('2026-11-04T07:00:00Z')
    const sitting = recordingOf('sitting', series('heart_rate', t, 5_000, [60, 62]), series('hrv_sdnn', t, 1, [61]))
    await test.cloud.record(test.account, sitting)
    for (const word of ['snapshot', 'noticed', 'cycle']) {
      const { readings, ...rest } = run(word, { start: t, end: t + 120_000, extra: { [word]: true } })
      await test.cloud.record(test.account, { ...rest, readings: readings.slice(0, 1) })
    }
    expect(told('activities')).toEqual([])
    const times = { startTimeInSeconds: t / 1_000, durationInSeconds: 120, calendarDate: '2026-11-04' }
    expect(told('healthSnapshot')).toEqual([
      {
        userId: test.account,
        summaryId: expect.any(String),
        ...times,
        offsetStartTimeInSeconds: 3_600,
        summaries: [
          { summaryType: 'heart_rate', minValue: 60, maxValue: 62, avgValue: 61, epochSummaries: { 0: 60, 5: 62 } },
          { summaryType: 'sdrr_hrv', minValue: 61, maxValue: 61, avgValue: 61 },
        ],
      },
    ])
    const said = { activityType: 'Walking', activitySubType: 'Hurdles' }
    expect(told('moveIQActivities')).toMatchObject([{ ...times, offsetInSeconds: 3_600, ...said }])
    expect(told('mct')).toEqual([{ userId: test.account, summaryId: expect.any(String) }])
  })

  it('several types may come in one request, and those of others’ devices have another name', async () => {
    const { test, got } = await connected({ account: { traits: ['mixed', 'third_party'] } })
    await test.cloud.record(test.account, day())
    expect(got.map(({ text }) => Object.keys(JSON.parse(text)))).toEqual([
      expect.arrayContaining(['third-partyDailies', 'third-partyEpochs']),
    ])
  })

  it('a leg says whose it is', async () => {
    const { test, told } = await connected()
    await test.cloud.record(test.account, run('whole', { extra: { isParent: true } }))
    await test.cloud.record(test.account, run('leg', { extra: { parent: 'whole/workout/0' } }))
    const [parent, leg] = told('activities')
    expect([parent.isParent, leg.parentSummaryId]).toEqual([true, parent.summaryId])
  })

  it('are tried again until they are taken with 200, for seven days', async () => {
    let status = 503
    const { got, send } = testReceiver(() => new Response(null, { status }))
    const test = begin({ send })
    await connect(test)
    await test.cloud.record(
      test.account,
      recordingOf('weight', series('body_mass', at('2026-11-04T07:00:00Z'), 1, [72])),
    )
    test.clock.advance(86_400_000)
    await test.cloud.catchUp()
    expect(got).toHaveLength(7)
    status = 200
    test.clock.advance(6 * 86_400_000)
    await test.cloud.catchUp()
    expect(got).toHaveLength(8)
    test.clock.advance(30 * 86_400_000)
    await test.cloud.catchUp()
    expect(got).toHaveLength(8)
  })
})

describe("Garmin's pings", () => {
  it('name an address with a token: without one nothing may be asked', async () => {
    const { test, told, get } = await connected({ account: { traits: ['ping'] } })
    await test.cloud.record(test.account, day())
    const [ping] = told('dailies')
    expect(Object.keys(ping)).toEqual(['userId', 'callbackURL'])
    expect((await get(local(ping.callbackURL))).body).toMatchObject([{ steps: 3_600 }])
    const bare = local(ping.callbackURL).replace(/&token=.*/, '')
    expect((await get(bare)).status).toBe(400)
    expect((await get(`${rest}/dailies?uploadStartTimeInSeconds=0&uploadEndTimeInSeconds=86401`)).status).toBe(400)
    test.clock.advance(86_399_000)
    expect((await get(local(ping.callbackURL))).status).toBe(200)
    test.cloud.setTraits(test.account, ['no_health'])
    expect((await get(local(ping.callbackURL))).status).toBe(412)
    test.cloud.setTraits(test.account, ['ping'])
    test.clock.advance(1_000)
    const { access_token: token } = await connect(test)
    expect((await test.ask('GET', local(ping.callbackURL), { token })).status, 'a day later').toBe(400)
  })
})

describe("Garmin's backfill", () => {
  const range = (from: string, to: string) =>
    `?summaryStartTimeInSeconds=${at(from) / 1000}&summaryEndTimeInSeconds=${at(to) / 1000}`
  const month = range('2026-11-01T00:00:00Z', '2026-11-10T00:00:00Z')

  it('answers 202 with nothing and sends later; the same range again is 409', async () => {
    const { test, got, told, get } = await connected({ account: { recordings: [day(), night()] } })
    const answer = await get(`${rest}/backfill/dailies${month}`)
    expect([answer.status, answer.body, got.length]).toEqual([202, '', 0])
    test.clock.advance(60_000)
    await test.cloud.catchUp()
    expect(told('dailies').map(({ calendarDate }) => calendarDate)).toEqual(['2026-11-03', '2026-11-04'])
    expect((await get(`${rest}/backfill/dailies${month}`)).status).toBe(409)
    expect((await get(`${rest}/backfill/pulseOx${month}`)).status).toBe(202)
  })

  it('is forbidden without its permission, which is no broken token', async () => {
    const { get } = await connected({}, { without: ['HISTORICAL_DATA_EXPORT', 'ACTIVITY_EXPORT'] })
    expect((await get(`${rest}/backfill/dailies${month}`)).status).toBe(403)
    expect((await get(`${rest}/backfill/activities${month}`)).status).toBe(412)
    expect((await get(`${rest}/user/id`)).status).toBe(200)
  })

  it('takes 30 days at once and not before its earliest time, which it names', async () => {
    const { get } = await connected()
    expect((await get(`${rest}/backfill/dailies${range('2026-09-01T00:00:00Z', '2026-10-02T00:00:00Z')}`)).status).toBe(
      400,
    )
    const early = await get(`${rest}/backfill/dailies${range('2024-10-01T00:00:00Z', '2024-10-20T00:00:00Z')}`)
    expect([early.status, early.body.errorMessage]).toEqual([400, expect.stringMatching(/minimum start time \d{10}$/)])
    expect(
      (await get(`${rest}/backfill/activities${range('2024-10-01T00:00:00Z', '2024-10-20T00:00:00Z')}`)).status,
    ).toBe(202)
  })

  it('of an evaluation key gives a hundred days of data in a minute', async () => {
    const { test, get } = await connected({ account: { traits: ['evaluation'] } })
    const days = range('2026-10-01T00:00:00Z', '2026-10-31T00:00:00Z')
    const asked = await Promise.all(
      ['dailies', 'sleeps', 'epochs', 'hrv'].map((type) => get(`${rest}/backfill/${type}${days}`)),
    )
    expect(asked.map(({ status }) => status)).toEqual([202, 202, 202, 429])
    test.clock.advance(60_000)
    expect((await get(`${rest}/backfill/hrv${days}`)).status).toBe(202)
  })

  it('is limited, and other calls are not', async () => {
    const { get } = await connected({ limits: [1] })
    await get(`${rest}/backfill/dailies${month}`)
    expect((await get(`${rest}/backfill/sleeps${month}`)).status).toBe(429)
    expect((await get(`${rest}/user/id`)).status).toBe(200)
  })
})

describe('leaving Garmin', () => {
  it('by the person is told as a deregistration, also when the account ends', async () => {
    const { test, told } = await connected()
    await test.cloud.revoke(test.account, test.app.clientId)
    expect(told('deregistrations')).toEqual([{ userId: test.account }])
    await connect(test)
    await test.cloud.deleteAccount(test.account)
    expect(told('deregistrations')).toHaveLength(2)
  })

  it('a permission taken back is told, and its data stop', async () => {
    const { test, told } = await connected()
    test.cloud.setTraits(test.account, ['no_health'])
    await test.cloud.catchUp()
    expect(told('userPermissionsChange')).toEqual([
      {
        userId: test.account,
        permissions: ['ACTIVITY_EXPORT', 'HISTORICAL_DATA_EXPORT', 'MCT_EXPORT'],
        changeTimeInSeconds: at('2026-11-10T12:04:00Z') / 1000,
      },
    ])
    await test.cloud.record(test.account, day())
    expect(told('dailies')).toEqual([])
  })
})
