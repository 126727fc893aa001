import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CustomDefinition } from '@tributary/providers/custom'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { hostileUrls } from '../platform/egress/test-hostile-urls.ts'

type Given = z.input<typeof CustomDefinition>

/** A scale in the house: it wants a key, pages by a cursor, and counts who knocks. */
interface Scale {
  server: Server
  origin: string
  connections: number
  asked: string[]
  records: unknown[]
  status: number
  /** Said instead of its own next page. */
  next: string | null
}

const secret = 's3cret-of-the-scale'
const logged: string[] = []
let server: TestServer
let person: SignedInPerson
let scale: Scale
let stranger: Scale

beforeAll(async () => {
  scale = await startScale()
  stranger = await startScale()
  server = await startServer({
    env: { EGRESS_ALLOW: new URL(scale.origin).host, RATE_LIMIT_PER_SECOND: '10000' },
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
  })
})
afterAll(async () => {
  await server?.stop()
  for (const one of [scale, stranger]) one?.server.close()
})
beforeEach(() => {
  Object.assign(scale, {
    next: null,
    asked: [],
    status: 200,
    connections: 0,
    records: [weight(1, 160), weight(2, 161), weight(3, 9_000)],
  })
})

async function startScale(): Promise<Scale> {
  const own: Scale = {
    server: createServer(),
    origin: '',
    connections: 0,
    asked: [],
    records: [],
    status: 200,
    next: null,
  }
  own.server.on('connection', () => own.connections++)
  own.server.on('request', (request, response) => {
    const url = new URL(request.url ?? '', 'http://scale')
    own.asked.push(`${url.pathname}${url.search}`)
    const isKnown = keysOf(request).some((key) => key === secret || key === 'the next one')
    const at = Number(url.searchParams.get('after') ?? 0)
    const more = at + 2 < own.records.length ? String(at + 2) : null
    response.writeHead(isKnown ? own.status : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ data: own.records.slice(at, at + 2), next: own.next ?? more }))
  })
  await new Promise<void>((resolve) => own.server.listen(0, '127.0.0.1', resolve))
  own.origin = `http://127.0.0.1:${(own.server.address() as AddressInfo).port}`
  return own
}

/** As a header of its own, a token, or a password; the user's name is wanted too. */
function keysOf({ headers }: IncomingMessage): (string | undefined)[] {
  const [kind, value = ''] = headers.authorization?.split(' ') ?? []
  const [user, password] = Buffer.from(value, 'base64').toString().split(':')
  return [
    headers['x-api-key']?.toString(),
    kind === 'Bearer' ? value : undefined,
    user === 'ada' ? password : undefined,
  ]
}

const dayMs = 86_400_000
const morning = (daysAgo: number) => {
  const at = new Date(Math.floor(Date.now() / dayMs) * dayMs - daysAgo * dayMs)
  return `${at.toISOString().slice(0, 10)}T07:30:00+01:00`
}
const weight = (daysAgo: number, lb: number | string) => ({
  id: daysAgo,
  at: morning(daysAgo),
  w: { lb },
  fat: 20 + daysAgo,
})

const feed: Given['feeds'][number] = {
  id: 'weights',
  title: 'Weights',
  path: '/weights?from={from:date}',
  records: '$.data[*]',
  paging: { kind: 'cursor', parameter: 'after', next: '$.next' },
  map: [{ metric: 'body_mass', value: '$.w.lb', unit: 'lb', time: '$.at', id: '$.id' }],
}
const definition = (more: Partial<Given> = {}): Given => ({
  name: 'Garage scale',
  base_url: `${scale.origin}/v1`,
  auth: { kind: 'header', header: 'X-Api-Key' },
  feeds: [feed],
  ...more,
})
const credentials = { secret }

const call = async <T>(method: string, path: string, body?: unknown, who = person) => {
  const answer = await server.call(method, `/api/v1${path}`, { token: who.token, ...(body ? { body } : {}) })
  return { status: answer.status, body: answer.body as T }
}

