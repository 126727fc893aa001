import { randomUUID } from 'node:crypto'
import { type Provider, ProviderError } from '@tributary/providers/kit'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { readConfig } from '../config.ts'
import { must } from '../platform/must.ts'
import { askConnectionRun } from '../platform/runs/ask-run.queries.ts'
import { claimRun, endRun } from './connection-runs.queries.ts'
import { type FetchEdges, fetchConnection } from './fetch-connection.ts'
import type { SyncRun } from './run-view.ts'
import { emptyCloud, type MadeCloud, type MadeRecord, madeCalls, madeProvider } from './test-provider.ts'

let server: TestServer
/** Clouds of connections. */
const clouds = new Map<string, MadeCloud>()

beforeAll(async () => {
  server = await startServer()
  server.parts.hooks.findProvider = () => madeProvider(emptyCloud())
  server.parts.calls.open = (ref) => madeCalls(clouds.get(ref.connectionId) as MadeCloud).open(ref)
})
afterAll(() => server?.stop())

const dayMs = 86_400_000
const today = Math.floor(Date.now() / 1_000) * 1_000
const ago = (days: number) => today - days * dayMs

interface Connected extends SignedInPerson {
  connectionId: string
  cloud: MadeCloud
}

async function connected(): Promise<Connected> {
  const person = await server.person()
  const connectionId = randomUUID()
  const cloud = emptyCloud()
  clouds.set(connectionId, cloud)
  await server.parts.db.write({ userId: person.userId }, (tx) =>
    sql`insert into connections (user_id, connection_id, provider, provider_account, short_id, status)
      values (${person.userId}, ${connectionId}, 'strava', ${connectionId}, 'strava', 'active')`.execute(tx),
  )
  return { ...person, connectionId, cloud }
}

const call = async <T>(person: SignedInPerson, method: string, path: string, body?: unknown) => {
  const answer = await server.call(method, path, { token: person.token, ...(body ? { body } : {}) })
  return { status: answer.status, body: answer.body as T }
}

const ended = async (person: SignedInPerson, syncId: string): Promise<SyncRun> => {
  const read = async () => (await call<SyncRun>(person, 'GET', `/api/v1/sync/history/${syncId}`)).body
  await expect.poll(read, { interval: 20, timeout: 10_000 }).toMatchObject({ end_time: expect.any(String) })
  return read()
}

async function sync(person: Connected, what = 'sync'): Promise<SyncRun> {
  const path = `/providers/connections/${person.connectionId}/sync`
  const asked = await call<{ sync_id: string }>(
    person,
    'POST',
    what === 'sync' ? path : `/api/v1${path.replace(/sync$/, what)}`,
  )
  expect(asked.status).toBe(202)
  return ended(person, asked.body.sync_id)
}

const rows = async <T>({ userId }: SignedInPerson, query: (tx: never) => Promise<{ rows: T[] }>): Promise<T[]> =>
  (await server.parts.db.read({ userId }, (tx) => query(tx as never))).rows

/** All that a person holds, in a form that can be compared. */
async function holdings(person: SignedInPerson): Promise<unknown> {
  const { userId } = person
  const sessions = await rows(person, (tx) =>
    sql`select external_id, totals from sessions where user_id = ${userId} and deleted_at is null order by external_id`.execute(
      tx,
    ),
  )
  const series = await rows(person, (tx) =>
    sql<{ series_id: number }>`select series_id::float8 from series where user_id = ${userId}`.execute(tx),
  )
  const values: [number, number][] = []
  for (const { series_id: seriesId } of series) {
    const { t, v } = await server.parts.store.readColumns({ userId, seriesId, from: 0, to: Date.now() * 2 })
    values.push(...Array.from(t, (time, i): [number, number] => [time, v[i] as number]))
  }
  const refused = await rows(person, (tx) =>
    sql`select code, feed, raw from quarantine where user_id = ${userId} order by raw`.execute(tx),
  )
  return { sessions, values: values.sort((a, b) => a[0] - b[0]), refused }
}

function fill(cloud: MadeCloud): void {
  for (let i = 0; i < 8; i++) {
    cloud.rides.push({ id: `r${i}`, at: ago(28 - 3 * i), value: 1_000 + i, ...(i % 2 ? { device: 'watch' } : {}) })
    cloud.pulses.push({ id: `p${i}`, at: ago(28 - 3 * i), value: i === 5 ? 'much' : 60 + i })
  }
}

