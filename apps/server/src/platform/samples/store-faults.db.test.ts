import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GuardTaken, isConnectionLoss, StoreBusy, StoreUnavailable } from './errors.ts'
import type { FlushStatement } from './flush.queries.ts'
import { dayMs, type Points, pointsOf } from './points.ts'
import type { Client, Pool } from './sql.ts'
import type { SampleStore } from './store.ts'
import { allOf, type TestStore, testStore } from './test-store.ts'

let kit: TestStore
beforeAll(async () => {
  kit = await testStore()
})
afterAll(() => kit.drop())

const day = Date.UTC(2026, 0, 5)
const one = (i: number, value = 60): Points => pointsOf([day + i * 1_000], [value])

const audit: FlushStatement = {
  name: 'test_audit',
  types: ['uuid', 'uuid', 'text', 'text', 'text'],
  text: 'insert into audit_log (audit_id, user_id, actor, action, outcome) select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])',
}
const auditRow = (userId: string, action: string | null) => ({
  statement: audit,
  row: [randomUUID(), userId, 'system', action, 'ok'],
})
const guardStatement: FlushStatement = {
  name: 'test_guard',
  types: ['uuid', 'text', 'bytea'],
  text: `insert into idempotency_keys (user_id, key, fingerprint) select * from unnest($1::uuid[], $2::text[], $3::bytea[])
    on conflict do nothing returning user_id || ' ' || key`,
}
const guard = (userId: string, key: string) => ({
  statement: guardStatement,
  row: [userId, key, Buffer.alloc(1)],
  key: `${userId} ${key}`,
})

const actionsOf = async (userId: string) =>
  (
    await kit.query<{ action: string }>('select action from tributary.audit_log where user_id = $1 order by action', [
      userId,
    ])
  ).map((row) => row.action)

test('one arrival that the database refuses fails alone; the others of its flush are stored once, with their own rows', async () => {
  const { store } = kit.open()
  const { userId, seriesId } = await kit.series(store)
  const told = await Promise.allSettled(
    Array.from({ length: 40 }, (_, i) =>
      // An audit row needs an action: a null breaks the constraint, and with it the whole flush.
      store.append({
        userId,
        slices: [{ seriesId, points: one(i) }],
        extras: [auditRow(userId, i === 17 ? null : `a${100 + i}`)],
      }),
    ),
  )
  expect(told.flatMap((result, i) => (result.status === 'rejected' ? [i] : []))).toEqual([17])
  for (const result of told)
    if (result.status === 'fulfilled') expect(result.value).toEqual([{ accepted: 1, duplicates: 0, changed: 0 }])
  expect((await allOf(store, { userId, seriesId })).n).toBe(39)
  expect(await actionsOf(userId)).toHaveLength(39)
})

test('rows beside the points may tell what became of them', async () => {
  const { store } = kit.open()
  const { userId, seriesId } = await kit.series(store)
  const tell = {
    statement: audit,
    row: (tallies: readonly { accepted: number }[]) => [randomUUID(), userId, 'system', JSON.stringify(tallies), 'ok'],
  }
  await store.append({
    userId,
    slices: [{ seriesId, points: pointsOf([day, day, day + 1], [1, 2, 3]) }],
    extras: [tell],
  })
  expect(await actionsOf(userId)).toEqual(['[{"accepted":2,"duplicates":0,"changed":1}]'])
})

test('an arrival without points stores its rows all the same', async () => {
  const { store } = kit.open()
  const { userId, seriesId } = await kit.series(store)
  expect(await store.append({ userId, slices: [], extras: [auditRow(userId, 'none')] })).toEqual([])
  const none = { seriesId, points: pointsOf([], []) }
  expect(await store.append({ userId, slices: [none], extras: [auditRow(userId, 'nothing')] })).toEqual([
    { accepted: 0, duplicates: 0, changed: 0 },
  ])
  expect(await actionsOf(userId)).toEqual(['none', 'nothing'])
})

test('an arrival under a guard is stored once, however often and wherever it is sent', async () => {
  const [a, b] = [kit.open().store, kit.open().store]
  const { userId, seriesId } = await kit.series(a)
  const send = (store: SampleStore, key: string, i: number) =>
    store.append({
      userId,
      slices: [{ seriesId, points: one(i) }],
      guard: guard(userId, key),
      extras: [auditRow(userId, key)],
    })
  const told = await Promise.allSettled(
    [a, a, b, b, a, b].flatMap((store) => Array.from({ length: 10 }, (_, i) => send(store, `k${i}`, i))),
  )
  const stored = told.filter((result) => result.status === 'fulfilled')
  expect(stored).toHaveLength(10)
  for (const result of told) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(GuardTaken)
  await expect(send(b, 'k3', 99)).rejects.toBeInstanceOf(GuardTaken)
  expect((await allOf(a, { userId, seriesId })).n).toBe(10)
  expect(await actionsOf(userId)).toEqual(Array.from({ length: 10 }, (_, i) => `k${i}`))
})

