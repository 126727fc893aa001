import type { Reading } from '@tributary/protocol'
import { describe, expect, test } from 'vitest'
import { addressOf } from '../kit/address.ts'
import type { Feed, FetchContext, ReadContext } from '../kit/feed.ts'
import type { AppKeys, HookRequest } from '../kit/index.ts'
import { isUnread, type ReadRecord, readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { garmin } from './index.ts'

const push = fixture<Record<string, unknown[]>>(import.meta.url, 'push')
const ping = fixture<Record<string, unknown[]>>(import.meta.url, 'ping')
const context: ReadContext = { account: 'b7c1', now: 1_794_600_000_000, timeZone: 'Europe/Lisbon' }
const fetching: FetchContext = { ...context, scopes: [] }
const feeds: Readonly<Record<string, Feed>> = garmin.feeds

/** By the list of a delivery, its feed. */
const feedOf: Readonly<Record<string, string>> = {
  dailies: 'dailies',
  epochs: 'epochs',
  sleeps: 'sleeps',
  hrv: 'hrv',
  stressDetails: 'stress_details',
  pulseox: 'pulse_ox',
  allDayRespiration: 'respiration',
  healthSnapshot: 'health_snapshot',
  skinTemp: 'skin_temperature',
  bodyComps: 'body_comps',
  bloodPressures: 'blood_pressures',
  userMetrics: 'user_metrics',
  activities: 'activities',
  activityDetails: 'activity_details',
  moveIQActivities: 'move_iq',
}

const reading = (list: string, place = 0): ReadRecord => {
  const result = readRecord(feeds[feedOf[list] as string] as Feed, push[list]?.[place], context)
  if (isUnread(result)) throw new Error(result.detail)
  return result
}
const told = (list: string, place = 0) => reading(list, place).told
const at = (second: number) => second * 1000
const day = (metric: string, value: number, date = '2026-11-12'): Reading => ({ kind: 'day', metric, date, value })
const series = (metric: string, points: [number, number][], more: object = { offset: 60 }) => ({
  kind: 'series',
  metric,
  t: Float64Array.from(points, ([t]) => at(t)),
  v: Float64Array.from(points, ([, v]) => v),
  ...more,
})

describe('what Garmin sends becomes readings', () => {
  test('a day becomes its figures and the heart rates of every 15 seconds', () => {
    expect(told('dailies')).toEqual([
      day('steps', 9874),
      day('distance', 7612),
      day('wheelchair_pushes', 0),
      day('active_duration', 5210),
      day('energy_active', 612),
      day('energy_basal', 1689),
      day('energy_total', 2301),
      day('floors_climbed', 9),
      day('moderate_duration', 1500),
      day('vigorous_duration', 420),
      day('resting_heart_rate', 49),
      day('stress_score', 29),
      series('heart_rate', [
        [1_794_438_000, 52],
        [1_794_438_015, 53],
        [1_794_438_030, 51],
      ]),
    ])
  })

  test('a stress of -1 is none, under either spelling of its field', () => {
    expect(told('dailies', 1)).toEqual([day('steps', 310, '2026-11-13')])
    const [, second] = push['dailies'] as [unknown, object]
    const changed = readRecord(garmin.feeds.dailies, { ...second, averageStresslevel: 33 }, context) as ReadRecord
    expect(changed.told).toContainEqual(day('stress_score', 33, '2026-11-13'))
  })

  test('walking and running in the same quarter of an hour are added up, not one laid over the other', () => {
    const sample = (metric: string, value: number, shift: number) => ({
      kind: 'sample',
      metric,
      t: at(1_794_470_400) + shift,
      duration: 900_000,
      offset: 60,
      value,
    })
    expect(told('epochs')).toEqual([
      sample('steps', 812, 1),
      sample('distance', 633.1, 1),
      sample('energy_active', 31, 1),
      sample('met', 3.1, 1),
    ])
    expect(told('epochs', 1)[0]).toEqual(sample('steps', 320, 2))
  })

  test('a night has its stages by time, the time asleep from its stages’ sums, breaths and oxygen', () => {
    expect(told('sleeps')).toEqual([
      {
        kind: 'session',
        type: 'sleep',
        start: at(1_794_438_900),
        end: at(1_794_447_500),
        offset: 60,
        externalId: 'sleep:x4a-9913',
        totals: {
          duration: 8600,
          sleep_time_in_bed: 8600,
          sleep_total: 26_100,
          sleep_deep: 5100,
          sleep_light: 14_700,
          sleep_rem: 6300,
          sleep_awake: 1200,
          sleep_score: 81,
        },
        parts: [
          { kind: 'stage', label: 'light', start: at(1_794_438_900), end: at(1_794_441_000) },
          { kind: 'stage', label: 'deep', start: at(1_794_441_000), end: at(1_794_443_400) },
          { kind: 'stage', label: 'rem', start: at(1_794_446_000), end: at(1_794_447_200) },
          { kind: 'stage', label: 'awake', start: at(1_794_447_200), end: at(1_794_447_500) },
        ],
        extra: { stated_duration: 26_100, unmeasurable: 0, validation: 'ENHANCED_FINAL', sleep_score_word: 'GOOD' },
      },
      series('respiratory_rate', [
        [1_794_438_900, 14.2],
        [1_794_438_960, 14],
      ]),
      series('spo2', [
        [1_794_438_900, 96],
        [1_794_438_960, 95],
      ]),
    ])
  })

  test('a night is the same under every spelling that Garmin’s versions have of its fields', () => {
    const [sent] = push['sleeps'] as [Record<string, unknown>]
    const { remSleepInSeconds, unmeasurableSleepInSeconds, startTimeOffsetInSeconds, ...night } = sent
    const other = {
      ...night,
      remSleepDurationInSeconds: remSleepInSeconds,
      UnmeasurableSleepDurationInSeconds: unmeasurableSleepInSeconds,
      offsetInSeconds: startTimeOffsetInSeconds,
    }
    expect((readRecord(garmin.feeds.sleeps, other, context) as ReadRecord).told).toEqual(told('sleeps'))
  })

  test('a night that cannot be measured everywhere keeps what is unknown as unknown', () => {
    const night = {
      ...(push['sleeps']?.[0] as object),
      sleepLevelsMap: { unmeasurable: [{ startTimeInSeconds: 1_794_438_900, endTimeInSeconds: 1_794_439_000 }] },
    }
    const { told } = readRecord(garmin.feeds.sleeps, night, context) as ReadRecord
    expect(told[0]).toMatchObject({ parts: [{ label: 'unknown' }] })
  })

  test('courses of values drop what stands for "not measured"', () => {
    expect(told('stressDetails')).toEqual([
      series('stress_score', [
        [1_794_438_000, 18],
        [1_794_438_360, 24],
      ]),
      series('energy_reserve', [
        [1_794_438_000, 44],
        [1_794_438_180, 45],
      ]),
    ])
    expect(told('allDayRespiration')).toEqual([
      series('respiratory_rate', [
        [1_794_438_000, 13.9],
        [1_794_438_060, 14.3],
      ]),
    ])
    expect(told('pulseox')).toEqual([
      series(
        'spo2',
        [
          [1_794_438_900, 96],
          [1_794_442_500, 95],
        ],
        { offset: 60, method: 'automatic' },
      ),
    ])
    expect(told('hrv')).toEqual([
      day('hrv_rmssd', 52),
      series('hrv_rmssd', [
        [1_794_439_200, 48],
        [1_794_439_500, 55],
      ]),
    ])
  })

  test('a snapshot is read under its other spelling of the offset', () => {
    const asked = { offset: 60, method: 'active' }
    expect(told('healthSnapshot')).toEqual([
      series(
        'heart_rate',
        [
          [1_794_463_200, 60],
          [1_794_463_205, 61],
        ],
        asked,
      ),
      series('respiratory_rate', [[1_794_463_200, 13]], asked),
      series('stress_score', [[1_794_463_200, 15]], asked),
      series('spo2', [[1_794_463_200, 97]], asked),
      series('hrv_rmssd', [[1_794_463_200, 48]], asked),
      series('hrv_sdnn', [[1_794_463_200, 61]], asked),
    ])
  })

  test('weighings, blood pressures, fitness and skin temperature', () => {
    const weighed = (metric: string, value: number, unit?: string) => ({
      ...{ kind: 'sample', metric, t: at(1_794_462_000), offset: 60, value },
      ...(unit ? { unit } : {}),
    })
    expect(told('bodyComps')).toEqual([
      weighed('body_mass', 72_350, 'g'),
      weighed('body_fat', 17.2),
      weighed('muscle_mass', 33_200, 'g'),
      weighed('bone_mass', 3400, 'g'),
      weighed('body_water', 58.1),
      weighed('bmi', 22.8),
    ])
    expect(told('bloodPressures')).toEqual([
      {
        kind: 'event',
        metric: 'blood_pressure',
        start: at(1_794_463_000),
        value: { systolic: 122, diastolic: 79 },
        externalId: 'blood_pressure:x4a-bp1',
        offset: 60,
      },
      { kind: 'sample', metric: 'heart_rate', t: at(1_794_463_000), method: 'active', offset: 60, value: 61 },
    ])
    expect(told('bloodPressures', 1)[1]).toMatchObject({ method: 'manual', value: 63 })
    expect(told('userMetrics')).toEqual([day('vo2max', 51)])
    expect(told('userMetrics', 1)).toEqual([day('vo2max', 48.5, '2026-11-13')])
    expect(told('skinTemp')).toEqual([day('skin_temperature_deviation', -0.2)])
  })

  test('a run becomes one workout, with the watch that recorded it beside it', () => {
    const { source, told } = reading('activities')
    expect(source).toBeUndefined() // its details and its file do not name the watch, and must find the same session
    expect(told).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'running',
        title: 'Porto Running',
        start: at(1_794_477_600),
        end: at(1_794_480_302),
        offset: 60,
        externalId: '20119001',
        totals: {
          duration: 2702,
          distance: 9021.5,
          energy_active: 588,
          heart_rate_avg: 148,
          heart_rate_max: 169,
          speed_avg: 3.34,
          speed_max: 4.6,
          cadence_steps_avg: 171,
          elevation_gain: 72,
          steps: 7700,
        },
        parts: [],
        extra: {
          activity_type: 'RUNNING',
          device: 'Forerunner 265',
          start_latitude: 41.149,
          start_longitude: -8.61,
        },
      },
    ])
  })

  test('a triathlon is told by its legs and not once more as a whole', () => {
    expect(told('activities', 1)).toEqual([])
    expect(told('activities', 2)).toMatchObject([
      { activity: 'swimming_open_water', externalId: '20119101', extra: { part_of: '20119100' } },
    ])
  })

  test('details of an activity bring its way, laps and courses under the id of the activity', () => {
    const both = (a: number, b: number): [number, number][] => [
      [1_794_477_600, a],
      [1_794_480_302, b],
    ]
    const [session, ...columns] = told('activityDetails')
    expect(session).toEqual({
      kind: 'session',
      type: 'workout',
      activity: 'running',
      start: at(1_794_477_600),
      end: at(1_794_480_302),
      offset: 60,
      externalId: '20119001',
      totals: { duration: 2702, active_duration: 2690, moving_duration: 2680 },
      parts: [
        { kind: 'lap', start: at(1_794_477_600), end: at(1_794_479_000) },
        { kind: 'lap', start: at(1_794_479_000), end: at(1_794_480_302) },
      ],
      track: {
        t: Float64Array.of(at(1_794_477_600), at(1_794_480_302)),
        lat: Float64Array.of(41.149, 41.151),
        lon: Float64Array.of(-8.61, -8.62),
        ele: Float64Array.of(88.2, Number.NaN),
      },
      streams: {
        distance: { t: Float64Array.of(at(1_794_477_600), at(1_794_480_302)), v: Float64Array.of(0, 9021.5) },
      },
      extra: { activity_type: 'RUNNING' },
    })
    expect(columns).toEqual([
      series('heart_rate', both(96, 150)),
      series('speed', [[1_794_477_600, 2.9]]),
      series('cadence_steps', [[1_794_477_600, 162]]),
      series('power', [[1_794_477_600, 240]]),
      series('ambient_temperature', [[1_794_477_600, 17]]),
    ])
  })

  test('a file is told as it is, for the activity it belongs to', async () => {
    const notice = JSON.stringify(ping['activityFiles']?.[0])
    const bytes = Uint8Array.of(14, 32, 1, 2)
    const http = testHttp(
      garmin,
      answers({ 'GET /wellness-api/rest/activityFile?id=20119001&token=def': new Response(bytes) }),
    )
    const [record] = await recordsOf(garmin.feeds.activity_files.fetchOne?.(http, notice, fetching))
    expect((readRecord(garmin.feeds.activity_files, record, context) as ReadRecord).told).toEqual([
      { kind: 'file', format: 'fit', bytes, externalId: '20119001' },
    ])
    expect(judgeLeaves(garmin.feeds.activity_files, [record], context)).toEqual({ unmapped: [], listedButMapped: [] })
  })

  test.each(Object.keys(feedOf))('every field of %s is read, or left out with a reason', (list) => {
    expect(judgeLeaves(feeds[feedOf[list] as string] as Feed, push[list] ?? [], context)).toEqual({
      unmapped: [],
      listedButMapped: [],
    })
  })

  test('a cycle’s record is kept with the reason why it is not read', () => {
    expect(readRecord(garmin.feeds.menstrual_cycle, { userId: 'b7c1', summaryId: 'x' }, context)).toMatchObject({
      code: 'record_unreadable',
    })
  })

  test('of the same day the longest counts, of the same night the surest', () => {
    const rank = (feed: Feed, record: unknown) => feed.version?.(feed.raw.parse(record))?.rank ?? Number.NaN
    const [whole, part] = push['dailies'] as [object, object]
    expect(rank(garmin.feeds.dailies, whole)).toBeGreaterThan(rank(garmin.feeds.dailies, part))
    const night = push['sleeps']?.[0] as object
    const ranks = ['AUTO_TENTATIVE', 'AUTO_FINAL', 'ENHANCED_TENTATIVE', 'ENHANCED_FINAL', 'MANUAL'].map((validation) =>
      rank(garmin.feeds.sleeps, { ...night, validation }),
    )
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
    expect(new Set(ranks).size).toBe(5)
  })
})

