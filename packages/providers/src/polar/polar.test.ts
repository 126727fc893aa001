import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Feed, FetchContext, ReadContext, Told } from '../kit/feed.ts'
import type { AppKeys, HookKeys, HookRequest } from '../kit/index.ts'
import { isUnread, type ReadRecord, readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { polar } from './index.ts'
import { listsWithoutMetric } from './without-metric.ts'

type Fields = Record<string, unknown>
const records = fixture<Record<string, Fields[]>>(import.meta.url, 'records')
const of = (name: string) => records[name]?.[0] as Fields
const now = Date.parse('2026-11-10T12:00:00Z')
const context: ReadContext = { account: '53110277', now, timeZone: 'Europe/Berlin' }
const fetching: FetchContext = { ...context, scopes: ['accesslink.read_all'] }
const feeds: Readonly<Record<string, Feed>> = polar.feeds
const feedOf = (name: string): Feed => feeds[name] as Feed
const app: AppKeys = { clientId: 'cid', clientSecret: 'shh', extra: {} }
const at = Date.parse

function read(feed: string, record: unknown): ReadRecord {
  const result = readRecord(feedOf(feed), record, context)
  if (isUnread(result)) throw new Error(result.detail)
  return result
}
const tell = (feed: string, record: unknown): readonly Told[] => read(feed, record).told
const day = (metric: string, value: number, date = '2026-11-10') => ({ kind: 'day', metric, date, value })

describe('what Polar holds becomes readings', () => {
  test('an exercise begins at its local time minus its offset, and has its samples, its beats and its way', () => {
    const start = at('2026-11-09T16:31:05Z')
    const course = { kind: 'series', offset: 60, method: 'active' }
    const { source, told } = read('exercises', of('exercises'))
    expect(source).toEqual({
      key: '0B1C22EE',
      name: 'Polar Vantage V3',
      manufacturer: 'Polar',
      model: 'Polar Vantage V3',
      serial: '0B1C22EE',
    })
    expect(told).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'running_trail',
        start,
        end: start + 2_892_500,
        offset: 60,
        externalId: '9bQ7Zx',
        totals: {
          duration: 2_892.5,
          distance: 9_120.4,
          energy_active: 612,
          heart_rate_avg: 147,
          heart_rate_max: 171,
          training_load: 88.3,
        },
        parts: [],
        track: { t: Float64Array.of(start + 1_500), lat: Float64Array.of(60.1875), lon: Float64Array.of(24.9412) },
        streams: { distance: { t: Float64Array.of(start, start + 1_000), v: Float64Array.of(0, 3.1) } },
        extra: {
          sport: 'RUNNING',
          detailed_sport: 'TRAIL_RUNNING',
          training_load_pro: of('exercises')['training_load_pro'],
          heart_rate_zones: [{ index: 1, 'lower-limit': 96, 'upper-limit': 115, 'in-zone': 'PT3M20S' }],
        },
      },
      {
        ...course,
        metric: 'heart_rate',
        t: Float64Array.of(start, start + 1_000, start + 3_000),
        v: Float64Array.of(92, 93, 97),
      },
      {
        ...course,
        metric: 'speed',
        unit: 'km/h',
        t: Float64Array.of(start, start + 5_000),
        v: Float64Array.of(10.8, 11.2),
      },
      {
        ...course,
        metric: 'rr_interval',
        t: Float64Array.of(start + 800, start + 1_590),
        v: Float64Array.of(800, 790),
      },
      { kind: 'sample', metric: 'vo2max', t: start + 2_892_500, value: 53, offset: 60, quality: 'fair' },
    ])
  })

  test.each([
    ['0', 'heart_rate', undefined],
    ['1', 'speed', 'km/h'],
    ['2', 'cadence', undefined],
    ['3', 'elevation', undefined],
    ['4', 'power', undefined],
    ['8', 'cadence_steps', undefined],
    ['9', 'ambient_temperature', undefined],
  ])('samples of type %s are %s', (type, metric, unit) => {
    const samples = [{ 'recording-rate': 1, 'sample-type': type, data: '7' }]
    const series = tell('exercises', { ...of('exercises'), samples }).filter(({ kind }) => kind === 'series')
    expect(series).toMatchObject([{ metric, ...(unit ? { unit } : {}), v: Float64Array.of(7) }])
    expect('unit' in (series[0] ?? {})).toBe(unit !== undefined)
  })

  test.each([
    ['5', 'pedalling_index'],
    ['6', 'left_right_balance'],
    ['7', 'air_pressure'],
    ['10', 'distance'],
  ])('samples of type %s are of the workout alone: %s', (type, name) => {
    const samples = [{ 'recording-rate': 1, 'sample-type': type, data: '7' }]
    const [session, ...rest] = tell('exercises', { ...of('exercises'), samples })
    expect(session).toMatchObject({ streams: { [name]: { v: Float64Array.of(7) } } })
    expect(rest.some(({ kind }) => kind === 'series')).toBe(false)
  })

  test('each mark of a hypnogram is the stage it means', () => {
    const hypnogram = { '23:13': 0, '23:20': 1, '23:30': 2, '23:40': 3, '23:50': 4, '00:10': 5 }
    const [night] = tell('sleep', { ...of('sleep'), hypnogram })
    const labels = night?.kind === 'session' ? night.parts.map(({ label }) => label) : []
    expect(labels).toEqual(['awake', 'rem', 'light', 'light', 'deep', 'unknown'])
  })

  test('an exercise without a length is put aside with the reason', () => {
    expect(readRecord(feedOf('exercises'), { ...of('exercises'), duration: 'long' }, context)).toMatchObject({
      code: 'record_unreadable',
    })
  })

  test('a day has its sums on its date, and its steps by the minute on the person’s clock', () => {
    const date = '2026-11-09'
    expect(tell('activity', of('activity'))).toEqual([
      day('steps', 11_284, date),
      day('energy_active', 988, date),
      day('energy_total', 2_712, date),
      day('distance', 8_240.7, date),
      day('active_duration', 11_100, date),
      {
        kind: 'series',
        metric: 'steps',
        t: Float64Array.of(at('2026-11-09T06:12:00Z')),
        v: Float64Array.of(74),
        durations: Float64Array.of(60_000),
      },
    ])
  })

  test('the stages of a night have clock times without a date: past midnight is the next day, whatever their order in the answer', () => {
    const start = at('2026-11-09T22:12:30Z')
    const end = at('2026-11-10T05:58:30Z')
    const stage = (label: string, from: number, until: number) => ({ kind: 'stage', label, start: from, end: until })
    const [a, b, c] = [at('2026-11-09T22:20:00Z'), at('2026-11-09T22:51:00Z'), at('2026-11-09T23:44:00Z')]
    const { source, told } = read('sleep', of('sleep'))
    expect(source).toEqual({ key: '0B1C22EE', name: 'Polar', manufacturer: 'Polar', serial: '0B1C22EE' })
    expect(told).toEqual([
      {
        kind: 'session',
        type: 'sleep',
        start,
        end,
        offset: 60,
        externalId: 'sleep:2026-11-10',
        totals: {
          duration: 27_960,
          sleep_time_in_bed: 27_960,
          sleep_total: 26_280,
          sleep_light: 14_820,
          sleep_deep: 5_340,
          sleep_rem: 6_120,
          sleep_awake: 1_680,
          sleep_score: 79,
        },
        parts: [stage('awake', start, a), stage('light', a, b), stage('deep', b, c), stage('rem', c, end)],
        derived: ['sleep_time_in_bed', 'sleep_total'],
        extra: { continuity: 3.4, sleep_cycles: 5 },
      },
      {
        kind: 'series',
        metric: 'heart_rate',
        t: Float64Array.of(at('2026-11-09T22:15:00Z'), a, at('2026-11-09T23:05:00Z')),
        v: Float64Array.of(58, 56, 54),
        offset: 60,
      },
    ])
  })

  test('a score outside 1 to 100 was never worked out', () => {
    for (const sleep_score of [0, -1, 101])
      expect(tell('sleep', { ...of('sleep'), sleep_score })[0]).not.toHaveProperty('totals.sleep_score')
  })

  test('the recharge of a night is RMSSD and breathing, its evening on the day before', () => {
    const [evening, later, night] = [at('2026-11-09T22:45:00Z'), at('2026-11-09T22:50:00Z'), at('2026-11-09T23:10:00Z')]
    expect(tell('nightly_recharge', of('nightly_recharge'))).toEqual([
      day('hrv_rmssd', 62),
      day('respiratory_rate', 13.6),
      {
        kind: 'series',
        metric: 'hrv_rmssd',
        t: Float64Array.of(evening, later, night),
        v: Float64Array.of(58, 64, 61),
      },
      { kind: 'series', metric: 'respiratory_rate', t: Float64Array.of(evening), v: Float64Array.of(13.8) },
    ])
  })

  test('the pulse of a day is on the person’s clock', () => {
    expect(tell('continuous_heart_rate', of('continuous_heart_rate'))).toEqual([
      {
        kind: 'series',
        metric: 'heart_rate',
        t: Float64Array.of(at('2026-11-08T23:03:41Z'), at('2026-11-08T23:08:40Z')),
        v: Float64Array.of(57, 55),
      },
    ])
  })

  test('on the day on which the clocks go back, the pulse after them is an hour later', () => {
    const samples = [
      { heart_rate: 57, sample_time: '01:30:00' },
      { heart_rate: 55, sample_time: '12:00:00' },
    ]
    expect(tell('continuous_heart_rate', { date: '2026-10-25', heart_rate_samples: samples })).toMatchObject([
      { t: Float64Array.of(at('2026-10-24T23:30:00Z'), at('2026-10-25T11:00:00Z')) },
    ])
  })

  test('the profile tells weight and height as of when it was changed, the height in centimetres', () => {
    const t = at('2026-10-30T09:11:00Z')
    expect(tell('physical_info', of('physical_info'))).toEqual([
      { kind: 'sample', metric: 'body_mass', t, method: 'manual', value: 71.8 },
      { kind: 'sample', metric: 'body_height', t, value: 178, unit: 'cm' },
      { kind: 'sample', metric: 'vo2max', t, value: 54 },
      day('resting_heart_rate', 48, '2026-10-30'),
    ])
  })

  test('an oxygen test that passed tells its results; one that failed has none', () => {
    const sample = (metric: string, value: number) => ({
      kind: 'sample',
      metric,
      t: 1_794_300_060_000,
      method: 'active',
      offset: 60,
      value,
    })
    expect(tell('spo2', of('spo2'))).toEqual([sample('spo2', 97), sample('heart_rate', 58), sample('hrv_rmssd', 61)])
    expect(tell('spo2', { ...of('spo2'), test_status: 'SPO2_TEST_FAILED' })).toEqual([])
  })

  test('the skin’s temperature and its deviation are two things; the body’s is a third', () => {
    expect(tell('skin_temperature', of('skin_temperature'))).toEqual([
      day('skin_temperature', 35.1),
      day('skin_temperature_deviation', 0.2),
    ])
    const t = Float64Array.of(at('2026-11-09T22:00:00Z'), at('2026-11-09T22:01:00Z'))
    const v = Float64Array.of(36.7, 36.8)
    expect(tell('body_temperature', of('body_temperature'))).toEqual([
      { kind: 'series', metric: 'body_temperature', t, v },
    ])
    expect(
      tell('body_temperature', { ...of('body_temperature'), measurement_type: 'TM_SKIN_TEMPERATURE' }),
    ).toMatchObject([{ metric: 'skin_temperature' }])
  })

  test.each(Object.keys(listsWithoutMetric))('%s is read and tells nothing, for there is no metric of it', (feed) => {
    expect(records[feed]?.length).toBeGreaterThan(0)
    expect(records[feed]?.flatMap((record) => tell(feed, record))).toEqual([])
    expect(feedOf(feed).brings).toEqual([])
  })

  test.each(Object.entries(records))('every leaf of %s is read, or passed over for a reason', (feed, list) => {
    expect(judgeLeaves(feedOf(feed), list, context)).toEqual({ unmapped: [], listedButMapped: [] })
  })
})