test('a guard whose arrival failed is free again', async () => {
  const { store } = kit.open()
  const { userId, seriesId } = await kit.series(store)
  const send = (action: string | null) =>
    store.append({
      userId,
      slices: [{ seriesId, points: one(0) }],
      guard: guard(userId, 'k'),
      extras: [auditRow(userId, action)],
    })
  // Both wait in one flush; the first is the guilty one.
  const told = await Promise.allSettled([send(null), send('fine')])
  expect(told.map((result) => result.status)).toEqual(['rejected', 'fulfilled'])
})

test('what was acknowledged is there and counted once, although connections are ended at random', async () => {
  const { store } = kit.open()
  const series = await Promise.all(Array.from({ length: 4 }, () => kit.series(store)))
  let uploading = true
  let kills = 0
  const killing = (async () => {
    while (uploading) {
      const ended = await kit.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'trb_writer' and datname = current_database() and state <> 'idle' limit 1`,
      )
      kills += ended.length
    }
  })()
  const accepted = new Map<number, number>()
  const uploads = series.map(async ({ userId, seriesId }) => {
    for (let i = 0; i < 120 || kills < 6; i += 2) {
      // Each upload repeats half of the one before.
      const points = pointsOf([day + i * 1_000, day + (i + 1) * 1_000, day + (i + 2) * 1_000], [1, 2, 3])
      const tallies = await until(() => store.append({ userId, slices: [{ seriesId, points }] }))
      accepted.set(seriesId, (accepted.get(seriesId) ?? 0) + (tallies[0]?.accepted ?? 0))
    }
  })
  const compacting = (async () => {
    while (uploading) await store.compact({ now: Date.now(), quietMs: -dayMs }).catch(ignoreLoss)
  })()
  await Promise.all(uploads)
  uploading = false
  await Promise.all([killing, compacting])
  expect(kills).toBeGreaterThanOrEqual(6)
  for (const key of series) expect((await until(() => allOf(store, key))).n).toBe(accepted.get(key.seriesId))
  expect(await until(() => store.verify())).toEqual([])
})

/** Sends again what was refused because the database could not be reached. */
async function until<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      ignoreLoss(error)
    }
  }
}

function ignoreLoss(error: unknown): void {
  if (!(error instanceof StoreUnavailable) && !isConnectionLoss(error)) throw error
}

/** A pool whose next commit happens, or does not, and whose answer is lost either way. */
function losing(pool: Pool, happens: boolean): Pool {
  let lost = false
  return {
    async connect() {
      const client = await pool.connect()
      const lose = async (config: Parameters<Client['query']>[0]) => {
        if (config !== 'commit' || lost) return client.query(config)
        lost = true
        await client.query(happens ? 'commit' : 'rollback')
        throw Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' })
      }
      return { query: lose, release: (error) => client.release(error) }
    },
  }
}

test.each([true, false])(
  'a commit whose answer was lost is neither doubled nor dropped (it happened: %s)',
  async (happens) => {
    const db = kit.database.open()
    const { store } = kit.open({ writerPool: losing(db.writerPool, happens) })
    const { userId, seriesId } = await kit.series(kit.open().store)
    const told = await store.append({
      userId,
      slices: [{ seriesId, points: one(0) }],
      guard: guard(userId, 'k'),
      extras: [auditRow(userId, 'once')],
    })
    expect(told).toEqual([{ accepted: 1, duplicates: 0, changed: 0 }])
    expect(await actionsOf(userId)).toEqual(['once'])
    await db.close()
  },
)

test('more than may wait is refused with the time to come back, and what waited is stored', async () => {
  const { store } = kit.open({ limits: { waitingArrivals: 3 } })
  const { userId, seriesId } = await kit.series(store)
  const told = await Promise.allSettled(
    [0, 1, 2, 3].map((i) => store.append({ userId, slices: [{ seriesId, points: one(i) }] })),
  )
  expect(told.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
  const refused = told[3]?.status === 'rejected' ? told[3].reason : undefined
  expect(refused).toBeInstanceOf(StoreBusy)
  expect(refused.retryAfter).toBeGreaterThan(0)
  await store.drain()
  expect((await allOf(store, { userId, seriesId })).n).toBe(3)
})

test('without its database the store says that it cannot write', async () => {
  const gone: Pool = {
    connect: () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })),
  }
  const { store } = kit.open({ writerPool: gone })
  await expect(
    store.append({ userId: randomUUID(), slices: [{ seriesId: 1, points: one(0) }] }),
  ).rejects.toBeInstanceOf(StoreUnavailable)
})
