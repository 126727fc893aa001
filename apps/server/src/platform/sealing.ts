/**
 * Credentials of people, at rest. ENCRYPTION_KEY wraps one key per person, and that key seals the values:
 * erasing a person's row in data_keys shreds all that was ever sealed for them, in backups too.
 */
import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { uuidv7 } from 'uuidv7'
import type { Database, Read, Write } from './db/database.ts'
import { must } from './must.ts'
import { keyIdOf, openRecord, SealError, sealRecord } from './seal-record.ts'
import { findDataKey, findNewestDataKey, insertDataKey, keepFact } from './sealing.queries.ts'

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
}

interface WrappingKey {
  key: Buffer
  id: string
}

/** Makes the sealing of this installation, or throws when ENCRYPTION_KEY is not the one that its values were sealed with. */
export async function openSealing(encryptionKey: string, db: Pick<Database, 'asWriter'>): Promise<Sealing> {
  const wrapping = wrappingKeyOf(encryptionKey)
  await proveKey(wrapping, db)
  const openBytes: Sealing['openBytes'] = async (tx, place, record) => {
    const row = await findDataKey(tx, place.userId, keyIdOf(record))
    if (!row) throw new SealError('the key of a sealed value is gone: what it sealed was erased')
    return openRecord(unwrap(wrapping, place.userId, row), textOf(place), record)
  }
  return {
    seal: async (tx, place, plaintext) => {
      const { id, key } = await dataKeyFor(tx, place.userId, wrapping)
      return sealRecord(key, id, textOf(place), plaintext)
    },
    open: async (tx, place, record) => (await openBytes(tx, place, record)).toString('utf8'),
    openBytes,
  }
}

/** The key's id shows which of several keys wrapped something; it tells nothing about the key. */
function wrappingKeyOf(encryptionKey: string): WrappingKey {
  const key = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'tributary key encryption key v1', 32))
  return { key, id: createHash('sha256').update(key).digest('hex').slice(0, 16) }
}

async function dataKeyFor(tx: Write, userId: string, wrapping: WrappingKey): Promise<{ id: string; key: Buffer }> {
  const found = await findNewestDataKey(tx, userId)
  if (found) return { id: found.data_key_id, key: unwrap(wrapping, userId, found) }
  const id = uuidv7()
  const key = randomBytes(32)
  await insertDataKey(tx, userId, {
    data_key_id: id,
    wrapped: sealRecord(wrapping.key, wrapping.id, placeOfKey(userId, id), key),
  })
  return { id, key }
}

function unwrap(wrapping: WrappingKey, userId: string, row: { data_key_id: string; wrapped: string }): Buffer {
  return openRecord(wrapping.key, placeOfKey(userId, row.data_key_id), row.wrapped)
}

const textOf = ({ userId, table, row, column, provider }: SealedPlace) =>
  JSON.stringify([userId, table, row, column, provider])

const placeOfKey = (userId: string, dataKeyId: string) =>
  textOf({ userId, table: 'data_keys', row: dataKeyId, column: 'wrapped', provider: '' })

const sentinel = 'this installation can open what it sealed'
const sentinelPlace = JSON.stringify(['installation', 'sealed_sentinel'])

export class WrongKeyError extends Error {
  override name = 'WrongKeyError'
}

/** A wrong key must stop the start, not fail months later, or seal new values that the right one cannot open. */
async function proveKey({ key, id }: WrappingKey, db: Pick<Database, 'asWriter'>): Promise<void> {
  const made = sealRecord(key, id, sentinelPlace, sentinel)
  const kept = await db.asWriter((tx) => keepFact(tx, 'sealed_sentinel', made))
  if (opens(key, must(kept, 'the sentinel was written or was there'))) return
  throw new WrongKeyError(
    'ENCRYPTION_KEY is not the key that this database was sealed with: put the former one back (DATA_DIR/secrets/encryption-key, or the environment)',
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
