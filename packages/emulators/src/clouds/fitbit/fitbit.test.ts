import { createPublicKey, verify } from 'node:crypto'
import type { Reading } from '@tributary/protocol'
import { describe, expect, it } from 'vitest'
import { consent, type Loose, type TestCloud, testReceiver } from '../kit/test-cloud.ts'
import { day, night, recordingOf } from '../kit/test-recordings.ts'
import { begin, connect, filter, offline, reader, scope, scopesOf, tokenOf } from './test-reader.ts'

const hook = 'https://hub.example/hooks/fitbit/secret'

describe('signing in at Google', () => {
  it('a refresh token comes with the first consent or when consent is asked for, and only offline', async () => {
    const test = begin()
    expect(await connect(test, { scope })).not.toHaveProperty('refresh_token')
    const fresh = begin()
    expect(await connect(fresh)).toEqual({
      access_token: expect.any(String),
      expires_in: 3_599,
      refresh_token: expect.any(String),
      scope,
      token_type: 'Bearer',
    })
    expect(await connect(fresh)).not.toHaveProperty('refresh_token')
    expect(await connect(fresh, { ...offline, prompt: 'consent' })).toHaveProperty('refresh_token')
  })

  it('somebody may untick scopes or cancel', async () => {
    const test = begin()
    const { scope: granted } = await connect(test, offline, { without: [scopesOf('sleep.readonly')] })
    expect(granted).not.toContain('sleep')
    expect(await consent(test, '/o/oauth2/v2/auth', offline, { button: 'cancel' })).toMatchObject({
      error: 'access_denied',
    })
  })

  it('the refresh token stays the same and dies after half a year unused', async () => {
    const test = begin()
    const { refresh_token } = await connect(test)
    const refresh = () => tokenOf(test, { grant_type: 'refresh_token', refresh_token })
    for (let i = 0; i < 3; i++) {
      test.clock.advance(150 * 86_400_000)
      const { status, body } = await refresh()
      expect([status, 'refresh_token' in body]).toEqual([200, false])
    }
    test.clock.advance(183 * 86_400_000)
    expect((await refresh()).body.error).toBe('invalid_grant')
  })

  it('revoking either token ends both', async () => {
    const test = begin()
    const { access_token: token, refresh_token } = await connect(test)
    expect((await test.ask('POST', `/revoke?token=${refresh_token}`)).status).toBe(200)
    expect((await test.ask('GET', '/v4/users/me/identity', { token })).body.error.status).toBe('UNAUTHENTICATED')
    expect((await test.ask('POST', `/revoke?token=${refresh_token}`)).status).toBe(400)
  })

  it('what a person takes away, or an account that ends, is UNAUTHENTICATED and invalid_grant', async () => {
    for (const end of ['revoke', 'deleteAccount'] as const) {
      const test = begin()
      const { access_token: token, refresh_token } = await connect(test)
      await test.cloud[end](test.account, test.app.clientId)
      expect((await test.ask('GET', '/v4/users/me/identity', { token })).body.error.status).toBe('UNAUTHENTICATED')
      expect((await tokenOf(test, { grant_type: 'refresh_token', refresh_token })).body.error).toBe('invalid_grant')
    }
  })

  it('who somebody is comes with the old Fitbit id; the Web API of before is gone', async () => {
    const test = begin()
    const { get } = await reader(test)
    expect((await get('/identity')).body).toEqual({
      name: `users/${test.account}/identity`,
      healthUserId: test.account,
      legacyUserId: expect.stringMatching(/^[0-9A-F]{6}$/),
    })
    expect((await test.ask('GET', '/1/user/-/profile.json')).status).toBe(410)
    expect((await test.ask('POST', '/oauth2/token')).status).toBe(410)
  })
})