interface Made {
  custom_api_id: string
  connection_id: string
}
async function connect(more: Partial<Given> = {}): Promise<Made> {
  const { status, body } = await call<Made>('POST', '/custom-apis', { definition: definition(more), credentials })
  expect({ status, body }).toMatchObject({ status: 201, body: { name: 'Garage scale', status: 'active' } })
  return body
}

interface DryRun {
  feeds?: { error_code: string | null }[]
}

interface Status {
  running: object | null
  last_run: { status: string; records_fetched: number } | null
}
/** The last run, once none is under way. */
async function ran({ connection_id }: Made) {
  const read = async () => (await call<Status>('GET', `/providers/connections/${connection_id}/sync-status`)).body
  await expect.poll(read, { interval: 20, timeout: 10_000 }).toMatchObject({
    running: null,
    last_run: { end_time: expect.any(String) },
  })
  return (await read()).last_run
}

async function syncNow(made: Made) {
  expect((await call('POST', `/providers/connections/${made.connection_id}/sync`)).status).toBe(202)
  return ran(made)
}

const stored = async (metric: string): Promise<number[]> => {
  const { userId } = person
  const series = await server.parts.db.read({ userId }, (tx) =>
    sql<{
      series_id: number
    }>`select series_id::float8 from series where user_id = ${userId} and metric = ${metric}`.execute(tx),
  )
  const values: number[] = []
  for (const { series_id: seriesId } of series.rows)
    values.push(...(await server.parts.store.readColumns({ userId, seriesId, from: 0, to: Date.now() })).v)
  return values.map((value) => Math.round(value * 1_000) / 1_000).sort((a, b) => a - b)
}

const newPerson = async () => {
  person = await server.person()
}

describe('a device that is connected by its own API', () => {
  beforeEach(newPerson)

  test('is synced at once: its values are stored in our unit, what cannot be is counted and kept aside', async () => {
    const made = await connect()
    expect(await ran(made)).toMatchObject({
      status: 'completed',
      provider: 'custom',
      records_fetched: 3,
      records_inserted: 2,
      records_failed: 1,
    })
    expect(await stored('body_mass')).toEqual([72.575, 73.028])
    expect(scale.asked).toEqual([
      expect.stringMatching(/^\/v1\/weights\?from=\d{4}-\d\d-\d\d$/),
      expect.stringMatching(/^\/v1\/weights\?from=\d{4}-\d\d-\d\d&after=2$/),
    ])
    const shown = await call('GET', `/providers/connections/${made.connection_id}`)
    expect(shown.body).toMatchObject({
      provider: 'custom',
      provider_name: 'Garage scale',
      provider_account: made.custom_api_id,
      feeds: [{ feed: 'weights', title: 'Weights', is_on: true, error_code: null }],
    })
    const sources = await server.parts.db.read({ userId: person.userId }, (tx) =>
      sql<{ name: string }>`select name from sources where user_id = ${person.userId}`.execute(tx),
    )
    expect(sources.rows).toEqual([{ name: 'Garage scale' }])
    expect((await call<{ items: object[] }>('GET', '/quarantine')).body.items).toMatchObject([{ code: 'out_of_range' }])
  })

  test('synced again stores nothing twice, and replaces what the device corrected', async () => {
    const made = await connect()
    await ran(made)
    scale.records = [weight(1, 158)]
    expect(await syncNow(made)).toMatchObject({ records_inserted: 0, records_updated: 1 })
    expect(await stored('body_mass')).toEqual([71.668, 73.028])
  })

  test('can be paused, replayed and disconnected like any other, with its data', async () => {
    const made = await connect()
    await ran(made)
    const at = `/providers/connections/${made.connection_id}`
    expect((await call('PATCH', `${at}/toggle`, { is_active: false })).body).toMatchObject({ status: 'paused' })
    expect((await call('PATCH', `${at}/toggle`, { is_active: true })).body).toMatchObject({ status: 'active' })
    scale.asked = []
    expect((await call('POST', `${at}/replay`)).status).toBe(202)
    expect(await ran(made)).toMatchObject({ trigger: 'retry', records_inserted: 0 })
    expect(scale.asked).toEqual([])
    expect((await call('DELETE', `/custom-apis/${made.custom_api_id}?data=delete`)).status).toBe(204)
    expect(await stored('body_mass')).toEqual([])
    expect((await call('GET', at)).status).toBe(404)
    expect((await call('GET', `/custom-apis/${made.custom_api_id}`)).status).toBe(404)
  })

  test('disconnected by either address it keeps its data when asked to, and its definition and key are gone', async () => {
    const made = await connect()
    await ran(made)
    expect((await call('DELETE', `/providers/connections/${made.connection_id}`)).status).toBe(204)
    expect(await stored('body_mass')).toHaveLength(2)
    expect((await call<{ items: [] }>('GET', '/custom-apis')).body.items).toEqual([])
    const left = await server.parts.db.read({ userId: person.userId }, (tx) =>
      sql`select 1 from custom_apis where user_id = ${person.userId}
        union all select 2 from connection_secrets where user_id = ${person.userId}`.execute(tx),
    )
    expect(left.rows).toEqual([])
  })

  test('a key that it does not take any more asks for a new one, which sets it going again', async () => {
    const made = await connect()
    await ran(made)
    scale.status = 401
    expect(await syncNow(made)).toMatchObject({ status: 'failed', error_code: 'auth' })
    const at = `/providers/connections/${made.connection_id}`
    expect((await call('GET', at)).body).toMatchObject({ status: 'needs_reauth', error_code: 'key_refused' })
    scale.status = 200
    const body = { definition: definition(), credentials: { secret: 'the next one' } }
    expect((await call('PUT', `/custom-apis/${made.custom_api_id}`, body)).body).toMatchObject({ status: 'active' })
    expect(await ran(made)).toMatchObject({ status: 'completed' })
  })

  test('is nobody else’s: another person finds neither it nor what it brought', async () => {
    const made = await connect()
    await ran(made)
    const other = await server.person()
    for (const [method, body] of [['GET'], ['PUT', { definition: definition(), credentials }], ['DELETE']] as const)
      expect((await call(method, `/custom-apis/${made.custom_api_id}`, body, other)).status).toBe(404)
    expect((await call<{ items: [] }>('GET', '/custom-apis', undefined, other)).body.items).toEqual([])
  })
})

