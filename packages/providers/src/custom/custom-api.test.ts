import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readRecord } from '../kit/read-records.ts'
import { testHttp } from '../kit/testing/index.ts'
import { CustomDefinition, customProvider } from './custom-api.ts'

const scale = {
  name: 'Garage scale',
  base_url: 'https://scale.example/v1',
  auth: { kind: 'header', header: 'X-Api-Key' },
  feeds: [
    {
      id: 'weights',
      title: 'Weights',
      path: '/weights?from={from:date}&to={to:unix}',
      records: '$.data[*]',
      map: [
        { metric: 'body_mass', value: '$.w.lb', unit: 'lb', time: '$.at', id: '$.id' },
        { metric: 'body_fat', value: '$.fat', time: '$.at' },
      ],
    },
  ],
} as const

const feedOf = (more: object = {}) => {
  const definition = CustomDefinition.parse({ ...scale, feeds: [{ ...scale.feeds[0], ...more }] })
  const provider = customProvider(definition, 'custom:scale')
  return { provider, feed: provider.feeds['weights'] as NonNullable<(typeof provider.feeds)[string]> }
}
const context = { account: '', now: 0, timeZone: 'UTC', scopes: [] }
const window = { from: Date.parse('2026-03-01T00:00:00Z'), to: Date.parse('2026-03-08T00:00:00Z') }

async function fetchAll(more: object, answer: (url: URL) => unknown) {
  const { provider, feed } = feedOf(more)
  const http = testHttp(provider, ({ url }) => Response.json(answer(new URL(url))))
  const records: unknown[] = []
  for await (const page of feed.fetch?.(http, window, context) ?? []) records.push(...page)
  return { records, requests: http.requests }
}