describe('lists of Google Health', () => {
  it('an interval has text for whole numbers and leaves zero parts of the wall clock out', async () => {
    const { points } = await reader(begin())
    const steps = await points('steps')
    expect(steps).toHaveLength(60)
    expect(steps.at(-1)).toEqual({
      dataSource: {
        recordingMethod: 'PASSIVELY_MEASURED',
        platform: 'FITBIT',
        device: { displayName: 'Charge 6', manufacturer: 'Fitbit', formFactor: 'FITNESS_BAND' },
      },
      steps: {
        interval: {
          startTime: '2026-11-04T06:00:00Z',
          startUtcOffset: '3600s',
          endTime: '2026-11-04T06:01:00Z',
          endUtcOffset: '3600s',
          civilStartTime: { date: { year: 2026, month: 11, day: 4 }, time: { hours: 7 } },
        },
        count: '60',
      },
    })
    expect((await points('distance'))[0].distance.millimeters).toBe('45000')
  })

  it('samples and daily values each have their own time', async () => {
    const { points } = await reader(begin())
    expect((await points('heart-rate'))[0].heartRate).toEqual({
      sampleTime: { physicalTime: '2026-11-04T07:55:00Z', utcOffset: '3600s' },
      beatsPerMinute: '93',
      metadata: { motionContext: 'SEDENTARY' },
    })
    expect((await points('daily-resting-heart-rate'))[0].dailyRestingHeartRate).toEqual({
      date: { year: 2026, month: 11, day: 4 },
      beatsPerMinute: '49',
    })
    expect((await points('daily-heart-rate-variability'))[0].dailyHeartRateVariability).toMatchObject({
      averageHeartRateVariabilityMilliseconds: 62,
    })
    expect((await points('daily-sleep-temperature-derivations'))[0].dailySleepTemperatureDerivations).toMatchObject({
      nightlyTemperatureCelsius: 33.4,
      baselineTemperatureCelsius: 33.5,
    })
    expect((await points('oxygen-saturation'))[0].oxygenSaturation.percentage).toBe(96)
    expect(await points('basal-energy-burned')).toEqual([])
  })

  it('a phone beside the band counts twice in lists and once when merged', async () => {
    const { points } = await reader(begin({ account: { recordings: [day()], traits: ['phone_too'] } }))
    expect(await points('steps')).toHaveLength(120)
    const merged = await points('steps', ':reconcile')
    expect(merged).toHaveLength(60)
    expect(merged[0]).not.toHaveProperty('dataSource')
  })

  it('is filtered by the field of its type, with >= and < only', async () => {
    const { points, get } = await reader(begin())
    const part = await points(
      'steps',
      filter(
        'steps.interval.start_time >= "2026-11-04T06:10:00Z" AND steps.interval.start_time < "2026-11-04T06:20:00Z"',
      ),
    )
    expect(part).toHaveLength(10)
    expect(await points('steps', filter('steps.interval.civil_start_time >= "2026-11-04T07:50"'))).toHaveLength(10)
    expect(await points('sleep', filter('sleep.interval.end_time >= "2026-11-04T00:00:00Z"'))).toHaveLength(1)
    expect(await points('daily-resting-heart-rate', filter('daily_resting_heart_rate.date < "2026-11-04"'))).toEqual([])
    for (const bad of [
      'sleep.interval.start_time >= "2026-11-04T00:00:00Z"',
      'sleep.interval.end_time > "2026-11-04T00:00:00Z"',
    ])
      expect((await get(`/dataTypes/sleep/dataPoints${filter(bad)}`)).status).toBe(400)
    expect(
      (await get(`/dataTypes/exercise/dataPoints${filter('exercise.interval.start_time >= "2026-11-04T00:00:00Z"')}`))
        .status,
    ).toBe(400)
  })

  it('comes in pages from the newest on; an empty page need not be the last', async () => {
    const { get } = await reader(begin())
    const first = (await get('/dataTypes/steps/dataPoints?pageSize=40')).body
    const second = (await get(`/dataTypes/steps/dataPoints?pageSize=40&pageToken=${first.nextPageToken}`)).body
    expect([first.dataPoints.length, second.dataPoints.length, 'nextPageToken' in second]).toEqual([40, 20, false])
    const odd = await reader(begin({ account: { recordings: [day()], traits: ['empty_page'] } }))
    const empty = (await odd.get('/dataTypes/steps/dataPoints')).body
    expect(empty).not.toHaveProperty('dataPoints')
    expect(
      (await odd.get(`/dataTypes/steps/dataPoints?pageToken=${empty.nextPageToken}`)).body.dataPoints,
    ).toHaveLength(60)
  })

  it('a night has stages, minutes as text, and says when more is to come', async () => {
    const { points, get } = await reader(begin())
    const [point] = await points('sleep')
    expect(point.sleep).toMatchObject({
      type: 'STAGES',
      interval: { startTime: '2026-11-03T22:10:00Z', endTime: '2026-11-04T05:40:00Z', endUtcOffset: '3600s' },
      summary: { minutesInSleepPeriod: '450', minutesAsleep: '435', minutesAwake: '15', minutesToFallAsleep: '10' },
      metadata: { mainSleep: true, nap: false, processed: true, stagesStatus: 'SUCCEEDED' },
      updateTime: '2026-11-04T05:40:00Z',
    })
    expect(point.sleep.stages[1]).toEqual({
      type: 'LIGHT',
      startTime: '2026-11-03T22:20:00Z',
      endTime: '2026-11-03T23:20:00Z',
    })
    expect((await get(`/dataTypes/sleep/dataPoints/${point.name.split('/').at(-1)}`)).body.sleep).toEqual(point.sleep)
    const raw = await reader(
      begin({ account: { recordings: [night('n', undefined, { extra: { unprocessed: true } })] } }),
    )
    expect((await raw.points('sleep'))[0].sleep.metadata.processed).toBe(false)
  })

  it('an exercise has millimetres; its way is TCX and needs the location', async () => {
    const test = begin()
    const { points, get } = await reader(test)
    const [point] = await points('exercise')
    expect(point.exercise).toMatchObject({
      exerciseType: 'RUNNING',
      activeDuration: '590s',
      metricsSummary: {
        caloriesKcal: 140,
        distanceMillimeters: 2_400_000,
        averageHeartRateBeatsPerMinute: '155',
        averageSpeedMillimetersPerSecond: 4_000,
        elevationGainMillimeters: 12_000,
      },
      exerciseMetadata: { hasGps: true },
    })
    const path = `/dataTypes/exercise/dataPoints/${point.name.split('/').at(-1)}:exportExerciseTcx?alt=media`
    expect((await get(path)).status).toBe(403)
    const located = await reader(test, { scope: scopesOf('activity_and_fitness.readonly', 'location.readonly') })
    expect((await located.get(path)).body).toContain('<LatitudeDegrees>59.334</LatitudeDegrees>')
  })

  it('names of types that were guessed are 400, and some are offered only merged or rolled up', async () => {
    const { get, points } = await reader(begin())
    for (const type of ['blood-pressure', 'body-temperature', 'floors', 'total-calories'])
      expect((await get(`/dataTypes/${type}/dataPoints`)).body.error.status).toBe('INVALID_ARGUMENT')
    expect(await points('floors', ':reconcile')).toHaveLength(2)
  })

  it('a grant to write reads nothing of others, and asking for it is forbidden', async () => {
    const { get } = await reader(begin(), { scope: scopesOf('activity_and_fitness.writeonly', 'sleep.writeonly') })
    expect((await get('/dataTypes/exercise/dataPoints')).body.dataPoints).toEqual([])
    const all = '?dataSourceFamily=users/me/dataSourceFamilies/all-sources'
    expect((await get(`/dataTypes/exercise/dataPoints${all}`)).body.error.status).toBe('PERMISSION_DENIED')
    expect((await get('/dataTypes/weight/dataPoints')).status).toBe(403)
    expect((await get('/dataTypes/sleep/dataPoints')).status).toBe(403) // nights cannot be restricted at all
  })

  it('nights are listed from all sources only', async () => {
    const { get } = await reader(begin())
    const family = '?dataSourceFamily=users/me/dataSourceFamilies/google-wearables'
    expect((await get(`/dataTypes/sleep/dataPoints${family}`)).body.error.status).toBe('INVALID_ARGUMENT')
    expect((await get(`/dataTypes/sleep/dataPoints:reconcile${family}`)).status).toBe(200)
  })

  it('an account without Fitbit says so', async () => {
    const { get } = await reader(begin({ account: { traits: ['not_linked'] } }))
    expect((await get('/dataTypes/steps/dataPoints')).body.error.details[0].reason).toBe('ACCOUNT_NOT_LINKED')
  })
})