test('the first sync reads a month back, the next from where it was, and every value is counted', async () => {
  const person = await connected()
  fill(person.cloud)
  const first = await sync(person)
  const none = { error_code: null, error_message: null }
  expect(first).toMatchObject({
    status: 'completed',
    provider: 'strava',
    records_fetched: 16,
    records_inserted: 15,
    records_failed: 1,
    records_skipped: 0,
    ...none,
    feeds: [
      { feed: 'rides', fetched: 8, inserted: 8, failed: 0, ...none },
      { feed: 'pulses', fetched: 8, inserted: 7, failed: 1, ...none },
    ],
  })
  const [since] = person.cloud.asked
  expect(Math.abs((since?.from ?? 0) - (Date.now() - 30 * dayMs))).toBeLessThan(60_000)
  expect(person.cloud.asked.filter(({ feed }) => feed === 'rides')).toHaveLength(3)
  expect(await holdings(person)).toMatchObject({ refused: [{ code: 'record_malformed', feed: 'pulses' }] })
  const before = await holdings(person)
  person.cloud.asked = []
  person.cloud.rides.push({ id: 'late', at: ago(2), value: 7 })
  expect(await sync(person)).toMatchObject({ status: 'completed', records_fetched: 1, records_inserted: 1 })
  expect(person.cloud.asked).toHaveLength(2)
  expect(await sync(person), 'the look-back finds it known').toMatchObject({ records_fetched: 1, records_skipped: 1 })
  person.cloud.rides = [{ id: 'late', at: ago(2), value: 7, deleted: true }]
  expect(await sync(person)).toMatchObject({ records_updated: 1, records_inserted: 0 })
  expect(await holdings(person)).toEqual(before)
  const status = await call(person, 'GET', `/api/v1/providers/connections/${person.connectionId}/sync-status`)
  expect(status.body).toMatchObject({
    sync_status: 'completed',
    is_active: true,
    running: null,
    last_sync: expect.any(String),
  })
  const history = await call<SyncRun[]>(
    person,
    'GET',
    `/providers/connections/${person.connectionId}/sync-history?limit=2`,
  )
  expect(history.body.map(({ records_updated }) => records_updated)).toEqual([1, 0])
  const other = await server.person()
  for (const path of ['sync-status', 'sync-history'])
    expect((await call(other, 'GET', `/providers/connections/${person.connectionId}/${path}`)).status).toBe(404)
  expect((await call(other, 'POST', `/providers/connections/${person.connectionId}/sync`)).status).toBe(404)
})

test('a list that fails says why and stops no other, and one that was not allowed is not asked for', async () => {
  const person = await connected()
  fill(person.cloud)
  person.cloud.faults.rides = new ProviderError('bad_data', 'no')
  const run = await sync(person)
  expect(run).toMatchObject({ status: 'partial', error_code: 'bad_data', records_inserted: 7 })
  expect(run.error_message).toBe('Made up answered with something that could not be read: Rides')
  person.cloud.faults.rides = new ProviderError('rate_limit', 'no', { retryAfterMs: 60_000 })
  const limited = await sync(person)
  expect(limited).toMatchObject({
    status: 'failed',
    error_code: 'rate_limit',
    error_details: { retry_at: expect.any(String) },
  })
  person.cloud.faults = { open: new ProviderError('auth', 'no') }
  expect(await sync(person)).toMatchObject({ status: 'failed', error_code: 'auth', feeds: [] })
  const [known] = await rows(person, (tx) =>
    sql`select error_code, last_success_at is not null as succeeded from connections where user_id = ${person.userId}`.execute(
      tx,
    ),
  )
  expect(known).toEqual({ error_code: 'auth', succeeded: true })
  person.cloud.faults = {}
  person.cloud.scopes = ['rides']
  person.cloud.asked = []
  expect(await sync(person)).toMatchObject({ status: 'completed', error_code: null, feeds: [{ feed: 'rides' }] })
  expect(person.cloud.asked.every(({ feed }) => feed === 'rides')).toBe(true)
})