describe('a definition of a custom API', () => {
  test('asks for the stretch that is wanted, in the form the device takes', async () => {
    const { requests, records } = await fetchAll({}, () => ({ data: [{ id: 1 }, { id: 2 }] }))
    expect(requests).toEqual(['GET /v1/weights?from=2026-03-01&to=1772928000'])
    expect(records).toEqual([{ id: 1 }, { id: 2 }])
  })

  test.each([
    ['pages until one is empty', { kind: 'page', parameter: 'page' }, ['page=1', 'page=2', 'page=3']],
    ['offsets until nothing is left', { kind: 'offset', parameter: 'skip', step: 1 }, ['skip=0', 'skip=1', 'skip=2']],
    ['cursors until there is none', { kind: 'cursor', parameter: 'after', next: '$.next' }, ['', 'after=a', 'after=b']],
  ])('follows %s', async (_name, paging, questions) => {
    const answers = [
      { data: [1], next: 'a' },
      { data: [2], next: 'b' },
      { data: [], next: null },
    ]
    const { requests, records } = await fetchAll({ path: '/weights', paging }, () => answers.shift())
    expect(requests.map((request) => request.split('?')[1] ?? '')).toEqual(questions)
    expect(records).toEqual([1, 2])
  })

  test('follows links to its own address and to no other', async () => {
    const own = [{ data: [1], next: 'https://scale.example/v1/weights?page=2' }, { data: [2] }]
    const paging = { kind: 'next_url', next: '$.next' }
    expect((await fetchAll({ path: '/weights', paging }, () => own.shift())).records).toEqual([1, 2])
    const short = [{ data: [1], next: '/v1/weights?page=2' }, { data: [2] }]
    expect((await fetchAll({ path: '/weights', paging }, () => short.shift())).requests).toEqual([
      'GET /v1/weights',
      'GET /v1/weights?page=2',
    ])
    await expect(
      fetchAll({ path: '/weights', paging }, () => ({ data: [1], next: 'https://169.254.169.254/' })),
    ).rejects.toThrow('not the provider’s')
  })

  test('reads an answer of 262,144 records, and hands it on in parts', async () => {
    const answers = [{ data: Array.from({ length: 2 ** 18 }, (_, i) => i) }, { data: [] }]
    const { provider, feed } = feedOf({ path: '/weights', paging: { kind: 'page', parameter: 'p' } })
    const http = testHttp(provider, () => Response.json(answers.shift()))
    const parts: number[] = []
    for await (const page of feed.fetch?.(http, window, context) ?? []) parts.push(page.length)
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(2 ** 18)
    expect(Math.max(...parts)).toBe(1_000)
    expect(http.requests).toHaveLength(2)
  })

  test('gives up an answer in which a path leads to more than 500,000 values, before it has met them all', async () => {
    const nested = JSON.parse(`${'['.repeat(27)}1${']'.repeat(27)}`)
    // As a definition that was kept before such paths were refused.
    const { feeds, ...rest } = CustomDefinition.parse(scale)
    const records = `$${'[*,*]'.repeat(26)}.nothing`
    const provider = customProvider({ ...rest, feeds: feeds.map((feed) => ({ ...feed, records })) }, 'custom:scale')
    const http = testHttp(provider, () => Response.json(nested))
    await expect(
      provider.feeds['weights']?.fetch?.(http, window, context)[Symbol.asyncIterator]().next(),
    ).rejects.toThrow('more than 500,000 values')
  })

  test('gives up a list that has no end', async () => {
    await expect(
      fetchAll({ path: '/weights', paging: { kind: 'page', parameter: 'p' } }, () => ({ data: [1] })),
    ).rejects.toThrow('500 pages')
  })

  test('reads each mapped value with its unit, time, zone and id', () => {
    const { feed } = feedOf()
    expect(
      readRecord(feed, { id: 7, w: { lb: '160.5' }, fat: 18.2, at: '2026-03-02T07:30:00+01:00' }, context),
    ).toMatchObject({
      told: [
        {
          kind: 'sample',
          metric: 'body_mass',
          value: 160.5,
          unit: 'lb',
          t: Date.parse('2026-03-02T06:30:00Z'),
          offset: 60,
          recordId: 'body_mass:7',
        },
        { kind: 'sample', metric: 'body_fat', value: 18.2 },
      ],
    })
  })

  test('a value of a date goes to that date, an interval keeps its length, seconds are seconds', () => {
    const map = [
      { metric: 'resting_heart_rate', value: '$.rest', time: '$.day' },
      { metric: 'steps', value: '$.steps', time: '$.from', end: '$.to', time_format: 'unix' },
    ]
    const { feed } = feedOf({ map: [map[0]] })
    expect(readRecord(feed, { rest: 51, day: '2026-03-02' }, context)).toMatchObject({
      told: [{ kind: 'day', date: '2026-03-02', value: 51 }],
    })
    expect(
      readRecord(feedOf({ map: [map[1]] }).feed, { steps: 90, from: 1_772_434_800, to: 1_772_434_860 }, context),
    ).toMatchObject({
      told: [{ t: 1_772_434_800_000, duration: 60_000 }],
    })
  })

  test.each([
    [{ at: 'soon', w: { lb: 1 } }, 'time'],
    [{ at: '2026-03-02', w: { lb: 'heavy' } }, 'no number'],
    [{ at: '2026-03-02' }, 'none of the mapped'],
    ['nothing', 'none of the mapped'],
  ])('a record that cannot be used says why: %j', (record, says) => {
    expect(readRecord(feedOf().feed, record, context)).toMatchObject({
      code: 'record_unreadable',
      detail: expect.stringContaining(says),
    })
  })

  test('its key goes where the definition says, and nowhere else', () => {
    const { auth } = feedOf().provider
    expect(auth.kind === 'key' && auth.headers({ secret: 's3' })).toEqual({ 'x-api-key': 's3' })
    const basic = customProvider(CustomDefinition.parse({ ...scale, auth: { kind: 'basic' } }), 'custom:x').auth
    expect(basic.kind === 'key' && basic.headers({ user: 'ü', secret: 's' })).toEqual({
      authorization: 'Basic w7w6cw==',
    })
  })
})

test.each([
  ['a filter', { records: '$.data[?@.x > 1]' }, 'no filters'],
  ['a descent', { records: '$..data' }, 'no filters'],
  ['no path', { records: 'data[' }, 'is no JSONPath'],
  ['the same twice in one bracket', { records: `$${'[*,*]'.repeat(26)}` }, 'different names, or as different places'],
  ['one name twice', { records: `$['a',"a"]` }, 'different names'],
  ['a range beside a place', { records: '$[0,0:2]' }, 'different places'],
  ['a place counted from the end beside another', { records: '$[0,-1]' }, 'from the front'],
  ['many values where one is wanted', { map: [{ metric: 'body_mass', value: '$.w[*]', time: '$.at' }] }, 'one value'],
  ['an unknown metric', { map: [{ metric: 'luck', value: '$.w', time: '$.at' }] }, 'not in the catalogue'],
  [
    'a unit that is none of the metric',
    { map: [{ metric: 'body_mass', value: '$.w', unit: 'bpm', time: '$.at' }] },
    'never measured',
  ],
  ['a session by one value', { map: [{ metric: 'workout', value: '$.w', time: '$.at' }] }, 'is a session'],
  ['a path to another host', { path: '//evil.example/x' }, 'begins with one /'],
  ['an unknown placeholder', { path: '/x/{user:id}' }, 'knows {from:iso}'],
  ['an unknown field', { luck: 1 }, 'Unrecognized'],
])('a definition with %s is refused with the place and the reason', (_name, more, says) => {
  const parsed = CustomDefinition.safeParse({ ...scale, feeds: [{ ...scale.feeds[0], ...more }] })
  expect(parsed.error?.issues.map(({ message }) => message).join(' · ')).toContain(says)
})