describe('a changed definition', () => {
  beforeAll(newPerson)

  test('reads changed lists from the beginning, keeps the others where they were, and forgets those that are gone', async () => {
    const made = await connect({ feeds: [feed, { ...feed, id: 'old' }, { ...feed, id: 'same' }] })
    await ran(made)
    const map = [...feed.map, { metric: 'body_fat', value: '$.fat', time: '$.at' }]
    scale.asked = []
    const feeds = [
      { ...feed, map },
      { ...feed, id: 'same', title: 'Another title', look_back_days: 1 },
    ]
    const put = await call<{ definition: object }>('PUT', `/custom-apis/${made.custom_api_id}`, {
      definition: definition({ feeds }),
    })
    expect(put).toMatchObject({ status: 200, body: { definition: { feeds: [{ id: 'weights' }, { id: 'same' }] } } })
    expect(Object.keys(put.body.definition)).toEqual(['name', 'base_url', 'auth', 'feeds'])
    await ran(made)
    expect(await stored('body_fat')).toEqual([21, 22, 23])
    const days = scale.asked.filter((path) => !path.includes('after')).map((path) => path.slice(-10))
    expect(days.map((day) => Math.round((Date.now() - Date.parse(day)) / dayMs) > 20)).toEqual([true, false])
    expect((await call('GET', `/providers/connections/${made.connection_id}`)).body).toMatchObject({
      feeds: [{ feed: 'weights' }, { feed: 'same', title: 'Another title' }],
    })
  })

  test('waits for the sync that is under way', async () => {
    const made = await connect()
    await ran(made)
    await server.parts.db.write({ userId: person.userId }, (tx) =>
      sql`update sync_runs set status = 'running', ended_at = null, worker = connection_id, lease_until = now() + interval '1 hour'
        where user_id = ${person.userId} and connection_id = ${made.connection_id}`.execute(tx),
    )
    const put = await call('PUT', `/custom-apis/${made.custom_api_id}`, { definition: definition({ name: 'Renamed' }) })
    expect(put).toMatchObject({ status: 503, body: { code: 'busy', detail: 'A sync of it is under way' } })
    expect((await call('GET', `/custom-apis/${made.custom_api_id}`)).body).toMatchObject({ name: 'Garage scale' })
  })

  test('that asks another server gets no key that was given for the first', async () => {
    const made = await connect()
    await ran(made)
    const elsewhere = { definition: definition({ base_url: stranger.origin }) }
    expect(await call('PUT', `/custom-apis/${made.custom_api_id}`, elsewhere)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ pointer: '/credentials/secret', detail: 'is missing' }] },
    })
    expect((await call('GET', `/custom-apis/${made.custom_api_id}`)).body).toMatchObject({
      definition: { base_url: `${scale.origin}/v1` },
    })
    const { custom_api_id } = made
    const kept = { definition: definition({ name: 'Renamed' }), custom_api_id }
    expect((await call('POST', '/custom-apis/dry-run', kept)).body).toMatchObject({ feeds: [{ records: 3 }] })
    const lured = { ...elsewhere, custom_api_id }
    expect(await call('POST', '/custom-apis/dry-run', lured)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/credentials/secret' }] },
    })
    expect((await call('POST', '/custom-apis/dry-run', kept, await server.person())).status).toBe(404)
    expect(stranger.connections).toBe(0)
  })
})

