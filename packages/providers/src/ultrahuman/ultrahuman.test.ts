import { describe, expect, test } from 'vitest'
import type { FetchContext, ReadContext } from '../kit/feed.ts'
import { isUnread, readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { ultrahuman } from './index.ts'

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
    expect(told('steps')).toEqual([series('steps', [[1_791_960_000, 212]])])
    expect(told('recovery')).toEqual([day('recovery_score', 74)])
    expect(told('vo2_max')).toEqual([day('vo2max', 43.5)])
    expect(told('glucose')).toEqual([
      series('blood_glucose', [[1_791_930_000, 94]], { unit: 'mg/dL' }),
      day('blood_glucose', 96, { unit: 'mg/dL' }),
    ])
  })

  test('a night is told by its sums, whatever the case of its type', () => {
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
        parts: [],
      },
    ])
    const lower = records.filter(({ type }) => type === 'Sleep').map((record) => ({ ...record, type: 'sleep' }))
    expect(readRecord(metrics, lower[0], context)).toMatchObject({ told: [{ kind: 'session' }] })
  })

  test('a variability that nobody can name is kept with the reason, and so is a type that nobody knows', () => {
    const read = (type: string) => readRecord(metrics, { date: '2026-10-14', type, object: { value: 1 } }, context)
    expect(read('hrv')).toMatchObject({ code: 'record_unreadable', detail: expect.stringContaining('RMSSD or SDNN') })
    expect(read('metabolic_score')).toMatchObject({
      code: 'record_unreadable',
      detail: expect.stringContaining('metabolic_score'),
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