describe('roll-ups of Google Health', () => {
  const oneDay = {
    range: { start: { date: { year: 2026, month: 11, day: 4 } }, end: { date: { year: 2026, month: 11, day: 5 } } },
  }

  it('tell how hard a day was, by level and by zone', async () => {
    const stated = (metric: string, value: number): Reading => ({ kind: 'day', metric, date: '2026-11-04', value })
    const { ask, get } = await reader(
      begin({
        account: {
          recordings: [
            recordingOf(
              'hard',
              stated('moderate_duration', 2_280),
              stated('active_duration', 4_080),
              stated('active_zone_minutes', 61),
              stated('sedentary_duration', 18_000),
            ),
          ],
        },
      }),
    )
    const day = async (type: string) =>
      Object.values(
        (await ask('POST', `/dataTypes/${type}/dataPoints:dailyRollUp`, oneDay)).body.rollupDataPoints[0],
      )[2]
    expect(await day('active-minutes')).toEqual({
      activeMinutesRollupByActivityLevel: [
        { activityLevel: 'LIGHT', activeMinutesSum: '30' },
        { activityLevel: 'MODERATE', activeMinutesSum: '38' },
      ],
    })
    expect(await day('active-zone-minutes')).toEqual({
      sumInFatBurnHeartZone: '27',
      sumInCardioHeartZone: '24',
      sumInPeakHeartZone: '10',
    })
    expect(await day('sedentary-period')).toEqual({ durationSum: '18000s' })
    expect(await day('activity-level')).toEqual({
      activityLevelRollupsByActivityLevelType: [
        { activityLevelType: 'SEDENTARY', totalDuration: '18000s' },
        { activityLevelType: 'LIGHTLY_ACTIVE', totalDuration: '1800s' },
        { activityLevelType: 'MODERATELY_ACTIVE', totalDuration: '2280s' },
      ],
    })
    expect(await day('time-in-heart-rate-zone')).toEqual({
      timeInHeartRateZones: [
        { heartRateZone: 'MODERATE', duration: '1620s' },
        { heartRateZone: 'VIGOROUS', duration: '720s' },
        { heartRateZone: 'PEAK', duration: '300s' },
      ],
    })
    expect(await day('calories-in-heart-rate-zone')).toEqual({
      caloriesInHeartRateZones: [
        { heartRateZone: 'MODERATE', kcal: 216 },
        { heartRateZone: 'VIGOROUS', kcal: 96 },
        { heartRateZone: 'PEAK', kcal: 40 },
      ],
    })
    for (const type of [
      'active-minutes',
      'time-in-heart-rate-zone',
      'calories-in-heart-rate-zone',
      'daily-heart-rate-zones',
    ])
      expect((await get(`/dataTypes/${type}/dataPoints`)).status, type).toBe(400)
  })

  it('come in pages when fewer are asked for than there are', async () => {
    const { ask } = await reader(begin())
    const asked = {
      range: { startTime: '2026-11-04T06:00:00Z', endTime: '2026-11-04T07:00:00Z' },
      windowSize: '1200s',
      pageSize: 2,
    }
    const path = '/dataTypes/steps/dataPoints:rollUp'
    const first = (await ask('POST', path, asked)).body
    const second = (await ask('POST', path, { ...asked, pageToken: first.nextPageToken })).body
    expect([first.rollupDataPoints.length, second.rollupDataPoints.length, 'nextPageToken' in second]).toEqual([
      2,
      1,
      false,
    ])
  })

  it('sum windows of time and of local days, with no token for more', async () => {
    const { ask } = await reader(begin())
    const hours = { range: { startTime: '2026-11-04T06:00:00Z', endTime: '2026-11-04T08:00:00Z' }, windowSize: '1800s' }
    expect((await ask('POST', '/dataTypes/steps/dataPoints:rollUp', hours)).body.rollupDataPoints).toEqual([
      { startTime: '2026-11-04T06:00:00Z', endTime: '2026-11-04T06:30:00Z', steps: { countSum: '1800' } },
      { startTime: '2026-11-04T06:30:00Z', endTime: '2026-11-04T07:00:00Z', steps: { countSum: '1800' } },
    ])
    const days = {
      range: { start: { date: { year: 2026, month: 11, day: 1 } }, end: { date: { year: 2026, month: 11, day: 10 } } },
      windowSizeDays: 1,
    }
    expect((await ask('POST', '/dataTypes/total-calories/dataPoints:dailyRollUp', days)).body).toEqual({
      rollupDataPoints: [
        {
          civilStartTime: { date: { year: 2026, month: 11, day: 4 } },
          civilEndTime: { date: { year: 2026, month: 11, day: 5 } },
          totalCalories: { kcalSum: 450 },
        },
      ],
    })
  })

  it('cover 14 days for heart rate and calories, 90 for the rest', async () => {
    const { ask } = await reader(begin())
    const month = {
      range: { startTime: '2026-10-01T00:00:00Z', endTime: '2026-11-01T00:00:00Z' },
      windowSize: '86400s',
    }
    expect((await ask('POST', '/dataTypes/heart-rate/dataPoints:rollUp', month)).status).toBe(400)
    expect((await ask('POST', '/dataTypes/steps/dataPoints:rollUp', month)).status).toBe(200)
  })
})

