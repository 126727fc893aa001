import { describe, expect, test } from 'vitest'
import type { FetchContext, ReadContext } from '../kit/feed.ts'
import type { AppKeys, HookRequest } from '../kit/index.ts'
import { isUnread, type ReadRecord, readRecord } from '../kit/read-records.ts'
import { answers, fixture, judgeLeaves, recordsOf, testHttp } from '../kit/testing/index.ts'
import { wahoo } from './index.ts'

const workouts = fixture<Record<string, unknown>[]>(import.meta.url, 'workouts')
const zones = fixture(import.meta.url, 'power-zones')
const context: ReadContext = { account: '60991', now: Date.UTC(2026, 10, 9), timeZone: 'Europe/Madrid' }
const fetching: FetchContext = { ...context, scopes: [] }
const feed = wahoo.feeds.workouts
const at = Date.parse
const fit = Uint8Array.from([14, 32, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode('.FIT'), 0, 0])

const reading = (record: unknown): ReadRecord => {
  const result = readRecord(feed, record, context)
  if (isUnread(result)) throw new Error(result.detail)
  return result
}

describe('what Wahoo holds becomes readings', () => {
  test('a ride becomes one workout in its local time, from the bike computer that recorded it, with its file', () => {
    const { source, told } = reading({ ...workouts[0], fit })
    expect(source).toEqual({
      key: 'ELEMNT BOLT 3C1A',
      name: 'ELEMNT BOLT 3C1A',
      manufacturer: 'Wahoo',
      model: 'ELEMNT BOLT',
    })
    expect(told).toEqual([
      {
        kind: 'session',
        type: 'workout',
        activity: 'cycling',
        title: 'Sunday gravel',
        start: at('2026-11-08T08:15:02Z'),
        end: at('2026-11-08T09:31:45Z'),
        offset: 60,
        externalId: '482117330',
        totals: {
          duration: 4603,
          active_duration: 4391,
          distance: 31_240.55,
          elevation_gain: 412,
          energy_active: 1012,
          heart_rate_avg: 141,
          cadence_avg: 81,
          power_avg: 178,
          power_normalized: 201,
          speed_avg: 7.11,
        },
        parts: [],
        extra: { workout_type_id: 15, fitness_app_id: 4, training_stress_score: 74.2, work_accum: 781_000 },
      },
      { kind: 'file', format: 'fit', bytes: fit, externalId: '482117330' },
    ])
  })

  test('a workout that was planned and not done, or not finished, is nothing', () => {
    expect(reading(workouts[1]).told).toEqual([])
  })

  test('a workout to come is a plan of the person’s own day, with what its plan says and the length of its way', () => {
    const { source, told } = reading(workouts[3])
    expect(source).toBeUndefined()
    expect(told).toEqual([
      {
        kind: 'plan',
        externalId: '482117401',
        date: '2026-11-12',
        start: at('2026-11-12T17:30:00Z'),
        activity: 'cycling',
        title: 'Threshold ladder',
        description: '10 min warm-up, FTP ladder up, 5 min cool-down',
        duration: 3300,
        distance: 24_310.5,
      },
    ])
    expect(reading({ ...workouts[3], starts: '2026-11-12T23:30:00Z', plan_id: null }).told[0]).toMatchObject({
      date: '2026-11-13',
      description: 'Ladder on the trainer',
    })
    const bare = { id: 1, starts: '2026-11-12T17:30:00Z', name: ' ', workout_summary: null }
    expect(reading(bare).told).toEqual([
      {
        ...{ kind: 'plan', externalId: '1', date: '2026-11-12', start: at(bare.starts) },
        ...{ activity: 'other', title: 'Workout' },
      },
    ])
  })

  test('a calendar that was read whole says what it holds from today on', () => {
    expect(reading(workouts[4]).told).toEqual([
      { kind: 'calendar', from: '2026-11-09', externalIds: ['482117401'], asked: context.now },
    ])
  })

  test('a run by hand lasts as long as its active time; whether its cadence is of one leg is not guessed', () => {
    expect(reading(workouts[2])).toEqual({
      source: undefined,
      told: [
        {
          kind: 'session',
          type: 'workout',
          activity: 'running',
          title: 'Run',
          start: at('2026-11-06T18:00:00Z'),
          end: at('2026-11-06T18:40:00Z'),
          externalId: '482117329',
          totals: { duration: 2400, active_duration: 2400 },
          parts: [],
          extra: { workout_type_id: 1, fitness_app_id: 4, cadence_on_foot: 86, manual: true, edited: true },
        },
      ],
    })
  })

  test('a type without a name of ours is other, and keeps its number', () => {
    expect(reading({ ...workouts[0], workout_type_id: 34 }).told[0]).toMatchObject({
      activity: 'other',
      extra: { workout_type_id: 34 },
    })
    expect(reading({ ...workouts[0], workout_type_id: 62 }).told[0]).toMatchObject({ activity: 'multisport' })
  })

  test('a threshold power is an event at the time it was set', () => {
    expect((readRecord(wahoo.feeds.power_zones, zones[0], context) as ReadRecord).told).toEqual([
      {
        kind: 'event',
        metric: 'functional_threshold_power',
        start: at('2026-10-02T08:00:00Z'),
        value: { value: 238 },
        externalId: `power_zones:771:${at('2026-10-02T08:00:00Z')}`,
      },
    ])
    expect(readRecord(wahoo.feeds.power_zones, { id: 1, ftp: 200 }, context)).toMatchObject({
      code: 'record_unreadable',
    })
  })

  test('every field is read, or left out with a reason', () => {
    const records = [
      { ...workouts[0], fit },
      ...workouts.slice(1, 2),
      { ...workouts[2], fit_missing: 'gone' },
      ...workouts.slice(3),
    ]
    expect(judgeLeaves(feed, records, context)).toEqual({ unmapped: [], listedButMapped: [] })
    expect(judgeLeaves(wahoo.feeds.power_zones, zones, context)).toEqual({ unmapped: [], listedButMapped: [] })
  })

  test('the later telling of a workout counts', () => {
    expect(feed.version?.(feed.raw.parse(workouts[0]))).toEqual({ key: '482117330', rank: at('2026-11-08T09:33:12Z') })
  })
})