test('a list that not every app may have is refused without making the run one in part, and read whole once it is given', async () => {
  const person = await connected()
  fill(person.cloud)
  const wanted = person.cloud.pulses.length
  person.cloud.faults.pulses = new ProviderError('scope', 'no')
  const run = await sync(person)
  expect(run).toMatchObject({
    status: 'completed',
    error_code: null,
    error_message: null,
    feeds: expect.arrayContaining([
      expect.objectContaining({ feed: 'rides', error_code: null }),
      expect.objectContaining({ feed: 'pulses', error_code: 'scope' }),
    ]),
  })
  person.cloud.faults = { rides: new ProviderError('scope', 'no'), pulses: new ProviderError('scope', 'no') }
  expect(await sync(person), 'nothing at all is given').toMatchObject({ status: 'failed', error_code: 'scope' })
  person.cloud.faults = { pulses: new ProviderError('bad_data', 'no') }
  expect(await sync(person), 'trouble is no refusal').toMatchObject({ status: 'partial', error_code: 'bad_data' })
  person.cloud.faults = {}
  expect(await sync(person)).toMatchObject({
    status: 'completed',
    feeds: expect.arrayContaining([
      expect.objectContaining({ feed: 'pulses', fetched: wanted, inserted: wanted - 1, failed: 1 }),
    ]),
  })
})

test('killed at any moment and run again, it holds what an undisturbed one holds, each value inserted once', async () => {
  const undisturbed = await connected()
  fill(undisturbed.cloud)
  await sync(undisturbed)
  const wanted = await holdings(undisturbed)
  const { parts } = server
  for (const dies of process.env['DEEP'] ? [...Array(15).keys()] : [0, 2, 5, 9, 14]) {
    const person = await connected()
    fill(person.cloud)
    const { userId, connectionId } = person
    const syncId = randomUUID()
    await parts.db.write({ userId }, (tx) =>
      sql`insert into sync_runs (user_id, sync_id, connection_id, provider, trigger, status, lease_until)
        values (${userId}, ${syncId}, ${connectionId}, 'strava', 'automatic', 'running', now() + interval '1 hour')`.execute(
        tx,
      ),
    )
    const worker = randomUUID()
    await parts.db.asWriter((tx) => sql`update sync_runs set worker = ${worker} where sync_id = ${syncId}`.execute(tx))
    let moment = 0
    const edges: FetchEdges = {
      ...parts,
      rawPayloadDays: 30,
      timeoutSeconds: 60,
      calls: madeCalls(person.cloud),
    }
    const stopping = new AbortController()
    const run = {
      userId,
      syncId,
      connectionId,
      provider: 'strava',
      trigger: 'automatic',
      worker,
      startedAt: new Date(),
    }
    const killed = {
      ...edges,
      reached: async () => {
        if (moment++ !== dies) return
        stopping.abort(new Error('killed'))
        throw new Error('killed')
      },
    }
    await expect(fetchConnection(killed, run, stopping.signal), `dies at ${dies}`).rejects.toThrow('killed')
    await parts.db.asWriter((tx) =>
      sql`update sync_runs set lease_until = now() - interval '1 second' where sync_id = ${syncId}`.execute(tx),
    )
    parts.runner.wake()
    const dead = await ended(person, syncId)
    expect(dead).toMatchObject({ status: 'failed', error_code: 'interrupted' })
    const next = await sync(person)
    expect(next.status).toBe('completed')
    expect(await holdings(person)).toEqual(wanted)
    expect(dead.records_inserted + next.records_inserted).toBe(15)
  }
})

test('for a paused connection the provider is asked nothing: a person who asks for a sync is refused, one that was asked for before ends, and what was kept is read anew', async () => {
  const person = await connected()
  fill(person.cloud)
  const { userId, connectionId } = person
  await sync(person)
  const syncId = randomUUID()
  await server.parts.db.write({ userId }, (tx) =>
    sql`insert into sync_runs (user_id, sync_id, connection_id, provider, trigger, status, lease_until, worker)
      values (${userId}, ${syncId}, ${connectionId}, 'strava', 'automatic', 'running', now() + interval '1 hour', ${randomUUID()})`.execute(
      tx,
    ),
  )
  const toggle = (isActive: boolean) =>
    call(person, 'PATCH', `/api/v1/providers/connections/${connectionId}/toggle`, { is_active: isActive })
  expect((await toggle(false)).status).toBe(200)
  expect(await ended(person, syncId)).toMatchObject({ status: 'cancelled', error_code: 'paused' })
  person.cloud.asked = []
  const device = await call<{ device_id: string }>(person, 'POST', '/api/v1/devices', {
    ...{ device_type: 'strava', device_name: 'Watch', integration_type: 'api' },
  })
  await server.parts.db.write({ userId }, (tx) =>
    sql`update devices set connection_id = ${connectionId} where user_id = ${userId} and device_id = ${device.body.device_id}`.execute(
      tx,
    ),
  )
  for (const path of [`/providers/connections/${connectionId}/sync`, `/api/v1/devices/${device.body.device_id}/sync`])
    expect(await call(person, 'POST', path)).toMatchObject({ status: 409, body: { code: 'connection_paused' } })
  const { sync_id } = await server.parts.db.write({ userId }, (tx) =>
    askConnectionRun(tx, { userId, connectionId, provider: 'strava', trigger: 'automatic' }),
  )
  server.parts.runner.wake()
  expect(await ended(person, sync_id)).toMatchObject({ status: 'cancelled', error_code: 'paused', records_fetched: 0 })
  expect(await sync(person, 'replay'), 'what was kept may be read anew').toMatchObject({ status: 'completed' })
  expect(person.cloud.asked).toEqual([])
  await toggle(true)
  expect(await sync(person)).toMatchObject({ status: 'completed', error_code: null })
})

