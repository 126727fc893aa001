import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Feed, FetchContext, ReadContext, Told } from '../kit/feed.ts'
import type { AppKeys, HookKeys, HookRequest } from '../kit/index.ts'
import { isUnread, readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { whoop } from './index.ts'

type Fields = Record<string, unknown>
interface Joined {
  recovery: Fields
  cycle: Fields
  night: Fields | null
}
const records = fixture<Record<string, Fields[]>>(import.meta.url, 'records')
const event = fixture<Fields>(import.meta.url, 'event')
const of = (name: string, i = 0) => records[name]?.[i] as Fields & Joined
const now = Date.parse('2026-10-15T08:00:00Z')
const context: ReadContext = { account: '55012', now, timeZone: 'Europe/Berlin' }
const fetching: FetchContext = { ...context, scopes: Object.keys(whoop.auth.scopes) }
const feeds: Readonly<Record<string, Feed>> = whoop.feeds
const feedOf = (name: string): Feed => feeds[name] as Feed
const at = Date.parse
const nightId = '3f0ac1de-77d1-4f2e-8d53-0d8a54a6b2c1'

function tell(feed: string, record: unknown): readonly Told[] {
  const result = readRecord(feedOf(feed), record, context)
  if (isUnread(result)) throw new Error(result.detail)
  return result.told
}

const day = (metric: string, value: number, date = '2026-10-14') => ({ kind: 'day', metric, date, value })

describe('what WHOOP holds becomes readings', () => {
  const night = {
    kind: 'session',
    type: 'sleep',
    start: at('2026-10-13T21:20:00Z'),
    end: at('2026-10-14T05:02:30Z'),
    offset: 120,
    externalId: nightId,
    totals: {
      duration: 27_750,
      sleep_time_in_bed: 27_750,
      sleep_total: 25_650,
      sleep_awake: 2_100,
      sleep_light: 13_200,
      sleep_deep: 6_150,
      sleep_rem: 6_300,
      sleep_efficiency: 92.4,
      sleep_score: 89,
      respiratory_rate_avg: 14.9,
    },
    parts: [],
    derived: ['sleep_total'],
    extra: {
      score_state: 'SCORED',
      no_data: 0,
      sleep_cycles: 5,
      disturbances: 9,
      sleep_needed_ms: {
        baseline_milli: 27_600_000,
        need_from_sleep_debt_milli: 900_000,
        need_from_recent_strain_milli: 420_000,
        need_from_recent_nap_milli: 0,
      },
      consistency: 77,
    },
  }

  test('a night has the length of each stage in seconds, and no stages in their places, for WHOOP tells none', () => {
    expect(tell('sleep', of('sleep'))).toEqual([night, day('respiratory_rate', 14.9)])
  })

  test('a nap is a sleep of its own and says nothing of the night', () => {
    expect(tell('sleep', { ...of('sleep'), nap: true })).toEqual([{ ...night, isNap: true }])
  })

  test('a sleep that is not scored yet is there with its times; its score comes with a later version', () => {
    const { score: _, ...scoreless } = of('sleep') as Fields
    const pending = { ...scoreless, score_state: 'PENDING_SCORE' }
    const { derived: __, ...shell } = night
    expect(tell('sleep', pending)).toEqual([
      { ...shell, totals: { duration: 27_750 }, extra: { score_state: 'PENDING_SCORE' } },
    ])
    const version = (updated_at: string) => feedOf('sleep').version?.({ ...of('sleep'), updated_at } as never)
    expect(version('2026-10-14T06:33:40.000Z')).toEqual({ key: nightId, rank: at('2026-10-14T06:33:40Z') })
  })

  test('a recovery belongs to the local date of its waking up; its variability is milliseconds already', () => {
    expect(tell('recovery', of('recovery'))).toEqual([
      day('recovery_score', 68),
      day('resting_heart_rate', 52),
      day('hrv_rmssd', 57.813),
      day('spo2', 96.1),
      day('skin_temperature', 33.42),
    ])
  })

  test('a recovery whose night is not known is dated by when it was written, on the person’s clock', () => {
    expect(tell('recovery', of('recovery', 1))).toEqual([day('recovery_score', 50, '2026-10-12')])
    const late = { ...of('recovery', 1).recovery, created_at: '2026-10-11T22:30:00.000Z' }
    expect(tell('recovery', { recovery: late, night: null })).toEqual([day('recovery_score', 50, '2026-10-12')])
  })

  test('what is said while WHOOP still learns to know the person is trusted less; what has no score is not told', () => {
    const { recovery, night } = of('recovery')
    const calibrating = { ...recovery, score: { recovery_score: 40, user_calibrating: true } }
    expect(tell('recovery', { recovery: calibrating, night })).toEqual([
      { ...day('recovery_score', 40), quality: 'fair' },
    ])
    expect(tell('recovery', { recovery: { ...recovery, score_state: 'UNSCORABLE', score: null }, night })).toEqual([])
  })

  test('a cycle is no calendar day: its date is that of waking up, or of its end; energy is in kilojoules', () => {
    expect(tell('cycle', of('cycle'))).toEqual([day('strain', 11.42), { ...day('energy_total', 9_612.4), unit: 'kJ' }])
    expect(tell('cycle', of('cycle', 1))).toEqual([day('strain', 8.5, '2026-10-13')])
    const pastMidnight = { ...of('cycle').cycle, end: '2026-10-14T22:40:00.000Z' }
    expect(tell('cycle', { ...of('cycle'), cycle: pastMidnight })[0]).toEqual(day('strain', 11.42))
  })

  test('the cycle that runs has no end: it is told when its night is known', () => {
    const { end: _, ...running } = of('cycle').cycle
    expect(tell('cycle', { ...of('cycle'), cycle: running })).toHaveLength(2)
    expect(tell('cycle', { cycle: running, night: null })).toEqual([])
  })

  test('a workout has its energy in kilocalories', () => {
    expect(tell('workout', of('workout'))).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'running',
        start: at('2026-10-14T15:58:10Z'),
        end: at('2026-10-14T16:51:40Z'),
        offset: 120,
        externalId: 'a5b1f6f2-2f51-4a0d-9f30-6b1f6f0f7d10',
        totals: {
          duration: 3_210,
          distance: 9_120.5,
          elevation_gain: 84,
          energy_total: 2_544.7 / 4.184,
          heart_rate_avg: 148,
          heart_rate_max: 176,
          strain: 9.8,
        },
        parts: [],
        extra: {
          sport_name: 'running',
          score_state: 'SCORED',
          percent_recorded: 99,
          altitude_change: -3,
          heart_rate_zones_ms: (of('workout')['score'] as Fields)['zone_durations'],
        },
      },
    ])
    expect(tell('workout', { ...of('workout'), sport_name: 'sauna' })[0]).toMatchObject({
      activity: 'other',
      extra: { sport_name: 'sauna' },
    })
  })

  test('height and weight have no time: they are of the day on which they were read', () => {
    const t = at('2026-10-15T00:00:00Z')
    expect(tell('body', of('body'))).toEqual([
      { kind: 'sample', metric: 'body_mass', t, value: 76.4, method: 'manual' },
      { kind: 'sample', metric: 'body_height', t, value: 1.81, method: 'manual' },
    ])
  })

  test.each(Object.entries(records))('every leaf of %s is read, or passed over for a reason', (feed, list) => {
    expect(judgeLeaves(feedOf(feed), list, context)).toEqual({ unmapped: [], listedButMapped: [] })
  })
})

