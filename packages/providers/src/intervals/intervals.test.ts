import { describe, expect, test } from 'vitest'
import type { Feed, FetchContext, ReadContext } from '../kit/feed.ts'
import { isUnread, type ReadRecord, readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { intervals } from './index.ts'

const activities = fixture<object[]>(import.meta.url, 'activities')
const wellness = fixture<object[]>(import.meta.url, 'wellness')
const events = fixture<object[]>(import.meta.url, 'events')
const context: ReadContext = { account: 'i118205', now: Date.UTC(2026, 10, 14), timeZone: 'Europe/Berlin' }
const fetching: FetchContext = { ...context, scopes: [] }
const at = Date.parse
const fit = Uint8Array.from([14, 32, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode('.FIT'), 0, 0])

const reading = (feed: Feed, record: unknown): ReadRecord => {
  const result = readRecord(feed, record, context)
  if (isUnread(result)) throw new Error(result.detail)
  return result
}

describe('what intervals.icu holds becomes readings', () => {
  test('a run becomes one workout with both legs’ steps, its zone from the local start, and where it came from', () => {
    const { source, told } = reading(intervals.feeds.activities, { ...activities[0], fit })
    expect(source).toEqual({
      key: 'GARMIN_CONNECT:Garmin fenix 8',
      name: 'Garmin fenix 8',
      model: 'Garmin fenix 8',
      app: 'GARMIN_CONNECT',
    })
    expect(told).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'running',
        title: 'Steady',
        start: at('2026-11-12T16:30:00Z'),
        end: at('2026-11-12T17:12:35Z'),
        offset: 60,
        externalId: 'i77120455',
        totals: {
          duration: 2555,
          moving_duration: 2490,
          distance: 8120.4,
          elevation_gain: 41,
          heart_rate_avg: 146,
          heart_rate_max: 163,
          cadence_steps_avg: 172.2,
          energy_total: 521,
          training_load: 58,
        },
        parts: [],
        extra: { type: 'Run', source: 'GARMIN_CONNECT', original_id: '20119044' },
      },
      { kind: 'file', format: 'fit', bytes: fit, externalId: 'i77120455' },
    ])
  })

  test('a ride keeps its cadence as it is', () => {
    expect(reading(intervals.feeds.activities, activities[1]).told).toMatchObject([
      {
        activity: 'cycling',
        end: at('2026-11-13T08:00:00Z'),
        totals: { cadence_avg: 88 },
        extra: { source: 'STRAVA' },
      },
    ])
  })

  test('what Strava lets nobody see is passed over; what should say when it began, and does not, is put aside', () => {
    const hidden = { id: 'i1', start_date_local: '2026-11-13T08:00:00', source: 'STRAVA', _note: 'not available' }
    expect(reading(intervals.feeds.activities, hidden).told).toEqual([])
    const { start_date: _, ...rest } = activities[0] as { start_date: string }
    for (const record of [rest, { ...rest, start_date: 'noon' }])
      expect(readRecord(intervals.feeds.activities, record, context)).toMatchObject({
        code: 'record_unreadable',
        detail: 'it does not say when it began',
      })
  })

  test('a day of wellness becomes its values, and its blood pressure an event at the day’s beginning', () => {
    const day = (metric: string, value: number) => ({ kind: 'day', metric, date: '2026-11-12', value })
    expect(reading(intervals.feeds.wellness, wellness[0]).told).toEqual([
      day('body_mass', 61.4),
      day('resting_heart_rate', 47),
      day('hrv_rmssd', 71),
      day('sleep_total', 27_420),
      day('sleep_score', 84),
      day('sleep_heart_rate_avg', 50),
      day('spo2', 96),
      day('blood_glucose', 5.1),
      day('body_fat', 21.3),
      day('vo2max', 52),
      day('steps', 8991),
      day('respiratory_rate', 14.1),
      {
        kind: 'event',
        metric: 'blood_pressure',
        start: at('2026-11-11T23:00:00Z'),
        value: { systolic: 116, diastolic: 74 },
        externalId: 'blood_pressure:2026-11-12',
      },
    ])
    expect(reading(intervals.feeds.wellness, wellness[1]).told).toEqual([
      { kind: 'day', metric: 'hrv_sdnn', date: '2026-11-13', value: 88 },
    ])
    expect(readRecord(intervals.feeds.wellness, { id: 'x' }, context)).toMatchObject({ code: 'record_unreadable' })
  })

  test('a workout of the calendar is a plan at the athlete’s own time, a race is one of its day', () => {
    expect(reading(intervals.feeds.events, events[0])).toEqual({
      source: undefined,
      told: [
        {
          kind: 'plan',
          externalId: '90001',
          date: '2026-11-18',
          start: at('2026-11-18T16:30:00Z'),
          activity: 'running',
          title: 'Tempo',
          description: 'Warmup\n- 10m Z1 Pace\n\n3x\n- 10m Z4 Pace',
          duration: 3900,
          distance: 12_500.5,
        },
      ],
    })
    expect(reading(intervals.feeds.events, events[1]).told).toEqual([
      {
        ...{ kind: 'plan', externalId: '90002', date: '2026-12-06', activity: 'cycling', title: 'Winter cup' },
        ...{ duration: 10_800, distance: 80_000 },
      },
    ])
    const bare = { id: 1, category: 'WORKOUT', start_date_local: '2026-11-18' }
    expect(reading(intervals.feeds.events, bare).told).toEqual([
      { kind: 'plan', externalId: '1', date: '2026-11-18', title: 'Workout' },
    ])
    expect(readRecord(intervals.feeds.events, { ...bare, start_date_local: 'soon' }, context)).toMatchObject({
      code: 'record_unreadable',
    })
  })

  test('what else stands in the calendar, what is for a whole week and what a coach hides are no plans', () => {
    for (const event of events.slice(2, 5)) expect(reading(intervals.feeds.events, event).told).toEqual([])
  })

  test('a calendar that was read whole says from when to when, and what it holds', () => {
    expect(reading(intervals.feeds.events, events[5]).told).toEqual([
      { kind: 'calendar', from: '2026-11-11', to: '2027-11-15', externalIds: ['90001', '90002'], asked: context.now },
    ])
  })

  test('every field is read, or left out with a reason', () => {
    expect(judgeLeaves(intervals.feeds.events, events, context)).toEqual({ unmapped: [], listedButMapped: [] })
    const files = [
      { ...activities[0], fit },
      { ...activities[1], fit_missing: 'none' },
    ]
    expect(judgeLeaves(intervals.feeds.activities, files, context)).toEqual({ unmapped: [], listedButMapped: [] })
    expect(judgeLeaves(intervals.feeds.wellness, wellness, context)).toEqual({ unmapped: [], listedButMapped: [] })
  })
})