describe('fetching', () => {
  const window = { from: at('2026-11-09T00:00:00Z'), to: at('2026-11-12T00:00:00Z') }
  const long = { from: at('2026-01-01T00:00:00Z'), to: at('2026-01-28T00:00:00Z') }
  const fetch = (feed: string, recorded: Fields, span = window) => {
    const http = testHttp(polar, answers(recorded))
    return recordsOf(feedOf(feed).fetch?.(http, span, fetching))
  }
  const one = (feed: string, id: string, recorded: Fields) =>
    recordsOf(feedOf(feed).fetchOne?.(testHttp(polar, answers(recorded)), id, fetching))

  test('exercises come in one list, alone or by their id; what is older than a month is not asked for', async () => {
    const parts = 'samples=true&zones=true&route=true'
    expect(await fetch('exercises', { [`GET /v3/exercises?${parts}`]: records['exercises'] })).toEqual(
      records['exercises'],
    )
    expect(await one('exercises', '9bQ7Zx', { [`GET /v3/exercises/9bQ7Zx?${parts}`]: of('exercises') })).toEqual(
      records['exercises'],
    )
    expect(await fetch('exercises', {}, long)).toEqual([])
  })

  test('days are asked for from a day before and never beyond today', async () => {
    const asked = 'GET /v3/users/activities?from=2026-11-08&to=2026-11-10&steps=true&activity_zones=true'
    expect(await fetch('activity', { [asked]: records['activity'] })).toEqual(records['activity'])
  })

  test('nights stand under a name; nothing is 404, 204 or an empty list, as it comes', async () => {
    const none = Response.json({}, { status: 404 })
    expect(await fetch('sleep', { 'GET /v3/users/sleep': { nights: records['sleep'] } })).toEqual(records['sleep'])
    expect(await fetch('sleep', { 'GET /v3/users/sleep': none })).toEqual([])
    expect(await fetch('nightly_recharge', { 'GET /v3/users/nightly-recharge': { recharges: [] } })).toEqual([])
    const spo2 = 'GET /v3/users/biosensing/spo2?from=2026-11-08&to=2026-11-10'
    expect(await fetch('spo2', { [spo2]: new Response(null, { status: 204 }) })).toEqual([])
    expect(await one('sleep', '2026-11-10', { 'GET /v3/users/sleep/2026-11-10': none })).toEqual([])
  })

  test('the pulse is asked for day by day until today', async () => {
    const recorded = {
      'GET /v3/users/continuous-heart-rate/2026-11-09': of('continuous_heart_rate'),
      'GET /v3/users/continuous-heart-rate/2026-11-10': Response.json({}, { status: 404 }),
    }
    expect(await fetch('continuous_heart_rate', recorded)).toEqual(records['continuous_heart_rate'])
  })

  test('lists whose form is not documented are taken with a name around them or without; none is no trouble', async () => {
    const asked = 'GET /v3/users/cardio-load/date?from=2026-11-08&to=2026-11-10'
    const loads = records['cardio_load']
    expect(await fetch('cardio_load', { [asked]: loads })).toEqual(loads)
    expect(await fetch('cardio_load', { [asked]: { loads } })).toEqual([{ loads }])
    expect(await fetch('cardio_load', { [asked]: new Response(null, { status: 204 }) })).toEqual([])
  })

  test('the profile is asked for today only', async () => {
    expect(await fetch('physical_info', { 'GET /v3/users/physical-info': of('physical_info') })).toEqual(
      records['physical_info'],
    )
    expect(await fetch('physical_info', {}, long)).toEqual([])
  })
})