describe('a dry run', () => {
  beforeAll(newPerson)

  test('shows what would be stored, in our units, and what would not be and why; nothing is stored', async () => {
    const { status, body } = await call('POST', '/custom-apis/dry-run', { definition: definition(), credentials })
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        requests: [
          {
            feed: 'weights',
            method: 'GET',
            status: 200,
            address: expect.stringContaining(`${scale.origin}/v1/weights`),
          },
          { status: 200, address: expect.stringContaining('after=2') },
        ],
        feeds: [{ feed: 'weights', records: 3, readings: 2, rejected: 1, has_more: false, error_code: null }],
        readings: [
          {
            record: 0,
            metric: 'body_mass',
            value: expect.closeTo(72.5748, 3),
            unit: 'kg',
            time: new Date(morning(1)).toISOString().replace('.000', ''),
            end_time: null,
            date: null,
            utc_offset_minutes: 60,
          },
          { record: 1 },
        ],
        rejections: [{ feed: 'weights', record: 2, code: 'out_of_range', detail: expect.stringContaining('kg') }],
      },
    })
    const held = await server.parts.db.read({ userId: person.userId }, (tx) =>
      sql`select 1 from connections where user_id = ${person.userId}
        union all select 2 from sources where user_id = ${person.userId}
        union all select 3 from quarantine where user_id = ${person.userId}`.execute(tx),
    )
    expect(held.rows).toEqual([])
  })

  test('reads a pasted answer without asking anybody, values of days among it', async () => {
    const map = [{ metric: 'resting_heart_rate', value: '$.rest', time: '$.day' }, ...feed.map]
    const sample = JSON.stringify({ data: [{ rest: 51, day: morning(2).slice(0, 10) }, weight(1, 'heavy')], next: 'x' })
    const given = { definition: definition({ feeds: [{ ...feed, map }] }), sample }
    expect((await call('POST', '/custom-apis/dry-run', given)).body).toMatchObject({
      requests: [],
      feeds: [{ records: 2, readings: 1, rejected: 1, has_more: true }],
      readings: [{ metric: 'resting_heart_rate', value: 51, unit: 'bpm', time: null, date: morning(2).slice(0, 10) }],
      rejections: [{ record: 1, code: 'record_unreadable', detail: 'a mapped value is no number' }],
    })
    expect(scale.connections).toBe(0)
  })

  test.each([
    [{ kind: 'bearer' }, {}],
    [{ kind: 'basic' }, { user: 'ada' }],
  ] as const)('lets itself in by %j as by a key in a header', async (auth, more) => {
    scale.records = [weight(1, 150)]
    const attempt = (given: Record<string, string>) =>
      call('POST', '/custom-apis/dry-run', { definition: definition({ auth }), credentials: given })
    expect((await attempt({ ...more, secret })).body).toMatchObject({
      requests: [{ status: 200 }],
      feeds: [{ readings: 1 }],
    })
    expect((await attempt({ ...more, secret: 'another' })).body).toMatchObject({ feeds: [{ error_code: 'auth' }] })
    expect((await attempt({})).status).toBe(400)
  })

  test('asks three pages of a list and says that there is more', async () => {
    scale.records = Array.from({ length: 20 }, (_, i) => weight(i + 1, 150 + i))
    const { body } = await call('POST', '/custom-apis/dry-run', { definition: definition(), credentials })
    expect(body).toMatchObject({ feeds: [{ records: 6, readings: 6, has_more: true }] })
    expect(scale.asked).toHaveLength(3)
  })

  test('reads the first thousand records of an answer of 262,144 and says that there are more', async () => {
    const sample = JSON.stringify(Array(2 ** 18).fill(0))
    const { status, body } = await call('POST', '/custom-apis/dry-run', {
      definition: definition({ feeds: [{ ...feed, records: '$[*]' }] }),
      sample,
    })
    expect({ status, body }).toMatchObject({ status: 200, body: { feeds: [{ records: 1_000, has_more: true }] } })
  })

  test('tells what the device answered when it is not what was hoped for', async () => {
    const wrong = { definition: definition(), credentials: { secret: 'not this one' } }
    expect((await call('POST', '/custom-apis/dry-run', wrong)).body).toMatchObject({
      requests: [{ status: 401 }],
      feeds: [{ records: 0, error_code: 'auth', error_message: 'Garage scale answered 401' }],
    })
  })

  test.each([
    ['a curly quote', { kind: 'bearer' }, 'secret', { secret: 'it’s the key' }],
    ['a line break', { kind: 'header', header: 'X-Api-Key' }, 'secret', { secret: 'half\nkey' }],
  ] as const)('a key with %s is refused at its field, and nobody is asked', async (_what, auth, name, given) => {
    const body = { definition: definition({ auth }), credentials: given }
    const refusal = { status: 400, body: { errors: [{ pointer: `/credentials/${name}` }] } }
    expect(await call('POST', '/custom-apis/dry-run', body)).toMatchObject(refusal)
    const { status, body: told } = await call('POST', '/custom-apis', body)
    expect({ status, body: told }).toMatchObject(refusal)
    expect(JSON.stringify(told)).toContain('a character that cannot be sent')
    expect(scale.connections).toBe(0)
  })

  test.each([
    ['a field that is no path', { feeds: [{ ...feed, records: '$..data' }] }, '/definition/feeds/0/records'],
    [
      'a path that would meet each value twice at each step',
      { feeds: [{ ...feed, records: `$${'[*,*]'.repeat(26)}` }] },
      '/definition/feeds/0/records',
    ],
    ['an unknown field', { surprise: 1 }, '/definition/surprise'],
    [
      'a metric that is none',
      { feeds: [{ ...feed, map: [{ ...feed.map[0], metric: 'luck' }] }] },
      '/definition/feeds/0/map/0/metric',
    ],
    ['a way to sign in that there is not', { auth: { kind: 'magic' } }, '/definition/auth/kind'],
  ])('and connecting name %s by its place', async (_name, more, pointer) => {
    const body = { definition: { ...definition(), ...more }, credentials }
    for (const path of ['/custom-apis/dry-run', '/custom-apis'])
      expect(await call('POST', path, body)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ pointer, detail: expect.stringMatching(/^(takes|is) /) }] },
      })
  })
})