const app: AppKeys = { clientId: 'our-app', clientSecret: 's', extra: {} }
const keys = { app, secret: 'path' }
const delivery = (body: unknown, client: string | undefined = 'our-app'): HookRequest => ({
  method: 'POST',
  headers: client === undefined ? {} : { 'garmin-client-id': client },
  query: new URLSearchParams(),
  body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
  at: 0,
})

describe('deliveries', () => {
  test('only one that carries our app’s id is taken', () => {
    expect(garmin.webhook.verify(delivery(push), keys)).toEqual({ kind: 'proven' })
    expect(garmin.webhook.verify(delivery(push, 'another'), keys)).toMatchObject({ kind: 'refused' })
    expect(garmin.webhook.verify({ ...delivery(push), headers: {} }, keys)).toMatchObject({ kind: 'refused' })
    expect(garmin.webhook.verify(delivery(push), { app: undefined, secret: 'path' })).toMatchObject({ kind: 'refused' })
  })

  test('a push brings the records themselves, one notice for each person and list', () => {
    const other = { ...(push['epochs']?.[0] as object), userId: 'another' }
    const notices = garmin.webhook.read(delivery({ epochs: [...(push['epochs'] ?? []), other], hrv: push['hrv'] }))
    expect(notices.map(({ account, kind, ...rest }) => [account, kind, 'feed' in rest && rest.feed])).toEqual([
      ['b7c1', 'records', 'epochs'],
      ['another', 'records', 'epochs'],
      ['b7c1', 'records', 'hrv'],
    ])
    expect(notices[0]).toMatchObject({ records: push['epochs'] })
  })

  test('every list that Garmin documents has a feed', () => {
    const lists = [
      'activities',
      'manuallyUpdatedActivities',
      'activityDetails',
      'moveIQActivities',
      'dailies',
      'epochs',
      'sleeps',
      'bodyComps',
      'stressDetails',
      'userMetrics',
      'pulseox',
      'allDayRespiration',
      'hrv',
      'bloodPressures',
      'healthSnapshot',
      'skinTemp',
      'mct',
      'third-partyDailies',
    ]
    const notices = garmin.webhook.read(delivery(Object.fromEntries(lists.map((list) => [list, [{ userId: 'u' }]]))))
    expect(notices).toHaveLength(lists.length)
    for (const notice of notices) expect(Object.keys(feeds)).toContain('feed' in notice && notice.feed)
  })

  test('a ping says where the records wait, and of a file all that is known of it', () => {
    const [daily, file] = garmin.webhook.read(delivery(ping))
    expect(daily).toMatchObject({
      account: 'b7c1',
      kind: 'changed',
      feed: 'dailies',
      record: expect.stringContaining('/wellness-api/rest/dailies?'),
    })
    expect(file).toMatchObject({
      kind: 'changed',
      feed: 'activity_files',
      record: expect.stringContaining('"fileType":"FIT"'),
    })
  })

  test('the same delivery again has the same ids, an altered one has others', () => {
    const ids = (body: unknown) => garmin.webhook.read(delivery(body)).map(({ id }) => id)
    expect(ids(push)).toEqual(ids(structuredClone(push)))
    expect(ids({ hrv: push['hrv'] })).not.toEqual(ids({ hrv: [{ ...(push['hrv']?.[0] as object), lastNightAvg: 1 }] }))
  })

  test('one item that is nobody’s costs the others nothing; what is not JSON is refused whole', () => {
    expect(garmin.webhook.read(delivery({ hrv: [null, 7, {}, ...(push['hrv'] ?? [])] }))).toHaveLength(1)
    expect(() => garmin.webhook.read(delivery('<html>'))).toThrow('not JSON')
  })

  test('a person who left, and a permission that was taken away, are told', () => {
    const { deregistrations, userPermissionsChange } = push
    expect(garmin.webhook.read(delivery({ deregistrations, userPermissionsChange }))).toMatchObject([
      { account: 'b7c1', kind: 'left' },
      { account: 'b7c1', kind: 'scopes' },
    ])
    const [first] = userPermissionsChange as [object]
    const at = (changeTimeInSeconds: number) =>
      garmin.webhook.read(delivery({ userPermissionsChange: [{ ...first, changeTimeInSeconds }] }))[0]?.id
    expect(at(1_794_500_002)).not.toBe(at(1_794_500_001)) // ticked again, and unticked once more
    const left = (day: number) => garmin.webhook.read({ ...delivery({ deregistrations }), at: day * 86_400_000 })[0]?.id
    expect(left(1)).toBe(left(1))
    expect(left(40)).not.toBe(left(1)) // they came back, and left once more
  })
})

