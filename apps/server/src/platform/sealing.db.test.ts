import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin, type FreshDatabase, freshDatabase } from '../../test/kit.ts'
import type { Database } from './db/database.ts'
import { openSealing, type SealedPlace } from './sealing.ts'

const ada = '0194fdc2-fa2f-7cc0-81d3-ff12045b73c8'
const bob = '0194fdc2-fa2f-7cc0-81d3-ff12045b73c9'
const key = 'one key of at least thirty-two characters'

let database: FreshDatabase
let db: Database
beforeAll(async () => {
  database = await freshDatabase()
  db = database.open()
  await asAdmin(database.admin, (client) =>
    client.query(
      `insert into tributary.users (user_id, email, role) values ('${ada}', 'ada@example.org', 'member'), ('${bob}', 'bob@example.org', 'member')`,
    ),
  )
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const place = (userId: string, row = 'c1'): SealedPlace => ({
  userId,
  table: 'connection_secrets',
  row,
  column: 'sealed',
  provider: 'strava',
})

test('credentials open for their person, row, column and provider only', async () => {
  const sealing = await openSealing(key, db)
  const record = await db.write({ userId: ada }, (tx) => sealing.seal(tx, place(ada), 'refresh-me'))
  expect(record).not.toContain('refresh-me')
  const open = (where: SealedPlace, as = ada) => db.read({ userId: as }, (tx) => sealing.open(tx, where, record))
  expect(await open(place(ada))).toBe('refresh-me')
  await expect(open(place(ada, 'c2'))).rejects.toThrow('does not open')
  await expect(open({ ...place(ada), provider: 'polar' })).rejects.toThrow('does not open')
  await expect(open({ ...place(ada), column: 'name' })).rejects.toThrow('does not open')
  await expect(open({ ...place(ada), table: 'devices' })).rejects.toThrow('does not open')
  await expect(open(place(bob), bob)).rejects.toThrow('the key of a sealed value is gone')
  await expect(open(place(ada), bob)).rejects.toThrow('the key of a sealed value is gone')
})

test("a person's values share a key of their own, and erasing it shreds them", async () => {
  const sealing = await openSealing(key, db)
  const records = await db.write({ userId: bob }, async (tx) => [
    await sealing.seal(tx, place(bob, 'a'), 'one'),
    await sealing.seal(tx, place(bob, 'b'), 'two'),
  ])
  const keys = records.map((record) => record.split('.')[1])
  expect(keys[0]).toBe(keys[1])
  await asAdmin(database.admin, (client) => client.query(`delete from tributary.data_keys where user_id = '${bob}'`))
  await expect(db.read({ userId: bob }, (tx) => sealing.open(tx, place(bob, 'a'), records[0] ?? ''))).rejects.toThrow(
    'was erased',
  )
})

test('a restart with the same key opens what was sealed; another key stops the start with one line', async () => {
  const record = await db.write({ userId: ada }, async (tx) =>
    (await openSealing(key, db)).seal(tx, place(ada), 'still here'),
  )
  const again = await openSealing(key, db)
  expect(await db.read({ userId: ada }, (tx) => again.open(tx, place(ada), record))).toBe('still here')
  const wrong = openSealing('another key of at least 32 characters', db)
  await expect(wrong).rejects.toThrow(/^ENCRYPTION_KEY is not the key that this database was sealed with[^\n]*$/)
})

test('a new key takes over while everything goes on: killed at any step nothing becomes unreadable, and the former one can go', async () => {
  const [former, next] = [
    'the former key, thirty-two characters and more',
    'the next key, of thirty-two characters and more',
  ]
  const fresh = await freshDatabase()
  const own = fresh.open()
  try {
    const many = process.env['DEEP'] ? 10_000 : 50
    const people = Array.from(
      { length: many },
      (_, at) => `0194fdc2-fa2f-7cc0-81d3-ff12045b${String(at).padStart(4, '0')}`,
    )
    await asAdmin(fresh.admin, (client) =>
      client.query(
        `insert into tributary.users (user_id, email, role) select id::uuid, id || '@example.org', 'member' from unnest($1::text[]) as id`,
        [people],
      ),
    )
    const before = await openSealing(former, own)
    const records = new Map<string, string>()
    for (const userId of people)
      records.set(userId, await own.write({ userId }, (tx) => before.seal(tx, place(userId), `of ${userId}`)))
    const ownRecord = before.sealOwn(['apps', 'strava'], 'client secret')
    await expect(openSealing(next, own)).rejects.toThrow('ENCRYPTION_KEY_PREVIOUS')

    for (let killed = 0; killed < 5; killed++) {
      const sealing = await openSealing(next, own, [former])
      const kill = new AbortController()
      let writes = 0
      const dying = {
        ...own,
        write: <T>(...args: Parameters<typeof own.write<T>>) => {
          if (++writes === 7 * (killed + 1)) kill.abort() // of those that are not wrapped yet, seven
          return own.write(...args)
        },
      }
      await (await openSealing(next, dying, [former])).rewrap(kill.signal)
      await expect(openSealing(next, own)).rejects.toThrow('ENCRYPTION_KEY_PREVIOUS') // not before the last one is wrapped
      for (const [userId, record] of records)
        expect(await own.read({ userId }, (tx) => sealing.open(tx, place(userId), record))).toBe(`of ${userId}`)
      expect(sealing.openOwn(['apps', 'strava'], ownRecord)).toBe('client secret')
      expect(sealing.isCurrent(ownRecord)).toBe(false)
    }
    const last = await openSealing(next, own, [former])
    expect(await last.rewrap()).toBe(many - 5 * 7)
    expect(await last.rewrap()).toBe(0)
    const after = await openSealing(next, own)
    for (const [userId, record] of records)
      expect(await own.read({ userId }, (tx) => after.open(tx, place(userId), record))).toBe(`of ${userId}`)
    await expect(openSealing(former, own)).rejects.toThrow('ENCRYPTION_KEY')
  } finally {
    await own.close()
    await fresh.drop()
  }
}, 900_000)

test('while many read and seal, a process that wraps the keys anew is killed again and again, and none becomes unreadable', async () => {
  const [former, next] = [
    'a former key of thirty-two characters or more',
    'another key of thirty-two characters or more',
  ]
  const [many, kills] = process.env['DEEP'] ? [10_000, 5] : [150, 1]
  const fresh = await freshDatabase()
  const own = fresh.open()
  const ids = Array.from({ length: many }, (_, at) => `0194fdc2-fa2f-7cc0-81d3-ff12045c${String(at).padStart(4, '0')}`)
  const records = new Map<string, string>()
  let isOver = false
  try {
    await asAdmin(fresh.admin, (client) =>
      client.query(
        `insert into tributary.users (user_id, email, role) select id::uuid, id || '@example.org', 'member' from unnest($1::text[]) as id`,
        [ids],
      ),
    )
    const before = await openSealing(former, own)
    for (const userId of ids)
      records.set(userId, await own.write({ userId }, (tx) => before.seal(tx, place(userId), 'the first')))
    const serving = await openSealing(next, own, [former])
    const check = async (userId: string) =>
      expect(await own.read({ userId }, (tx) => serving.open(tx, place(userId), records.get(userId) ?? ''))).toMatch(
        /^the (first|next)$/,
      )
    let asked = 0
    const load = Array.from({ length: 4 }, async (_, lane) => {
      for (let at = lane; !isOver; at = (at + 37) % many) {
        const userId = ids[at] ?? ''
        await check(userId)
        records.set(userId, await own.write({ userId }, (tx) => serving.seal(tx, place(userId), 'the next')))
        asked++
      }
    })
    for (let at = 0; at < kills; at++) await killRewrap(fresh, { next, former, after: 10 + 7 * at })
    const left = await serving.rewrap()
    expect(left, 'the killed ones were in the middle').toBeGreaterThan(0)
    isOver = true
    await Promise.all(load)
    expect(asked).toBeGreaterThan(0)
    for (const userId of ids) await check(userId)
    const alone = await openSealing(next, own)
    for (const userId of ids)
      expect(await own.read({ userId }, (tx) => alone.open(tx, place(userId), records.get(userId) ?? ''))).toMatch(
        /^the /,
      )
  } finally {
    isOver = true
    await own.close()
    await fresh.drop()
  }
}, 900_000)

/** Starts a process that wraps, and ends it by force when it has said so many times that it wrapped somebody's key. */
async function killRewrap(
  { admin, name, roleSecret }: FreshDatabase,
  { next, former, after }: { next: string; former: string; after: number },
): Promise<void> {
  const address = { host: admin.host, port: admin.port, database: name }
  const child = spawn(process.execPath, [fileURLToPath(new URL('./test-rewrapper.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, REWRAPPER: JSON.stringify({ address, roleSecret, next, former }) },
  })
  const ended = once(child, 'exit')
  let said = 0
  child.stdout.on('data', (text: Buffer) => {
    said += text.length
    if (said >= after) child.kill('SIGKILL')
  })
  const [, signal] = await ended
  expect(signal, 'it was killed before it was done').toBe('SIGKILL')
}

test('what the installation seals for itself opens at its place alone', async () => {
  const sealing = await openSealing(key, db)
  const record = sealing.sealOwn(['provider_apps', 'strava', 'secret'], 'hush')
  expect(sealing.openOwn(['provider_apps', 'strava', 'secret'], record)).toBe('hush')
  expect(() => sealing.openOwn(['provider_apps', 'polar', 'secret'], record)).toThrow('does not open')
  expect(sealing.isCurrent(record)).toBe(true)
})