describe('signing in, limits and leaving', () => {
  const token = polar.auth.readToken({
    access_token: 'c1f4',
    token_type: 'bearer',
    expires_in: 473039999,
    x_user_id: 53110277,
  })

  test('the token tells whose it is and is never refreshed', () => {
    expect(token).toEqual({ accessToken: 'c1f4', expiresIn: 473_039_999, account: '53110277' })
    expect(polar.auth.refreshToken).toBe('none')
  })

  test('a person is registered before anything is asked; one who is already is as good', async () => {
    const profile = { 'polar-user-id': 53110277, 'first-name': 'Eka' }
    const fresh = testHttp(polar, async (request) => {
      expect(await request.json()).toEqual({ 'member-id': 'tributary-53110277' })
      return Response.json(profile)
    })
    expect(await polar.account(fresh, token)).toEqual({ account: '53110277', profile })
    const again = testHttp(
      polar,
      answers({ 'POST /v3/users': Response.json({}, { status: 409 }), 'GET /v3/users/53110277': profile }),
    )
    expect(await polar.account(again, token)).toEqual({ account: '53110277', profile })
  })

  test('a person who has not accepted Polar’s terms keeps the token', () => {
    expect(polar.fault(403, {}, new Headers())).toMatchObject({
      fault: 'scope',
      message: expect.stringContaining('Polar Flow'),
    })
  })

  test('a used-up limit ends when its own reset says', () => {
    const headers = (usage: string) =>
      new Headers({ 'ratelimit-usage': usage, 'ratelimit-limit': '540, 5200', 'ratelimit-reset': '412, 60111' })
    expect(polar.pause(headers('38, 911'))).toBeUndefined()
    expect(polar.pause(headers('540, 911'))).toBe(412_000)
    expect(polar.fault(429, {}, headers('540, 5200'))).toMatchObject({ fault: 'rate_limit', retryAfterMs: 60_111_000 })
  })

  test('leaving ends the registration', async () => {
    const http = testHttp(polar, answers({ 'DELETE /v3/users/53110277': new Response(null, { status: 204 }) }))
    await polar.leave(http, { account: '53110277' })
    expect(http.requests).toHaveLength(1)
  })
})

