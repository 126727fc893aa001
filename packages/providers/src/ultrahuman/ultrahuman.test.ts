import { describe, expect, test } from 'vitest'
import type { FetchContext, ReadContext } from '../kit/feed.ts'
import { isUnread, readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { ultrahuman } from './index.ts'
import { withoutMetric } from './metrics.ts'

const items = fixture<{ type: string; object: object }[]>(import.meta.url, 'metrics')
const records = items.map((item) => ({ date: '2026-10-14', ...item }))
const context: ReadContext = { account: '7', now: Date.UTC(2026, 10, 13), timeZone: 'Asia/Kolkata' }
const fetching: FetchContext = { ...context, scopes: ['ring_data'] }
const { metrics } = ultrahuman.feeds

const told = (type: string) => {
  const result = readRecord(
    metrics,
    records.find((record) => record.type === type),
    context,
  )
  if (isUnread(result)) throw new Error(result.detail)
  return result.told
}
const series = (metric: string, points: [number, number][], more: object = {}) => ({
  kind: 'series',
  metric,
  t: Float64Array.from(points, ([t]) => t * 1000),
  v: Float64Array.from(points, ([, v]) => v),
  ...more,
})
const day = (metric: string, value: number, more: object = {}) => ({
  kind: 'day',
  metric,
  date: '2026-10-14',
  value,
  ...more,
})

describe('what Ultrahuman holds becomes readings', () => {
  test('courses of the ring and of the sensor, and figures of the day', () => {
    expect(told('hr')).toEqual([
      series('heart_rate', [
        [1_791_930_000, 61],
        [1_791_930_600, 58],
      ]),
    ])
    expect(told('temp')).toEqual([series('skin_temperature', [[1_791_930_000, 34.6]], { unit: '°C' })])
    expect(told('spo2')).toEqual([series('spo2', [[1_791_930_000, 96]], { unit: '%' })])
    expect(told('steps')).toEqual([series('steps', [[1_791_960_000, 212]])])
    expect(told('active_minutes')).toEqual([day('active_duration', 42, { unit: 'min' })])
    expect(told('sleep_rhr')).toEqual([day('resting_heart_rate', 49)])
    expect(told('recovery')).toEqual([day('recovery_score', 74)])
    expect(told('vo2_max')).toEqual([day('vo2max', 43.5)])
    expect(told('glucose')).toEqual([
      series('blood_glucose', [[1_791_930_000, 94]], { unit: 'mg/dL' }),
      day('blood_glucose', 96, { unit: 'mg/dL' }),
    ])
  })

  test('recovery has two names, and what has no metric tells nothing', () => {
    const read = (type: string) => readRecord(metrics, { date: '2026-10-14', type, object: { value: 74 } }, context)
    expect(read('recovery_index')).toMatchObject({ told: [day('recovery_score', 74)] })
    for (const type of Object.keys(withoutMetric)) expect([type, read(type)]).toMatchObject([type, { told: [] }])
  })

  test('a night is told by its sums, and by its stages where there is a graph, whatever the case of its type', () => {
    const stage = (label: string, start: number, end: number) => ({
      kind: 'stage',
      label,
      start: start * 1000,
      end: end * 1000,
    })
    expect(told('Sleep')).toEqual([
      {
        kind: 'session',
        type: 'sleep',
        start: 1_791_926_100_000,
        end: 1_791_954_000_000,
        externalId: 'sleep:2026-10-14',
        totals: {
          duration: 27_900,
          sleep_time_in_bed: 27_600,
          sleep_efficiency: 91,
          sleep_total: 25_200,
          sleep_deep: 5100,
          sleep_light: 13_800,
          sleep_rem: 6300,
          sleep_awake: 2700,
        },
        parts: [
          stage('awake', 1_791_926_100, 1_791_928_800),
          stage('deep', 1_791_928_800, 1_791_933_900),
          stage('light', 1_791_933_900, 1_791_947_700),
          stage('rem', 1_791_947_700, 1_791_954_000),
        ],
      },
    ])
    const lower = records.filter(({ type }) => type === 'Sleep').map((record) => ({ ...record, type: 'sleep' }))
    expect(readRecord(metrics, lower[0], context)).toMatchObject({ told: [{ kind: 'session' }] })
  })

  test('a variability that nobody can name is kept with the reason, and so is a type that nobody knows', () => {
    const read = (type: string) => readRecord(metrics, { date: '2026-10-14', type, object: { value: 1 } }, context)
    for (const type of ['hrv', 'avg_sleep_hrv'])
      expect(read(type)).toMatchObject({ code: 'record_unreadable', detail: expect.stringContaining('RMSSD or SDNN') })
    expect(read('moonlight')).toMatchObject({
      code: 'record_unreadable',
      detail: expect.stringContaining('moonlight'),
    })
    expect(readRecord(metrics, { date: '2026-10-14', type: 'Sleep', object: {} }, context)).toMatchObject({
      code: 'record_unreadable',
    })
  })

  test('every field is read', () => {
    expect(judgeLeaves(metrics, records, context)).toEqual({ unmapped: [], listedButMapped: [] })
  })
})

describe('asking', () => {
  const window = { from: Date.parse('2026-10-13T19:00:00Z'), to: Date.parse('2026-10-15T18:30:00Z') }
  const asked = (date: string) => `GET /api/partners/v1/user_data/metrics?date=${date}`

  test('each local day is asked for once, however the list is wrapped; an empty day is no fault', async () => {
    const http = testHttp(
      ultrahuman,
      answers({
        [asked('2026-10-14')]: items,
        [asked('2026-10-15')]: { data: { metric_data: [items[0]] }, error: null },
      }),
    )
    expect(await recordsOf(metrics.fetch?.(http, window, fetching))).toEqual([
      ...records,
      { date: '2026-10-15', ...items[0] },
    ])
    for (const empty of [[], { data: [] }, { data: null }])
      expect(
        await recordsOf(
          metrics.fetch?.(
            testHttp(ultrahuman, () => Response.json(empty)),
            window,
            fetching,
          ),
        ),
      ).toEqual([])
    const odd = testHttp(ultrahuman, () => Response.json({ message: 'no' }))
    await expect(recordsOf(metrics.fetch?.(odd, window, fetching))).rejects.toMatchObject({ fault: 'bad_data' })
  })

  test('a day that has not begun where the ring is has a 404, which is no fault; of one that has, it is', async () => {
    const http = testHttp(ultrahuman, ({ url }) =>
      url.endsWith('2026-11-13')
        ? Response.json({ status: 404, error: 'Not Found' }, { status: 404 })
        : Response.json([]),
    )
    const at = (time: string) => ({ from: Date.parse(time), to: Date.parse(time) + 60_000 })
    // In Kolkata it is the 13th, in New York still the 12th.
    const early = { ...fetching, now: Date.parse('2026-11-12T20:00:00Z') }
    expect(await recordsOf(metrics.fetch?.(http, at('2026-11-12T20:00:00Z'), early))).toEqual([])
    const late = { ...fetching, now: Date.parse('2026-11-14T20:00:00Z') }
    await expect(recordsOf(metrics.fetch?.(http, at('2026-11-12T20:00:00Z'), late))).rejects.toMatchObject({
      fault: 'bad_data',
    })
  })

  test('a date with a nap has two sleeps: the longest goes by the date, whichever is told first', async () => {
    const sleep = items.find(({ type }) => type === 'Sleep') as (typeof items)[number]
    const nap = { type: 'Sleep', object: { bedtime_start: 1_791_980_000, bedtime_end: 1_791_983_600 } }
    for (const list of [
      [sleep, nap],
      [nap, sleep],
    ]) {
      const http = testHttp(ultrahuman, () => Response.json(list))
      const day = { from: Date.parse('2026-10-14T06:00:00Z'), to: Date.parse('2026-10-14T07:00:00Z') }
      const read = (await recordsOf(metrics.fetch?.(http, day, fetching))).flatMap((record) => {
        const result = readRecord(metrics, record, context)
        return isUnread(result) ? [] : result.told
      })
      const ids = read.map((one) => (one.kind === 'session' ? [one.externalId, one.start] : []))
      expect(ids.sort()).toEqual([
        ['sleep:2026-10-14', 1_791_926_100_000],
        ['sleep:2026-10-14/2', 1_791_980_000_000],
      ])
    }
  })

  test('the account is told by the user’s own record', async () => {
    for (const body of [{ user_id: 42 }, { data: { user_id: '42' } }]) {
      const http = testHttp(ultrahuman, answers({ 'GET /api/partners/v1/user_data/user_info': body }))
      expect(await ultrahuman.account(http)).toEqual({ account: '42', profile: {} })
    }
  })
})