describe('asking', () => {
  const window = { from: at('2026-11-01T00:00:00Z'), to: at('2026-11-09T00:00:00Z') }
  const page = (page: number, list: unknown[], total = 1000) => ({
    workouts: list,
    total,
    page,
    per_page: 100,
    order: 'descending',
    sort: 'starts',
  })
  const list = (number: number) => `GET /v1/workouts?page=${number}&per_page=100`
  const file = 'GET /wahoo-cloud/production/uploads/workout_file/file/1/2026-11-08-081502.fit'
  const old = (updated: string) => ({
    ...workouts[2],
    id: 1,
    starts: '2026-05-01T10:00:00.000Z',
    workout_summary: { updated_at: updated },
  })

  test('the list is read from its top, and two pages further for what was uploaded late', async () => {
    const http = testHttp(
      wahoo,
      answers({
        [list(1)]: page(1, workouts.slice(0, 3)),
        [list(2)]: page(2, [old('2026-05-01T11:00:00.000Z')]),
        [list(3)]: page(3, [old('2026-11-05T11:00:00.000Z')]),
        [list(4)]: page(4, [old('2026-05-01T11:00:00.000Z')]),
        [file]: new Response(fit),
      }),
    )
    const records = await recordsOf(feed.fetch?.(http, window, fetching))
    expect(records.map((record) => (record as { id?: number }).id)).toEqual([
      482117330,
      482117331,
      482117329,
      undefined,
      1,
    ])
    expect(records[0]).toMatchObject({ fit })
    expect(http.requests).toEqual([list(1), file, list(2), list(3), list(4)])
  })

  const toCome = (more: object) => ({
    ...{
      id: 7,
      starts: '2026-11-12T17:30:00.000Z',
      minutes: 55,
      name: 'Ladder',
      workout_type_id: 15,
      workout_summary: null,
    },
    ...{ plan_id: null, plan_ids: [], route_id: null, workout_token: 'plan' },
    ...more,
  })
  const library = { ...fetching, scopes: ['plans_read', 'routes_read'] }

  test('plans and ways are asked for once, and only when a workout to come names one', async () => {
    const [ladder, loop] = [
      { id: 5, description: 'Up' },
      { id: 9, distance: 1_000 },
    ]
    const named = [toCome({ plan_id: 5, route_id: 9 }), toCome({ id: 8, plan_ids: [4, 5], route_id: 10 })]
    const http = testHttp(
      wahoo,
      answers({
        [list(1)]: page(1, [...named, workouts[1]], 3),
        'GET /v1/plans': [ladder, { id: 6 }],
        'GET /v1/routes': [loop],
      }),
    )
    const records = await recordsOf(feed.fetch?.(http, window, library))
    expect(records).toEqual([
      { ...named[0], plans: [ladder], route: loop },
      { ...named[1], plans: [ladder] },
      workouts[1],
      { calendar: { from: '2026-11-09', ids: ['7', '8', '482117331'], asked: context.now } },
    ])
    expect(http.requests).toEqual([list(1), 'GET /v1/plans', 'GET /v1/routes'])
    const closed = testHttp(wahoo, (request) =>
      request.url.includes('workouts?') ? Response.json(page(1, [...named], 2)) : new Response(null, { status: 403 }),
    )
    expect((await recordsOf(feed.fetch?.(closed, window, library))).slice(0, 2)).toEqual(named)
    const without = testHttp(wahoo, answers({ [list(1)]: page(1, named, 2) }))
    expect((await recordsOf(feed.fetch?.(without, window, fetching))).slice(0, 2)).toEqual(named)
    expect(without.requests, 'who did not allow it is not asked').toEqual([list(1)])
  })

  test('a calendar is whole only when one answer held all that is to come', async () => {
    const wholes = async (pages: Parameters<typeof answers>[0], asked = window) => {
      const records = await recordsOf(feed.fetch?.(testHttp(wahoo, answers(pages)), asked, fetching))
      return records.filter((record) => 'calendar' in (record as object)).length
    }
    expect(await wholes({ [list(1)]: page(1, [toCome({})], 1) })).toBe(1)
    expect(await wholes({ [list(1)]: page(1, [toCome({}), workouts[1]], 200), [list(2)]: page(2, [], 200) })).toBe(1)
    expect(await wholes({ [list(1)]: page(1, [toCome({})], 200), [list(2)]: page(2, [], 200) })).toBe(0)
    expect(await wholes({ [list(1)]: page(1, [toCome({}), { odd: true }], 2) }), 'one cannot be read').toBe(0)
    expect(await wholes({ [list(1)]: page(1, [], 0) })).toBe(1)
    expect(await wholes({ [list(1)]: page(1, [toCome({})], 1) }, { ...window, to: window.to - 1 }), 'a past').toBe(0)
  })

  test('it ends where the list ends', async () => {
    const http = testHttp(wahoo, answers({ [list(1)]: page(1, [workouts[2]], 1) }))
    expect(await recordsOf(feed.fetch?.(http, { ...window, to: window.to - 1 }, fetching))).toEqual([workouts[2]])
  })

  test('a file is fetched without the token, and only from Wahoo’s own hosts', async () => {
    const sent: (string | null)[] = []
    const http = testHttp(wahoo, (request) => {
      sent.push(new URL(request.url).hostname)
      return new URL(request.url).pathname.endsWith('.fit') ? new Response(fit) : Response.json(workouts[0])
    })
    const [record] = await recordsOf(feed.fetchOne?.(http, '482117330', fetching))
    expect(sent).toEqual(['api.wahooligan.com', 'cdn.wahooligan.com'])
    expect(record).toMatchObject({ fit })
    const summary = workouts[0]?.['workout_summary'] as object
    for (const url of [
      'https://wahooligan.com.evil.example/a.fit',
      'http://cdn.wahooligan.com/a.fit',
      'https://evil.example/a.fit',
    ]) {
      const stolen = testHttp(wahoo, () =>
        Response.json({ ...workouts[0], workout_summary: { ...summary, file: { url } } }),
      )
      const [told] = await recordsOf(feed.fetchOne?.(stolen, '482117330', fetching))
      expect(stolen.requests).toHaveLength(1)
      expect(reading(told).told[0]).toMatchObject({
        extra: { file_missing: expect.stringContaining('not the provider’s') },
      })
    }
  })

  test('a workout that was read in this version is listed again, but its file is not fetched again', async () => {
    const http = testHttp(wahoo, answers({ [list(1)]: page(1, [workouts[0]], 1) }))
    const known: unknown[] = []
    const isKnown = async (...version: unknown[]) => known.push(version) > 0
    expect(await recordsOf(feed.fetch?.(http, window, { ...fetching, isKnown }))).toMatchObject([
      workouts[0],
      { calendar: {} },
    ])
    expect(known).toEqual([['482117330', at('2026-11-08T09:33:12Z')]])
  })

  test('a workout that was removed before its notice was dealt with is passed over', async () => {
    for (const status of [404, 410]) {
      const http = testHttp(wahoo, () => new Response(null, { status }))
      expect(await recordsOf(feed.fetchOne?.(http, '482117330', fetching))).toEqual([])
    }
  })

  test('a file that is gone, or is none, costs the workout nothing', async () => {
    for (const answer of [new Response(null, { status: 404 }), Response.json({ error: 'no' })]) {
      const http = testHttp(wahoo, (request) =>
        request.url.endsWith('.fit') ? answer.clone() : Response.json(workouts[0]),
      )
      const [record] = await recordsOf(feed.fetchOne?.(http, '482117330', fetching))
      expect(reading(record).told).toMatchObject([{ kind: 'session', extra: { file_missing: expect.any(String) } }])
    }
  })

  test('limits are told by the headers: when one is used up we wait until it opens', async () => {
    const headers = {
      'x-ratelimit-limit': '250, 100, 25',
      'x-ratelimit-remaining': '120, 40, 0',
      'x-ratelimit-reset': '187',
    }
    expect(wahoo.pause(new Headers(headers))).toBe(187_000)
    expect(
      wahoo.pause(new Headers({ ...headers, 'x-ratelimit-remaining': '120, 40, 3', 'x-ratelimit-reset': '0' })),
    ).toBeUndefined()
    const http = testHttp(wahoo, () => new Response(null, { status: 429, headers }))
    await expect(http.get('/v1/user')).rejects.toMatchObject({ fault: 'rate_limit', retryAfterMs: 187_000 })
  })

  test('the person’s profile is no dated measurement; leaving takes the permission back', async () => {
    const user = {
      id: 60_991,
      height: '1.82',
      weight: '73.4',
      first: 'Noa',
      last: 'Vidal',
      email: 'n@example.org',
      birth: '1988-04-02',
      gender: 1,
    }
    const http = testHttp(
      wahoo,
      answers({ 'GET /v1/user': user, 'DELETE /v1/permissions': new Response(null, { status: 204 }) }),
    )
    expect(await wahoo.account(http)).toEqual({
      account: '60991',
      profile: { name: 'Noa Vidal', height_m: '1.82', weight_kg: '73.4' },
    })
    await wahoo.leave(http)
    expect(http.requests).toEqual(['GET /v1/user', 'DELETE /v1/permissions'])
  })

  test('after each refresh the profile is asked for, so that the old token dies', () => {
    expect(wahoo.auth.afterRefresh).toBe('/v1/user')
    expect(Object.keys(wahoo.auth.scopes)[0]).toBe('user_read')
  })
})