describe('notices', () => {
  const exercise = {
    event: 'EXERCISE',
    user_id: 53110277,
    entity_id: '9bQ7Zx',
    timestamp: '2026-11-09T18:22:50Z',
    url: 'https://evil.example/',
  }
  const sleep = { event: 'SLEEP', user_id: 53110277, date: '2026-11-10', timestamp: '2026-11-10T07:10:02Z', url: 'x' }
  const keys: HookKeys = { app, secret: 'path-secret', kept: { id: 'w1', signature_secret_key: 'shown once' } }
  const { webhook } = polar

  function post(body: unknown, key = 'shown once'): HookRequest {
    const text = JSON.stringify(body)
    return {
      method: 'POST',
      headers: { 'polar-webhook-signature': createHmac('sha256', key).update(text).digest('hex') },
      query: new URLSearchParams(),
      body: new TextEncoder().encode(text),
      at: now,
    }
  }

  test('a PING is answered by whoever it is sent, for the key comes after it', () => {
    const ping = { ...post({ timestamp: '2026-11-09T10:00:00Z', event: 'PING' }), headers: {} }
    expect(webhook.handshake?.(ping, { app, secret: 's' })).toEqual({ status: 200 })
    expect(webhook.handshake?.(post(exercise), keys)).toBeUndefined()
  })

  test('a signed event is proven; a forged, altered, unsigned or stale one is refused', () => {
    expect(webhook.verify(post(exercise), keys)).toEqual({ kind: 'proven' })
    expect(webhook.verify(post(exercise, 'guess'), keys)).toMatchObject({ kind: 'refused' })
    expect(webhook.verify({ ...post(exercise), body: post(sleep).body }, keys)).toMatchObject({ kind: 'refused' })
    expect(webhook.verify({ ...post(exercise), headers: {} }, keys)).toEqual({
      kind: 'refused',
      reason: 'it is not signed',
    })
    expect(webhook.verify(post({ ...exercise, timestamp: '2026-11-01T18:22:50Z' }), keys)).toMatchObject({
      reason: 'it is older than it may be',
    })
    expect(webhook.verify(post(exercise), { app, secret: 's' })).toEqual({ kind: 'hint' }) // the key is not known any more
  })

  test('an event names its record by id or date, never by the address in it; sleep is news of the recharge too', () => {
    const notice = { id: expect.any(String), account: '53110277', kind: 'changed' }
    expect(webhook.read(post(exercise))).toEqual([{ ...notice, feed: 'exercises', record: '9bQ7Zx' }])
    expect(webhook.read(post(sleep))).toEqual([
      { ...notice, feed: 'sleep', record: '2026-11-10' },
      { ...notice, feed: 'nightly_recharge', record: '2026-11-10' },
    ])
    expect(webhook.read(post({ ...sleep, event: 'SLEEP_WISE_ALERTNESS' }))).toEqual([])
    expect(() => webhook.read(post({}))).toThrow(expect.objectContaining({ fault: 'bad_data' }))
  })

  test('one webhook is kept with its key; switched off, it is switched on; with a key that is lost, it is made anew', async () => {
    const url = 'https://hub.example/hooks/polar/path-secret'
    const list = { data: [{ id: 'w1', events: ['EXERCISE'], url, active: false }] }
    const on = testHttp(
      polar,
      answers({ 'GET /v3/webhooks': list, 'POST /v3/webhooks/activate': new Response(null, { status: 200 }) }),
    )
    expect(await webhook.subscribe?.begin(on, url, keys)).toEqual(keys.kept)
    expect(on.requests).toContain('POST /v3/webhooks/activate')
    const anew = testHttp(
      polar,
      answers({
        'GET /v3/webhooks': list,
        'DELETE /v3/webhooks/w1': new Response(null, { status: 204 }),
        'POST /v3/webhooks': Response.json(
          { data: { id: 'w2', events: [], url, signature_secret_key: 'new' } },
          { status: 201 },
        ),
      }),
    )
    expect(await webhook.subscribe?.begin(anew, url, { app, secret: 's' })).toEqual({
      id: 'w2',
      signature_secret_key: 'new',
    })
  })
})
