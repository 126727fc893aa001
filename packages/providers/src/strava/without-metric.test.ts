import { expect, test } from 'vitest'
import type { FetchContext, ReadContext } from '../kit/feed.ts'
import { readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { strava } from './index.ts'
import { listsWithoutMetric } from './without-metric.ts'

const ofAthlete = fixture<Record<keyof typeof listsWithoutMetric, Record<string, unknown>[]>>(
  import.meta.url,
  'without-metric',
)
const now = Date.parse('2026-11-05T10:00:00Z')
const context: ReadContext = { account: '70215544', now, timeZone: 'Europe/Stockholm' }
const fetching: FetchContext = { ...context, scopes: ['read', 'profile:read_all'] }
const window = { from: Date.parse('2026-11-03T00:00:00Z'), to: Date.parse('2026-11-05T00:00:00Z') }
const gone = Response.json({ message: 'Record Not Found' }, { status: 404 })
const { profile, totals, routes } = listsWithoutMetric
const [person, route] = [ofAthlete.profile[0], ofAthlete.routes[0]]
const [bike, shoe] = (person?.['gear'] ?? []) as unknown[]
const path = (page: number) => `GET /api/v3/athletes/70215544/routes?page=${page}&per_page=200`
const athlete = {
  'GET /api/v3/athlete': person?.['athlete'],
  'GET /api/v3/athlete/zones': person?.['zones'],
  'GET /api/v3/gear/b12': bike,
  'GET /api/v3/gear/g1180042': shoe,
  'GET /api/v3/athletes/70215544/stats': ofAthlete.totals[0],
  [path(1)]: [route],
  [path(2)]: [],
}

test.each([
  ['profile', profile, ofAthlete.profile],
  ['totals', totals, ofAthlete.totals],
  ['routes', routes, ofAthlete.routes],
] as const)('%s: asked for once a day, because all people share the few calls', async (_, list, records) => {
  const http = testHttp(strava, answers(athlete))
  expect(await recordsOf(list.fetch?.(http, window, fetching))).toEqual(records)
  const before = http.requests.length
  const later = { from: Date.parse('2026-11-05T09:00:00Z'), to: Date.parse('2026-11-05T10:00:00Z') }
  expect(await recordsOf(list.fetch?.(http, later, fetching))).toEqual([])
  expect(http.requests).toHaveLength(before)
})

test('gear that was given away meanwhile is passed over', async () => {
  const http = testHttp(strava, answers({ ...athlete, 'GET /api/v3/gear/b12': gone }))
  expect(await recordsOf(profile.fetch?.(http, window, fetching))).toMatchObject([{ gear: [shoe] }])
})

test.each(Object.entries(listsWithoutMetric))('what %s says is kept as it came and tells nothing', (name, list) => {
  const records = ofAthlete[name as keyof typeof listsWithoutMetric]
  for (const record of records) expect(readRecord(list, record, context)).toMatchObject({ told: [] })
  expect(judgeLeaves(list, records, context)).toEqual({ unmapped: [], listedButMapped: [] })
})