test('a sync whose worker is late to say that it lives is not taken for dead by its own process', async () => {
  const person = await connected()
  fill(person.cloud)
  const { open } = server.parts.calls
  let goOn = (): void => undefined
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  server.parts.calls.open = async (ref, ...rest) => {
    if (ref.connectionId === person.connectionId) await held
    return open(ref, ...rest)
  }
  try {
    const asked = await call<{ sync_id: string }>(person, 'POST', `/providers/connections/${person.connectionId}/sync`)
    const read = async () => (await call<SyncRun>(person, 'GET', `/api/v1/sync/history/${asked.body.sync_id}`)).body
    await expect.poll(read, { interval: 20 }).toMatchObject({ status: 'running' })
    await asAdmin(server.database.admin, (client) =>
      client.query(`update tributary.sync_runs set lease_until = now() - interval '1 minute' where sync_id = $1`, [
        asked.body.sync_id,
      ]),
    )
    const other = await connected()
    expect(await sync(other), 'the queue was looked through').toMatchObject({ status: 'completed' })
    expect(await read()).toMatchObject({ status: 'running' })
    goOn()
    expect(await ended(person, asked.body.sync_id)).toMatchObject({ status: 'completed', records_inserted: 15 })
  } finally {
    server.parts.calls.open = open
  }
})

test('two workers never hold one run', async () => {
  const person = await connected()
  const claims = await Promise.all(
    [1, 2].map(() => server.parts.db.asWriter((tx) => claimRun(tx, randomUUID(), 1_000))),
  )
  expect(claims).toEqual([undefined, undefined])
  await sync(person)
})

test('kept answers are sealed, read again by what reads them today, and forgotten after their days', async () => {
  const person = await connected()
  person.cloud.pulses.push({ id: 'p1', at: ago(5), value: 61 })
  await sync(person)
  const [kept] = await rows(person, (tx) =>
    sql<{
      sealed: Buffer
      records: number
    }>`select sealed, records from raw_payloads where user_id = ${person.userId}`.execute(tx),
  )
  expect([kept?.records, kept?.sealed.includes('"value"')]).toEqual([1, false])
  await server.parts.db.write({ userId: person.userId }, (tx) =>
    sql`delete from record_ref where user_id = ${person.userId}`.execute(tx),
  )
  person.cloud.asked = []
  const replayed = await sync(person, 'replay')
  expect(replayed).toMatchObject({ status: 'completed', trigger: 'retry', records_fetched: 1, records_skipped: 1 })
  expect(person.cloud.asked, 'the provider is not asked').toEqual([])
  expect(await holdings(person)).toMatchObject({ values: [[ago(5), 61]] })
  person.cloud.reads = (value) => value * 2 // what was sent were half beats
  await server.parts.db.write({ userId: person.userId }, (tx) =>
    sql`delete from record_ref where user_id = ${person.userId}`.execute(tx),
  )
  expect(await sync(person, 'replay')).toMatchObject({ status: 'completed', records_updated: 1 })
  expect(await holdings(person), 'a mended mapping is read anew').toMatchObject({ values: [[ago(5), 122]] })
  expect(person.cloud.asked).toEqual([])
  const { forgetOldRaw } = await import('./raw-payloads.ts')
  const left = () => rows(person, (tx) => sql`select 1 from raw_payloads where user_id = ${person.userId}`.execute(tx))
  await forgetOldRaw({ ...server.parts, rawPayloadDays: 30 })
  expect(await left()).toHaveLength(1)
  await forgetOldRaw({ ...server.parts, rawPayloadDays: 0 })
  expect(await left()).toEqual([])
})