test.each([`$['a','b'][*]`, '$[0,1]', '$.data[1:5]', '$[-1]', '$'])('%s may stand in a definition', (records) => {
  const parsed = CustomDefinition.safeParse({ ...scale, feeds: [{ ...scale.feeds[0], records }] })
  expect(parsed.error?.issues).toBeUndefined()
})

test.each([
  '/../x',
  '/a/%2e%2E/x',
  '/.%2e',
  '/a/%252e%252e/x',
  '/a/..%2fx',
  '/a/..%5Cx',
  '/a\\..\\x',
  '/..//evil.example',
  '/./x',
])('the path %s, which leaves its base address or could, is refused', (path) => {
  const parsed = CustomDefinition.safeParse({ ...scale, feeds: [{ ...scale.feeds[0], path }] })
  expect(parsed.error?.issues).toMatchObject([
    { path: ['feeds', 0, 'path'], message: expect.stringContaining('lies below base_url') },
  ])
})

test.each(['/', '/a/..b/c...', '/a.b/%41?to=../..//x', '/100%25', '/{from:date}/x'])(
  '%s lies below its base address',
  (path) => {
    const parsed = CustomDefinition.safeParse({ ...scale, feeds: [{ ...scale.feeds[0], path }] })
    expect(parsed.error?.issues).toBeUndefined()
  },
)

test('a mapped value is found by name and place, and nothing that a record only inherits', () => {
  const map = [{ metric: 'body_mass', value: `$.w['kg'][-1]`, time: '$[0]' }]
  expect(readRecord(feedOf({ map }).feed, { w: { kg: [1, 72] } }, context)).toMatchObject({
    detail: expect.stringContaining('time'),
  })
  for (const value of ['$.length', `$['0']`, '$.constructor'])
    expect(readRecord(feedOf({ map: [{ ...map[0], value }] }).feed, [72], context)).toMatchObject({
      detail: expect.stringContaining('none of the mapped'),
    })
})

test.each(['ftp://x.example', 'https://user:pass@x.example', 'https://x.example/?q=1', 'not a url'])(
  '%s is no base address',
  (base_url) => {
    expect(CustomDefinition.safeParse({ ...scale, base_url }).success).toBe(false)
  },
)

test('headers that carry the connection itself cannot be set', () => {
  for (const header of ['Host', 'Cookie', 'Content-Length', 'X-Forwarded-For', 'x y'])
    expect(CustomDefinition.safeParse({ ...scale, auth: { kind: 'header', header } }).success).toBe(false)
})

test('the guide’s example reads the guide’s answer', async () => {
  const guide = readFileSync(new URL('../../../../docs/07-custom-apis.md', import.meta.url), 'utf8')
  const [answer, definition] = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => JSON.parse(json ?? ''))
  const provider = customProvider(CustomDefinition.parse(definition), 'custom')
  const weights = provider.feeds['weights'] as NonNullable<(typeof provider.feeds)[string]>
  const http = testHttp(provider, () => Response.json(answer))
  const told: unknown[] = []
  for await (const page of weights.fetch?.(http, window, context) ?? [])
    for (const record of page) told.push(readRecord(weights, record, context))
  expect(http.requests).toEqual(['GET /v1/weights?since=2026-03-01'])
  const sample = { kind: 'sample', metric: 'body_mass', unit: 'lb', offset: 60 }
  expect(told).toMatchObject([
    {
      told: [
        { ...sample, value: 160.5, t: Date.parse('2026-03-02T06:30:00Z'), recordId: 'body_mass:7' },
        { kind: 'sample', metric: 'body_fat', value: 18.2 },
      ],
    },
    { told: [{ ...sample, value: 160.1, recordId: 'body_mass:8' }] },
  ])
})