describe('fetching', () => {
  const window = { from: at('2026-10-10T00:00:00Z'), to: at('2026-10-15T00:00:00Z') }
  const list = (path: string, start: string, end: string) =>
    `GET /developer/v2/${path}?limit=25&start=2026-10-${start}T00%3A00%3A00.000Z&end=2026-10-${end}T00%3A00%3A00.000Z`

  test('pages of 25 are asked for with nextToken and answered with next_token', async () => {
    const path = list('activity/workout', '10', '15')
    const http = testHttp(
      whoop,
      answers({
        [path]: { records: [of('workout')], next_token: 'MTAy' },
        [`${path}&nextToken=MTAy`]: { records: [{ id: 'second' }] },
      }),
    )
    expect(await recordsOf(feedOf('workout').fetch?.(http, window, fetching))).toEqual([
      of('workout'),
      { id: 'second' },
    ])
  })

  test('recoveries and cycles come with their nights, looked for a day around; without that scope they come alone', async () => {
    const recorded = {
      [list('activity/sleep', '09', '16')]: { records: [of('sleep')] },
      [list('recovery', '10', '15')]: { records: [of('recovery').recovery] },
      [list('cycle', '10', '15')]: { records: [of('cycle').cycle] },
    }
    const http = testHttp(whoop, answers(recorded))
    expect(await recordsOf(feedOf('recovery').fetch?.(http, window, fetching))).toEqual([of('recovery')])
    expect(await recordsOf(feedOf('cycle').fetch?.(http, window, fetching))).toEqual([of('cycle')])
    const alone = { ...fetching, scopes: ['read:recovery'] }
    expect(await recordsOf(feedOf('recovery').fetch?.(http, window, alone))).toMatchObject([{ night: null }])
  })

  test('a recovery is fetched by the sleep that its notice names', async () => {
    const sleep = `GET /developer/v2/activity/sleep/${nightId}`
    const recovery = 'GET /developer/v2/cycle/731204455/recovery'
    const http = testHttp(whoop, answers({ [sleep]: of('sleep'), [recovery]: of('recovery').recovery }))
    expect(await recordsOf(feedOf('recovery').fetchOne?.(http, nightId, fetching))).toEqual([of('recovery')])
    const none = testHttp(whoop, answers({ [sleep]: of('sleep'), [recovery]: Response.json({}, { status: 404 }) }))
    expect(await recordsOf(feedOf('recovery').fetchOne?.(none, nightId, fetching))).toEqual([])
  })

  test('height and weight are read for today only, once a day', async () => {
    const { read_at: _, ...said } = of('body')
    const http = testHttp(whoop, answers({ 'GET /developer/v2/user/measurement/body': said }))
    const today = { from: at('2026-10-14T00:00:00Z'), to: now }
    expect(await recordsOf(feedOf('body').fetch?.(http, today, fetching))).toEqual([of('body')])
    expect(
      await recordsOf(feedOf('body').fetch?.(http, { from: 0, to: at('2026-09-01T00:00:00Z') }, fetching)),
    ).toEqual([])
  })
})