describe('asking', () => {
  const window = { from: at('2026-11-12T00:00:00Z'), to: at('2026-11-14T00:00:00Z') }
  const dates = 'oldest=2026-11-11&newest=2026-11-15'

  test('activities are asked for by local dates; what came from Strava has no file to be asked for', async () => {
    const http = testHttp(
      intervals,
      answers({
        [`GET /api/v1/athlete/i118205/activities?${dates}`]: activities,
        'GET /api/v1/activity/i77120455/fit-file': new Response(fit),
      }),
    )
    const records = await recordsOf(intervals.feeds.activities.fetch?.(http, window, fetching))
    expect(records).toEqual([{ ...activities[0], fit }, activities[1]])
  })

  test('an activity that was read before is listed again, but its file is not fetched again', async () => {
    const http = testHttp(intervals, answers({ [`GET /api/v1/athlete/i118205/activities?${dates}`]: activities }))
    const context = { ...fetching, isKnown: async () => true }
    expect(await recordsOf(intervals.feeds.activities.fetch?.(http, window, context))).toEqual(activities)
  })

  test('wellness is asked for by local dates, and the rewritten day counts', async () => {
    const http = testHttp(intervals, answers({ [`GET /api/v1/athlete/i118205/wellness?${dates}`]: wellness }))
    expect(await recordsOf(intervals.feeds.wellness.fetch?.(http, window, fetching))).toEqual(wellness)
    const { raw, version } = intervals.feeds.wellness
    expect(version?.(raw.parse(wellness[0]))).toEqual({ key: '2026-11-12', rank: at('2026-11-12T07:02:44Z') })
  })

  test('the calendar is asked for a year ahead, and is whole when all of it can be read', async () => {
    const ahead = `GET /api/v1/athlete/i118205/events?oldest=2026-11-11&newest=2027-11-15`
    const asked = async (list: unknown[]) => {
      const http = testHttp(intervals, answers({ [ahead]: list }))
      return recordsOf(intervals.feeds.events.fetch?.(http, window, fetching))
    }
    expect(await asked(events.slice(0, 5))).toEqual(events)
    expect(await asked([{ id: 'odd' }])).toEqual([{ id: 'odd' }])
    const http = testHttp(
      intervals,
      answers({ [`GET /api/v1/athlete/i118205/events?oldest=2026-11-11&newest=2026-11-14`]: [events[0]] }),
    )
    expect(await recordsOf(intervals.feeds.events.fetch?.(http, { ...window, to: window.to - 1 }, fetching))).toEqual([
      events[0],
    ])
    const { raw, version } = intervals.feeds.events
    expect(version?.(raw.parse(events[0]))).toEqual({ key: '90001', rank: at('2026-11-10T07:02:44Z') })
    expect(version?.(raw.parse(events[5]))).toEqual({ key: 'calendar', rank: context.now })
  })

  test('a personal key goes as the password of API_KEY, and its owner is athlete 0', async () => {
    expect(intervals.auth.headers({ api_key: 'k' })).toEqual({ authorization: `Basic ${btoa('API_KEY:k')}` })
    const http = testHttp(
      intervals,
      answers({ 'GET /api/v1/athlete/0': { id: 'i118205', name: 'Ada R.', timezone: 'Europe/Berlin' } }),
    )
    const account = { account: 'i118205', profile: { name: 'Ada R.', time_zone: 'Europe/Berlin' } }
    expect(await intervals.account(http)).toEqual({
      ...account,
      scopes: ['ACTIVITY:READ', 'WELLNESS:READ', 'CALENDAR:READ'],
    })
    expect(await intervals.account(http, { accessToken: 'a' })).toEqual(account)
  })

  test('signing in instead brings a token without an end, and the scopes that were granted', () => {
    const [{ auth }] = intervals.otherAuth
    if (auth.kind !== 'oauth2') throw new Error('it is OAuth')
    const answer = {
      token_type: 'Bearer',
      access_token: '2d9c',
      scope: 'ACTIVITY:READ,WELLNESS:READ',
      athlete: { id: 'i118205', name: 'Ada R.' },
    }
    expect(auth.readToken?.(answer)).toEqual({
      accessToken: '2d9c',
      account: 'i118205',
      profile: { name: 'Ada R.' },
      scopes: ['ACTIVITY:READ', 'WELLNESS:READ'],
    })
    expect(() => auth.readToken?.({ access_token: 'a' })).toThrow('whose account')
    const areas = Object.keys(auth.scopes).map((scope) => scope.split(':')[0])
    expect(new Set(areas).size).toBe(areas.length) // naming an area twice is refused as a duplicate
    expect([auth.scopeSeparator, auth.refreshToken]).toEqual([',', 'none'])
  })

  test('leaving takes the app out; a key has nothing to take out', async () => {
    for (const status of [200, 403]) {
      const http = testHttp(intervals, () => Response.json({}, { status }))
      await intervals.leave(http)
      expect(http.requests).toEqual(['DELETE /api/v1/disconnect-app'])
    }
  })

  test('429 says how long to wait', async () => {
    const http = testHttp(intervals, () => new Response(null, { status: 429, headers: { 'retry-after': '30' } }))
    await expect(http.get('/api/v1/athlete/0')).rejects.toMatchObject({ fault: 'rate_limit', retryAfterMs: 30_000 })
  })
})
