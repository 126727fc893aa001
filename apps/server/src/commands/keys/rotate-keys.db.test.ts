import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin, type FreshDatabase, freshDatabase } from '../../../test/database.ts'
import { readConfig } from '../../config.ts'
import { systemClock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { openSealing } from '../../platform/sealing.ts'
import { beginKeyChange, loadSecrets } from '../../platform/secrets.ts'
import { rotateKeys } from './rotate-keys.ts'

const userId = '0194fdc2-fa2f-7cc0-81d3-ff12045b73c8'
const place = { userId, table: 'connection_secrets', row: '1', column: 'sealed', provider: 'strava' }

let database: FreshDatabase
let db: Database
let dataDir: string

beforeAll(async () => {
  database = await freshDatabase()
  db = database.open()
  dataDir = await mkdtemp(join(tmpdir(), 'trb-keys-'))
  await asAdmin(database.admin, (client) =>
    client.query(`insert into tributary.users (user_id, email, role) values ($1, 'ada@example.org', 'member')`, [
      userId,
    ]),
  )
})
afterAll(async () => {
  await db?.close()
  await database?.drop()
  if (dataDir) await rm(dataDir, { recursive: true, force: true })
})

const secretsNow = () => loadSecrets(dataDir, {})

async function rotate(env: Record<string, string> = {}) {
  const config = readConfig({ DATA_DIR: dataDir, ...env })
  const secrets = await loadSecrets(dataDir, { encryptionKey: config.ENCRYPTION_KEY })
  const formerKeys = [...config.ENCRYPTION_KEY_PREVIOUS, ...secrets.formerKeys]
  return rotateKeys({ admin: database.admin, db, clock: systemClock, config, dataDir, secrets, formerKeys })
}

async function opened(record: string): Promise<string> {
  const { encryptionKey, formerKeys } = await secretsNow()
  const sealing = await openSealing(encryptionKey, db, formerKeys)
  return db.read({ userId }, (tx) => sealing.open(tx, place, record))
}

test('a new key seals everything and the former one is gone; broken off, both are there and it goes on', async () => {
  const { encryptionKey: first } = await secretsNow()
  const sealing = await openSealing(first, db)
  const record = await db.write({ userId }, (tx) => sealing.seal(tx, place, 'a token'))

  expect(await rotate()).toEqual({ people: 1, apps: 0, hooks: 0, lost: [], key: 'made' })
  const second = await secretsNow()
  expect(second.encryptionKey).not.toBe(first)
  expect(await readdir(join(dataDir, 'secrets'))).not.toContain('encryption-key.former')
  expect(await opened(record)).toBe('a token')
  await expect(openSealing(first, db)).rejects.toThrow('ENCRYPTION_KEY is not the key')

  const { secrets: third } = await beginKeyChange(dataDir)
  expect(await secretsNow()).toMatchObject({ ...third, formerKeys: [second.encryptionKey] })
  expect(await opened(record), 'in between both keys open').toBe('a token')
  expect(await rotate()).toEqual({ people: 1, apps: 0, hooks: 0, lost: [], key: 'resumed' })
  expect(await secretsNow()).toMatchObject({ encryptionKey: third.encryptionKey, formerKeys: [] })
  expect(await opened(record)).toBe('a token')
})

test('a key of the environment is changed by the operator, and sealed with when the former one is named', async () => {
  const { encryptionKey } = await secretsNow()
  await expect(rotate({ ENCRYPTION_KEY: encryptionKey })).rejects.toThrow('ENCRYPTION_KEY_PREVIOUS to the former one')
  const next = 'the next key, of thirty-two characters and more'
  const env = { ENCRYPTION_KEY: next, ENCRYPTION_KEY_PREVIOUS: encryptionKey }
  expect(await rotate(env)).toEqual({ people: 1, apps: 0, hooks: 0, lost: [], key: 'from the environment' })
  await expect(openSealing(next, db)).resolves.toBeDefined()
})

test('nothing is changed while a server is at work, or when the key is not the right one', async () => {
  const before = await secretsNow()
  await expect(rotate()).rejects.toThrow('ENCRYPTION_KEY is not the key')
  const server = database.open()
  try {
    await server.ping()
    await server.asWriter(async () => undefined)
    await expect(rotate()).rejects.toThrow('the server is running')
  } finally {
    await server.close()
  }
  expect(await secretsNow()).toEqual(before)
})
