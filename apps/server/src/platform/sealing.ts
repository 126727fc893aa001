/**
 * Credentials of people, at rest. ENCRYPTION_KEY wraps one key per person, and that key seals the values:
 * erasing a person's row in data_keys shreds all that was ever sealed for them, in backups too.
 */
import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { uuidv7 } from 'uuidv7'
import type { Database, Read, Write } from './db/database.ts'
import { must } from './must.ts'
import { keyIdOf, openRecord, SealError, sealRecord } from './seal-record.ts'
import {
  findDataKey,
  findNewestDataKey,
  insertDataKey,
  keepFact,
  listDataKeys,
  listPeople,
  replaceFact,
  rewrapDataKey,
} from './sealing.queries.ts'

/** Where a value stands. All of it is authenticated, so a sealed value cannot be carried to another row or person. */
export interface SealedPlace {
  userId: string
  table: string
  row: string
  column: string
  provider: string
}

export interface Sealing {
  seal(tx: Write, place: SealedPlace, plaintext: string | Buffer): Promise<string>
  open(tx: Read, place: SealedPlace, record: string): Promise<string>
  openBytes(tx: Read, place: SealedPlace, record: string): Promise<Buffer>
  /** With the installation's own key: for what is the operator's and no person's. `place` is authenticated as well. */
  sealOwn(place: readonly string[], plaintext: string): string
  openOwn(place: readonly string[], record: string): string
  /** False when another key than today's sealed it: it is to be sealed anew. */
  isCurrent(record: string): boolean
  /**
   * Wraps people's keys with today's ENCRYPTION_KEY, a few at a time while everything goes on, and answers how many were wrapped.
   * Run again after a crash it goes on; when none is left, the former key is not needed any more.
   */
  rewrap(signal?: AbortSignal): Promise<number>
}

interface WrappingKey {
  key: Buffer
  id: string
}

/** Today's key, which seals, and the former ones, which only open. */
interface WrappingKeys {
  current: WrappingKey
  find(id: string): WrappingKey | undefined
}

/** Makes the sealing of this installation, or throws when ENCRYPTION_KEY is not the one that its values were sealed with. */
export async function openSealing(
  encryptionKey: string,
  db: Pick<Database, 'asWriter' | 'write'>,
  formerKeys: readonly string[] = [],
): Promise<Sealing> {
  const wrapping = wrappingKeysOf(encryptionKey, formerKeys)
  await proveKey(wrapping, db)
  const openBytes: Sealing['openBytes'] = async (tx, place, record) => {
    const row = await findDataKey(tx, place.userId, keyIdOf(record))
    if (!row) throw new SealError('the key of a sealed value is gone: what it sealed was erased')
    return openRecord(unwrap(wrapping, place.userId, row), textOf(place), record)
  }
  return {
    sealOwn: (place, plaintext) => sealRecord(wrapping.current.key, wrapping.current.id, ownPlace(place), plaintext),
    openOwn: (place, record) => {
      const from = wrapping.find(keyIdOf(record))
      if (!from) throw new SealError('a sealed value asks for a key that is not given')
      return openRecord(from.key, ownPlace(place), record).toString('utf8')
    },
    isCurrent: (record) => keyIdOf(record) === wrapping.current.id,
    rewrap: (signal) => rewrapAll(wrapping, db, signal),
    seal: async (tx, place, plaintext) => {
      const { id, key } = await dataKeyFor(tx, place.userId, wrapping)
      return sealRecord(key, id, textOf(place), plaintext)
    },
    open: async (tx, place, record) => (await openBytes(tx, place, record)).toString('utf8'),
    openBytes,
  }
}

function wrappingKeysOf(encryptionKey: string, formerKeys: readonly string[]): WrappingKeys {
  const current = wrappingKeyOf(encryptionKey)
  const all = [current, ...formerKeys.map(wrappingKeyOf)]
  return { current, find: (id) => all.find((one) => one.id === id) }
}

/** The key's id shows which of several keys wrapped something; it tells nothing about the key. */
function wrappingKeyOf(encryptionKey: string): WrappingKey {
  const key = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'tributary key encryption key v1', 32))
  return { key, id: createHash('sha256').update(key).digest('hex').slice(0, 16) }
}