describe('asking', () => {
  const window = { from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 0, 31) }
  const asked =
    '/wellness-api/rest/backfill/dailies?summaryStartTimeInSeconds=1704067200&summaryEndTimeInSeconds=1706659200'

  test('the address of a ping is fetched, but only below Garmin’s own API', async () => {
    const [{ callbackURL: record }] = ping['dailies'] as [{ callbackURL: string }]
    const { pathname, search } = new URL(record)
    const http = testHttp(garmin, answers({ [`GET ${pathname}${search}`]: push['dailies'] }))
    expect(await recordsOf(garmin.feeds.dailies.fetchOne?.(http, record, fetching))).toEqual(push['dailies'])
    for (const bad of [
      'https://evil.example/wellness-api/rest/dailies',
      'https://apis.garmin.com/other',
      'http://apis.garmin.com/wellness-api/rest/x',
      'nothing',
    ])
      await expect(recordsOf(garmin.feeds.dailies.fetchOne?.(http, bad, fetching))).rejects.toThrow()
    expect(() => addressOf(garmin, 'https://apis.garmin.com.evil.example/wellness-api/rest/x')).toThrow()
  })

  test('there is nothing to poll: no feed can be fetched without a notice', () => {
    for (const feed of Object.values(feeds)) expect(feed.fetch).toBeUndefined()
  })

  test.each([202, 409])('a stretch of the past is asked for; %i means that it will come', async (status) => {
    const http = testHttp(garmin, () => new Response(null, { status }))
    expect(await garmin.feeds.dailies.requestHistory?.(http, window, fetching)).toBe('will_come')
    expect(http.requests).toEqual([`GET ${asked}`])
  })

  test('where the past ends, its beginning is asked for once more and nothing before it', async () => {
    const message = 'start 2024-01-01T00:00:00Z before min start time of 2024-01-16T00:00:00Z'
    const http = testHttp(garmin, (request) =>
      request.url.includes('=1704067200')
        ? Response.json({ errorMessage: message }, { status: 400 })
        : new Response(null, { status: 202 }),
    )
    expect(await garmin.feeds.dailies.requestHistory?.(http, window, fetching)).toBe('nothing_earlier')
    expect(http.requests[1]).toContain('summaryStartTimeInSeconds=1705363260')
    const later = { from: Date.UTC(2023, 11, 2), to: window.from }
    const before = testHttp(garmin, () => Response.json({ errorMessage: message }, { status: 400 }))
    expect(await garmin.feeds.dailies.requestHistory?.(before, later, fetching)).toBe('nothing_earlier')
    expect(before.requests, 'of which there is nothing').toHaveLength(1)
  })

  test('a stretch that is too long, or refused for no reason, is no end of the past', async () => {
    for (const errorMessage of [
      'time range too long: from 2024-01-01T00:00:00Z to 2024-01-31T00:00:01Z',
      'bad request',
    ]) {
      const http = testHttp(garmin, () => Response.json({ errorMessage }, { status: 400 }))
      await expect(garmin.feeds.dailies.requestHistory?.(http, window, fetching)).rejects.toMatchObject({
        fault: 'bad_data',
      })
    }
  })

  test('stretches that meet within a second share none, and are no longer than they may be', async () => {
    const http = testHttp(garmin, () => new Response(null, { status: 202 }))
    const [a, b, c] = [0, 30, 60].map((days) => window.from + 734 + days * 86_400_000) as [number, number, number]
    await garmin.feeds.dailies.requestHistory?.(http, { from: a, to: b }, fetching)
    await garmin.feeds.dailies.requestHistory?.(http, { from: b, to: c }, fetching)
    const ends = http.requests.map((request) => [...request.matchAll(/=(\d+)/g)].map(([, seconds]) => Number(seconds)))
    expect(ends.flat().map((seconds) => (seconds - 1_704_067_200) / 86_400)).toEqual([0, 30, 30, 60])
  })

  test('403 of the past is the person’s choice and 412 a missing permission; neither is a broken token', async () => {
    const forbidden = testHttp(garmin, () => new Response(null, { status: 403 }))
    expect(await garmin.feeds.dailies.requestHistory?.(forbidden, window, fetching)).toBe('not_allowed')
    const missing = testHttp(garmin, () => new Response(null, { status: 412 }))
    await expect(garmin.feeds.dailies.requestHistory?.(missing, window, fetching)).rejects.toMatchObject({
      fault: 'scope',
    })
  })

  test('files follow the activities, so their past is not asked for', () => {
    expect('requestHistory' in garmin.feeds.activity_files).toBe(false)
  })

  test('signing in tells the lasting id and what the person ticked, however the list is wrapped', async () => {
    for (const permissions of [['HEALTH_EXPORT'], { permissions: ['HEALTH_EXPORT'] }]) {
      const http = testHttp(
        garmin,
        answers({
          'GET /wellness-api/rest/user/id': { userId: 'b7c1' },
          'GET /wellness-api/rest/user/permissions': permissions,
        }),
      )
      expect(await garmin.account(http)).toEqual({ account: 'b7c1', profile: {}, scopes: ['HEALTH_EXPORT'] })
    }
  })

  test('what a person allows now is asked for by itself, and an answer without it is not taken for nothing', async () => {
    const ask = (answer: unknown) => garmin.granted(testHttp(garmin, () => Response.json(answer)))
    expect(await ask({ permissions: ['ACTIVITY_EXPORT'] })).toEqual(['ACTIVITY_EXPORT'])
    expect(await ask([])).toEqual([])
    await expect(ask({ message: 'busy' })).rejects.toMatchObject({ fault: 'bad_data' })
  })

  test('a person who leaves is taken out at Garmin too', async () => {
    const http = testHttp(garmin, () => new Response(null, { status: 204 }))
    await garmin.leave(http)
    expect(http.requests).toEqual(['DELETE /wellness-api/rest/user/registration'])
  })

  test('a token answer is read with its 90 days; its own word "scope" is no permission', () => {
    const answer = {
      access_token: 'a',
      expires_in: 86_400,
      token_type: 'bearer',
      refresh_token: 'r',
      refresh_token_expires_in: 7_775_998,
      scope: 'CONNECT_READ PARTNER_READ',
      jti: 'j',
    }
    expect(garmin.auth.readToken?.(answer)).toEqual({
      accessToken: 'a',
      refreshToken: 'r',
      expiresIn: 86_400,
      refreshExpiresIn: 7_775_998,
    })
    expect(() => garmin.auth.readToken?.({ error: 'x' })).toThrow('no access token')
  })
})