test('with RAW_PAYLOAD_DAYS=0 a sync keeps no answer of a provider, so that there is nothing to be read anew', async () => {
  const person = await connected()
  fill(person.cloud)
  const { parts } = server
  const { RAW_PAYLOAD_DAYS: rawPayloadDays } = readConfig({ RAW_PAYLOAD_DAYS: '0' })
  const run = await parts.db.asWriter(async (tx) => {
    await askConnectionRun(tx, { ...person, provider: 'strava', trigger: 'manual' })
    return claimRun(tx, randomUUID(), 60_000)
  })
  const edges: FetchEdges = { ...parts, rawPayloadDays, timeoutSeconds: 60, calls: madeCalls(person.cloud) }
  await fetchConnection(edges, must(run, 'what was just asked for can be claimed'), new AbortController().signal)
  const [first] = (await call<SyncRun[]>(person, 'GET', '/api/v1/sync/history')).body
  expect(first).toMatchObject({ status: 'completed', records_fetched: 16, records_inserted: 15 })
  const kept = sql`select 1 from raw_payloads where user_id = ${person.userId}`
  expect(await rows(person, (tx) => kept.execute(tx))).toEqual([])
  expect(await sync(person, 'replay')).toMatchObject({ status: 'completed', records_fetched: 0, feeds: [] })
  person.cloud.pulses.push({ id: 'late', at: ago(2), value: 70 })
  await sync(person)
  expect(await rows(person, (tx) => kept.execute(tx)), 'a server that keeps them does').toHaveLength(1)
})

test('a sync that ends while its person pauses the connection waits for them, and neither is undone', async () => {
  const person = await connected()
  const { userId, connectionId } = person
  const { db } = server.parts
  const run = await db.asWriter(async (tx) => {
    await askConnectionRun(tx, { userId, connectionId, provider: 'strava', trigger: 'manual' })
    return claimRun(tx, randomUUID(), 60_000)
  })
  if (!run) throw new Error('broken assumption: what was just asked for can be claimed')
  const end = { status: 'completed', feeds: [], windowFrom: null, windowTo: null, code: null, message: null } as const
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  let ending: Promise<boolean> | undefined
  // In the order in which pausing takes them: the connection, then its runs.
  await db.write({ userId }, async (tx) => {
    await sql`select from connections where connection_id = ${connectionId} for update`.execute(tx)
    ending = db.write({ userId }, (other) => endRun(other, run, { ...end, details: null }, new Date(today)))
    await asAdmin(server.database.admin, async (client) => {
      await expect.poll(async () => (await client.query(waiting)).rowCount, { interval: 10, timeout: 10_000 }).toBe(1)
    })
    await sql`update sync_runs set status = 'cancelled', ended_at = now() where sync_id = ${run.syncId}`.execute(tx)
  })
  expect(await ending, 'the run was closed by then').toBe(false)
})

test('a reading anew that is asked for while a sync is under way is told to come back, and not lost', async () => {
  const person = await connected()
  const place = { userId: person.userId, connectionId: person.connectionId, provider: 'strava' }
  // Asked for, and the runner has not been woken.
  await server.parts.db.write(place, (tx) => askConnectionRun(tx, { ...place, trigger: 'manual' }))
  const answer = await call(person, 'POST', `/api/v1/providers/connections/${person.connectionId}/replay`)
  expect(answer).toMatchObject({ status: 503, body: { code: 'busy' } })
  expect(await sync(person)).toMatchObject({ status: 'completed', trigger: 'manual' })
  expect(await sync(person, 'replay')).toMatchObject({ status: 'completed', trigger: 'retry' })
})