async function dataKeyFor(tx: Write, userId: string, wrapping: WrappingKeys): Promise<{ id: string; key: Buffer }> {
  const found = await findNewestDataKey(tx, userId)
  if (found) return { id: found.data_key_id, key: unwrap(wrapping, userId, found) }
  const id = uuidv7()
  const key = randomBytes(32)
  await insertDataKey(tx, userId, {
    data_key_id: id,
    wrapped: sealRecord(wrapping.current.key, wrapping.current.id, placeOfKey(userId, id), key),
  })
  return { id, key }
}

function unwrap(wrapping: WrappingKeys, userId: string, row: { data_key_id: string; wrapped: string }): Buffer {
  const from = wrapping.find(keyIdOf(row.wrapped))
  if (!from) throw new SealError('the key of a person was wrapped by a key that is not given')
  return openRecord(from.key, placeOfKey(userId, row.data_key_id), row.wrapped)
}

/** Each person is a transaction of their own. Done when a look at everybody finds nothing: somebody may have come meanwhile. */
async function rewrapAll(
  wrapping: WrappingKeys,
  db: Pick<Database, 'asWriter' | 'write'>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { current } = wrapping
  let all = 0
  for (;;) {
    let found = 0
    for (const userId of await db.asWriter(listPeople)) {
      if (signal?.aborted) return all
      const wrapped = await db.write({ userId }, (tx) => rewrapPerson(tx, userId, wrapping))
      found += wrapped
      all += wrapped
    }
    if (!found) break
  }
  await db.asWriter((tx) =>
    replaceFact(tx, 'sealed_sentinel', sealRecord(current.key, current.id, sentinelPlace, sentinel)),
  )
  return all
}

async function rewrapPerson(tx: Write, userId: string, wrapping: WrappingKeys): Promise<number> {
  const { current } = wrapping
  const rows = (await listDataKeys(tx, userId)).filter(({ wrapped }) => keyIdOf(wrapped) !== current.id)
  for (const row of rows) {
    const key = unwrap(wrapping, userId, row)
    const wrapped = sealRecord(current.key, current.id, placeOfKey(userId, row.data_key_id), key)
    await rewrapDataKey(tx, userId, row, wrapped)
  }
  return rows.length
}

const ownPlace = (place: readonly string[]) => JSON.stringify(['installation', ...place])

const textOf = ({ userId, table, row, column, provider }: SealedPlace) =>
  JSON.stringify([userId, table, row, column, provider])

const placeOfKey = (userId: string, dataKeyId: string) =>
  textOf({ userId, table: 'data_keys', row: dataKeyId, column: 'wrapped', provider: '' })

const sentinel = 'this installation can open what it sealed'
const sentinelPlace = JSON.stringify(['installation', 'sealed_sentinel'])

export class WrongKeyError extends Error {
  override name = 'WrongKeyError'
}

/**
 * A wrong key must stop the start, not fail months later, or seal new values that the right one cannot open. While the key is being
 * changed the sentinel stays with the former one, so a start without that one stops too.
 */
async function proveKey({ current, find }: WrappingKeys, db: Pick<Database, 'asWriter'>): Promise<void> {
  const made = sealRecord(current.key, current.id, sentinelPlace, sentinel)
  const kept = must(
    await db.asWriter((tx) => keepFact(tx, 'sealed_sentinel', made)),
    'the sentinel was written or was there',
  )
  const from = find(keyIdOf(kept))
  if (from && opens(from.key, kept)) return
  throw new WrongKeyError(
    'ENCRYPTION_KEY is not the key that this database was sealed with: put the former one back (DATA_DIR/secrets/encryption-key, or the environment), or name it in ENCRYPTION_KEY_PREVIOUS to change keys',
  )
}

/** Whether an installation with this ENCRYPTION_KEY sealed the sentinel. */
export const keyOpens = (encryptionKey: string, kept: string): boolean => opens(wrappingKeyOf(encryptionKey).key, kept)

function opens(key: Buffer, record: string): boolean {
  try {
    return openRecord(key, sentinelPlace, record).toString('utf8') === sentinel
  } catch (error) {
    if (error instanceof SealError) return false
    throw error
  }
}