describe('the egress guard', () => {
  const hosts = () => [
    `${stranger.origin}/v1`,
    `http://localhost:${new URL(stranger.origin).port}`,
    `https://127.0.0.1:${new URL(stranger.origin).port}`,
    'https://169.254.169.254',
    'https://10.0.0.1',
    'https://[::ffff:127.0.0.1]',
    'https://0x7f.1',
  ]

  test('lets no definition ask a private address that nobody allowed: a dry run says so, and no connection is made', async () => {
    for (const base_url of hosts()) {
      const { body } = await call('POST', '/custom-apis/dry-run', { definition: definition({ base_url }), credentials })
      expect(body, base_url).toMatchObject({
        requests: [{ status: null }],
        feeds: [
          { records: 0, error_code: 'address_refused', error_message: expect.stringMatching(/^It was not asked: /) },
        ],
      })
    }
    expect(stranger.connections).toBe(0)
  })

  test('however an inside address is spelt, a dry run refuses it and connects to nobody', async () => {
    const urls = hostileUrls(Number(new URL(stranger.origin).port))
    const answers: { base_url: string; answer: unknown }[] = []
    for (let at = 0; at < urls.length; at += 50)
      answers.push(
        ...(await Promise.all(
          urls.slice(at, at + 50).map(async (base_url) => {
            const { status, body } = await call<DryRun>('POST', '/custom-apis/dry-run', {
              definition: definition({ base_url }),
              credentials,
            })
            return { base_url, answer: status === 400 ? 'refused' : body.feeds?.[0]?.error_code }
          }),
        )),
      )
    expect(answers.length).toBeGreaterThan(550)
    expect(answers.filter(({ answer }) => answer !== 'refused' && answer !== 'address_refused')).toEqual([])
    expect(stranger.connections).toBe(0)
  })

  test('nor does a sync, whose run and list say why', async () => {
    const made = await connect({ base_url: stranger.origin })
    const run = await ran(made)
    expect(run).toMatchObject({
      status: 'failed',
      error_message: expect.stringContaining('Garage scale: It was not asked: only https addresses are asked'),
    })
    expect(stranger.connections).toBe(0)
  })

  test('follows no answer to another server', async () => {
    const feeds = [{ ...feed, paging: { kind: 'next_url', next: '$.next' } as const }]
    scale.next = `${stranger.origin}/v1/weights`
    const { body } = await call('POST', '/custom-apis/dry-run', { definition: definition({ feeds }), credentials })
    expect(body).toMatchObject({ feeds: [{ records: 2, error_code: 'bad_data' }] })
    expect(stranger.connections).toBe(0)
  })
})