test('a thing that the platform knows becomes a device with all that it measured, and syncs through its connection', async () => {
  const person = await connected()
  fill(person.cloud)
  expect((await call(person, 'GET', '/api/v1/integrations/garmin/devices')).status).toBe(404)
  await sync(person)
  const known = await call<{ platform_device_id: string }[]>(person, 'GET', '/api/v1/integrations/strava/devices')
  expect(known.body).toMatchObject([{ name: 'watch', device_id: null, connection_id: person.connectionId }])
  const ids = known.body.map(({ platform_device_id }) => platform_device_id)
  const refused = await call(person, 'POST', '/api/v1/integrations/strava/import', { device_ids: ['nothing'] })
  expect(refused.status).toBe(404)
  const made = await call<{ device_id: string }[]>(person, 'POST', '/api/v1/integrations/strava/import', {
    device_ids: ids,
  })
  expect(made.status).toBe(201)
  const [device] = made.body
  person.cloud.rides.push({ id: 'new', at: ago(1), value: 5, device: 'watch' })
  const asked = await call<{ sync_id: string }>(person, 'POST', `/api/v1/devices/${device?.device_id}/sync`)
  expect(await ended(person, asked.body.sync_id)).toMatchObject({ status: 'completed', records_inserted: 1 })
  const own = await rows(person, (tx) =>
    sql`select count(*)::int4 as n from sessions s join sources o using (user_id, source_id)
      where s.user_id = ${person.userId} and o.device_id = ${device?.device_id}`.execute(tx),
  )
  expect(own).toEqual([{ n: 5 }])
  const states = await call<{ last_sync: string; sync_status: string }[]>(person, 'GET', '/api/v1/sync/status')
  expect(states.body).toMatchObject([{ sync_status: 'completed', last_sync: expect.any(String) }])
})

/** The made-up provider once somebody has seen that it sends texts with a unit where its page says numbers. */
function mended(): Provider {
  const made = madeProvider(emptyCloud())
  const pulses = must(made.feeds['pulses'], 'it has that list')
  const numbered = (record: unknown) => {
    const pulse = record as MadeRecord
    return { ...pulse, value: Number.parseFloat(String(pulse.value)) }
  }
  return { ...made, feeds: { ...made.feeds, pulses: { ...pulses, raw: z.preprocess(numbered, pulses.raw) } } }
}

test('a record that could not be read waits whole, stays with its reason, and is used as it came once its list is read rightly', async () => {
  const person = await connected()
  person.cloud.pulses.push({ id: 'p1', at: ago(5), value: '64 bpm' })
  await sync(person)
  await sync(person)
  type Waiting = { items: { record_id: string; raw: string; feed: string }[] }
  const list = async () =>
    (await call<Waiting>(person, 'GET', `/api/v1/quarantine?connection_id=${person.connectionId}`)).body.items
  const [waiting, ...others] = await list()
  expect([waiting?.feed, JSON.parse(waiting?.raw ?? ''), others]).toEqual(['pulses', person.cloud.pulses[0], []])
  const replay = async () => (await call(person, 'POST', `/api/v1/quarantine/${waiting?.record_id}/replay`)).body
  expect(await replay()).toMatchObject({ used: false, code: 'record_malformed' })
  expect(await list(), 'nothing but the reading of it changes').toMatchObject([{ raw: waiting?.raw }])
  const { findProvider } = server.parts.hooks
  server.parts.hooks.findProvider = mended
  const answer = await replay()
  server.parts.hooks.findProvider = findProvider
  expect(answer).toEqual({ used: true, code: null, detail: null })
  expect(await list()).toEqual([])
  expect(await holdings(person)).toMatchObject({ values: [[ago(5), 64]] })
})

test('a record that waits unread leaves with the sync that could read it, and another that could not stays', async () => {
  const person = await connected()
  person.cloud.pulses.push({ id: 'p1', at: ago(2), value: 'much' }, { id: 'p2', at: ago(1), value: 'much' })
  await sync(person)
  await server.parts.db.write({ userId: person.userId }, (tx) =>
    sql`update quarantine set raw = replace(raw, '"much"', '64') where user_id = ${person.userId} and raw like '%p1%'`.execute(
      tx,
    ),
  )
  Object.assign(person.cloud.pulses[0] ?? {}, { value: 64 })
  await sync(person)
  expect(await holdings(person)).toMatchObject({
    values: [[ago(2), 64]],
    refused: [{ code: 'record_malformed', raw: expect.stringContaining('p2') }],
  })
})

test('of a record that is sent again a poorer version is passed over, in a later sync as well', async () => {
  const person = await connected()
  const pulse = (value: number, rank: number) => ({ id: 'p1', at: ago(2), value, rank })
  for (const [records, value] of [
    [[pulse(60, 1)], 60],
    [[pulse(90, 3), pulse(70, 2)], 90],
    [[pulse(80, 2)], 90],
    [[pulse(95, 3)], 95],
  ] as const) {
    person.cloud.pulses = [...records]
    expect((await sync(person)).status).toBe('completed')
    expect(await holdings(person)).toMatchObject({ values: [[ago(2), value]] })
  }
})