describe('limits and devices of Google Health', () => {
  it('300 requests a minute for each user, then RESOURCE_EXHAUSTED', async () => {
    const test = begin({ limits: [1] })
    const { get } = await reader(test)
    expect((await get('/pairedDevices')).body.pairedDevices[0]).toMatchObject({
      deviceVersion: 'Charge 6',
      batteryLevel: 57,
    })
    expect((await get('/identity')).body.error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' })
    test.clock.advance(60_000)
    expect((await get('/identity')).status).toBe(200)
  })
})

describe("Google Health's webhooks", () => {
  const secret = 'Bearer s3cret'
  const guard = (request: Request) =>
    new Response(null, { status: request.headers.get('authorization') === secret ? 201 : 401 })
  const subscribe = (test: TestCloud, token = test.app.extra['serviceToken'] ?? '') =>
    test.ask('POST', `/v4/projects/${test.app.extra['projectNumber']}/subscribers?subscriberId=hub`, {
      token,
      json: {
        endpointUri: hook,
        subscriberConfigs: [{ dataTypes: ['steps', 'sleep', 'exercise'], subscriptionCreatePolicy: 'AUTOMATIC' }],
        endpointAuthorization: { secret },
      },
    })

  it('begin with two questions: the secret must be let in, a stranger kept out', async () => {
    const { got, send } = testReceiver(guard)
    const test = begin({ send })
    expect((await subscribe(test)).body).toMatchObject({ done: true, response: { state: 'ACTIVE', endpointUri: hook } })
    expect(got.map(({ text, headers }) => [text, headers.get('authorization')])).toEqual([
      ['{"type":"verification"}', secret],
      ['{"type":"verification"}', null],
    ])
    expect((await subscribe(test)).status).toBe(409)
    expect((await subscribe(test, 'x')).status).toBe(401)
    const open = begin({ send: testReceiver(() => new Response(null, { status: 201 })).send })
    expect((await subscribe(open)).body.response.state).toBe('UNVERIFIED')
  })

  it('say which interval of which type to read again, signed with a key of the public set', async () => {
    const { got, send } = testReceiver(guard)
    const test = begin({ send, account: { recordings: [] } })
    await subscribe(test)
    await connect(test)
    await test.cloud.record(test.account, night())
    const notices = got.slice(2)
    expect(notices.map(({ text }) => JSON.parse(text).data.dataType)).toEqual(['sleep'])
    const [notice] = notices
    const body = JSON.parse(notice?.text ?? '')
    expect(body.data).toEqual({
      version: '1',
      clientProvidedSubscriptionName: '',
      healthUserId: test.account,
      operation: 'UPSERT',
      dataType: 'sleep',
      intervals: [
        {
          physicalTimeInterval: { startTime: '2026-11-03T22:10:00Z', endTime: '2026-11-04T05:40:00Z' },
          civilDateTimeInterval: {
            startDateTime: { date: { year: 2026, month: 11, day: 3 }, time: { hours: 23, minutes: 10 } },
          },
        },
      ],
    })
    expect(notice?.headers.get('authorization')).toBe(secret)
    const keyset: Loose = (await test.ask('GET', '/googlehealthapi/webhooks/webhooks_public_keyset.json')).body
    const value = Buffer.from(keyset.key[0].keyData.value, 'base64')
    const [x, y] = [value.subarray(10, 42), value.subarray(44, 76)].map((part) => part.toString('base64url')) as [
      string,
      string,
    ]
    const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
    const signature = Buffer.from(notice?.headers.get('google-health-api-signature') ?? '', 'base64')
    expect([signature[0], signature.readUInt32BE(1)]).toEqual([1, keyset.primaryKeyId])
    expect(verify('sha256', Buffer.from(notice?.text ?? ''), { key, dsaEncoding: 'der' }, signature.subarray(5))).toBe(
      true,
    )
  })

  it('tell of deletions and of days that grew late', async () => {
    const { got, send } = testReceiver(guard)
    const test = begin({ send })
    await subscribe(test)
    const { points } = await reader(test)
    const [sleep] = await points('sleep')
    await test.cloud.deleteRecord(test.account, sleep.name.split('/').at(-1))
    await test.cloud.record(
      test.account,
      recordingOf('late', { kind: 'sample', metric: 'steps', t: Date.parse('2026-11-04T20:00:00Z'), value: 12 }),
    )
    const told = got.slice(2).map(({ text }) => JSON.parse(text).data)
    expect(told.map(({ operation, dataType }) => [operation, dataType])).toEqual([
      ['DELETE', 'sleep'],
      ['UPSERT', 'steps'],
    ])
    expect(told[1].intervals[0].physicalTimeInterval.endTime).toBe('2026-11-04T20:01:00Z')
  })
})