test('no key is ever in an answer, an error or the log', async () => {
  const inPath = { ...feed, path: `/weights?api_key=${secret}` }
  const answers = [
    await call('POST', '/custom-apis/dry-run', { definition: definition({ feeds: [inPath] }), credentials }),
    await call('POST', '/custom-apis/dry-run', { definition: definition({ auth: { kind: 'none' } }), credentials }),
    await call('POST', '/custom-apis', { definition: definition({ auth: { kind: 'none' } }), credentials }),
    await call('POST', '/custom-apis/dry-run', {
      definition: definition({ auth: { kind: 'header', header: 'X-Key' } }),
      credentials: { secret: `${secret}\r\nhost: evil` },
    }),
  ]
  const made = await connect()
  await ran(made)
  scale.status = 500
  await syncNow(made)
  answers.push(
    await call('GET', `/custom-apis/${made.custom_api_id}`),
    await call('GET', `/providers/connections/${made.connection_id}`),
    await call('GET', '/sync/history'),
  )
  expect(JSON.stringify(answers)).not.toContain(secret)
  expect(logged.length).toBeGreaterThan(0)
  expect(logged.join('')).not.toContain(secret)
  const kept = await server.parts.db.read({ userId: person.userId }, (tx) =>
    sql<{ text: string }>`select string_agg(t::text, ' ') as text from (
      select to_jsonb(c) as t from connections c where user_id = ${person.userId}
      union all select to_jsonb(a) from custom_apis a where user_id = ${person.userId}
      union all select to_jsonb(s) from connection_secrets s where user_id = ${person.userId}
    ) as all_rows`.execute(tx),
  )
  expect(kept.rows[0]?.text).not.toContain(secret)
})