describe('notices', () => {
  const body = fixture<Record<string, unknown>>(import.meta.url, 'notice')
  const app: AppKeys = { clientId: 'c', clientSecret: 's', extra: { webhook_token: 'our-shared-token' } }
  const post = (content: unknown): HookRequest => ({
    method: 'POST',
    headers: {},
    query: new URLSearchParams(),
    body: new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content)),
    at: 0,
  })
  const { verify, read } = wahoo.webhook

  test('one with our token makes us look; one with another, with none, or without JSON is refused', () => {
    expect(verify(post(body), { app, secret: 'p' })).toEqual({ kind: 'hint' })
    for (const bad of [{ ...body, webhook_token: 'other' }, { ...body, webhook_token: null }, {}, '<html>'])
      expect(verify(post(bad), { app, secret: 'p' })).toMatchObject({ kind: 'refused' })
    expect(verify(post({ ...body, webhook_token: '' }), { app: { ...app, extra: {} }, secret: 'p' })).toMatchObject({
      kind: 'refused',
    })
  })

  test('it names the workout, and is another notice once the summary changed', () => {
    const [notice] = read(post(body))
    expect(notice).toMatchObject({ account: '60991', kind: 'changed', feed: 'workouts', record: '482117330' })
    expect(read(post(body))).toEqual([notice])
    const changed = {
      ...body,
      workout_summary: { ...(body['workout_summary'] as object), updated_at: '2026-11-08T10:00:00.000Z' },
    }
    expect(read(post(changed))[0]?.id).not.toBe(notice?.id)
  })

  test('other events are no notice, and what is not as documented is refused', () => {
    expect(read(post({ event_type: 'else' }))).toEqual([])
    expect(() => read(post({ event_type: 'workout_summary' }))).toThrow('another form')
    expect(() => read(post('<html>'))).toThrow('not JSON')
  })
})