describe('signing in, limits and leaving', () => {
  test('a refresh asks for the next refresh token', () => {
    expect(whoop.auth.tokenParameters('refresh_token')).toEqual({ scope: 'offline' })
    expect(whoop.auth.tokenParameters('authorization_code')).toEqual({})
  })

  test('who it is, is asked; leaving ends the access; calls name us', async () => {
    const http = testHttp(
      whoop,
      answers({
        'GET /developer/v2/user/profile/basic': {
          user_id: 55012,
          email: 'a@example.com',
          first_name: 'A',
          last_name: 'B',
        },
        'DELETE /developer/v2/user/access': new Response(null, { status: 204 }),
      }),
    )
    expect(await whoop.account(http)).toEqual({
      account: '55012',
      profile: { email: 'a@example.com', first_name: 'A', last_name: 'B' },
    })
    await whoop.leave(http)
    expect(http.requests).toContain('DELETE /developer/v2/user/access')
    expect(whoop.headers()).toEqual({ 'user-agent': 'Tributary' })
  })

  test('a used-up limit ends when its reset says', () => {
    const headers = new Headers({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '17' })
    expect(whoop.fault(429, undefined, headers)).toMatchObject({ fault: 'rate_limit', retryAfterMs: 17_000 })
    expect(whoop.fault(404, undefined, headers)).toBeUndefined()
    expect(whoop.pause(headers)).toBe(17_000)
    expect(whoop.pause(new Headers({ 'x-ratelimit-remaining': '4', 'x-ratelimit-reset': '17' }))).toBeUndefined()
  })
})

describe('notices', () => {
  const app: AppKeys = { clientId: 'c', clientSecret: 'shh', extra: {} }
  const keys: HookKeys = { app, secret: 'path-secret' }
  const { webhook } = whoop

  function post(body: unknown, { stamp = String(now), key = 'shh' } = {}): HookRequest {
    const text = JSON.stringify(body)
    return {
      method: 'POST',
      headers: {
        'x-whoop-signature-timestamp': stamp,
        'x-whoop-signature': createHmac('sha256', key)
          .update(stamp + text)
          .digest('base64'),
      },
      query: new URLSearchParams(),
      body: new TextEncoder().encode(text),
      at: now,
    }
  }

  test('a signed event is proven; a forged, altered, stale or unsigned one is refused', () => {
    expect(webhook.verify(post(event), keys)).toEqual({ kind: 'proven' })
    expect(webhook.verify(post(event, { key: 'guess' }), keys)).toMatchObject({ kind: 'refused' })
    expect(webhook.verify({ ...post(event), body: post({ ...event, id: 'x' }).body }, keys)).toMatchObject({
      kind: 'refused',
    })
    expect(webhook.verify(post(event, { stamp: String(now - 300_001) }), keys)).toEqual({
      kind: 'refused',
      reason: 'it is older than it may be',
    })
    expect(webhook.verify({ ...post(event), headers: {} }, keys)).toEqual({
      kind: 'refused',
      reason: 'it is not signed',
    })
  })

  test('an event names its record; one of a recovery names the sleep; kinds we do not know are none of ours', () => {
    const notice = { id: expect.any(String), account: '55012', record: nightId }
    expect(webhook.read(post(event))).toEqual([{ ...notice, kind: 'changed', feed: 'sleep' }])
    expect(webhook.read(post({ ...event, type: 'recovery.updated' }))).toEqual([
      { ...notice, kind: 'changed', feed: 'recovery' },
    ])
    expect(webhook.read(post({ ...event, type: 'workout.deleted' }))).toEqual([
      { ...notice, kind: 'deleted', feed: 'workout' },
    ])
    expect(webhook.read(post({ ...event, type: 'journal.updated' }))).toEqual([])
    expect(() => webhook.read(post({}))).toThrow(expect.objectContaining({ fault: 'bad_data' }))
  })
})
