import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../platform/db/database.ts'
import { type TestStore, testStore } from '../platform/samples/test-store.ts'
import { deleteAgainSoon, insertSuppression } from '../platform/suppressions/suppressions.queries.ts'
import { deleteAgain } from './delete-again.ts'

let store: TestStore
let db: Database
beforeAll(async () => {
  store = await testStore()
  db = store.open().db
})
afterAll(() => store.drop())

const log = pino({ level: 'silent' })
const makeDue = () =>
  store.query(
    "update tributary.suppressions set delete_again_at = now() - interval '1 second' where delete_again_at is not null",
  )

async function suppression(): Promise<{ userId: string; sourceId: string; id: string }> {
  const { userId, sourceId } = await store.person()
  await store.query('update tributary.sources set kind = $2, device_id = null where source_id = $1', [sourceId, 'file'])
  const id = randomUUID()
  await db.write({ userId }, async (tx) => {
    await insertSuppression(
      tx,
      { id, userId, sourceId, metric: 'steps', externalId: null, from: 0, to: 1_000 },
      'Steps',
    )
    await deleteAgainSoon(tx, userId, [id])
  })
  return { userId, sourceId, id }
}

test('a deletion whose process dies is done by the next, one that fails costs no other, and each is done twice', async () => {
  const [first, second] = [await suppression(), await suppression()]
  const done: string[] = []
  const run = (deleteReadings: (userId: string) => Promise<number>) =>
    deleteAgain({ db, log, deleteReadings: (_, { userId }) => deleteReadings(userId) })
  const deleting = async (userId: string) => done.push(userId)

  await run(deleting)
  expect(done).toEqual([]) // not due before three seconds have gone
  await makeDue()
  await run(async (userId) => {
    if (userId === first.userId) throw new Error('the database went away')
    return deleting(userId)
  })
  expect(done).toEqual([second.userId])
  await run(deleting)
  expect(done).toEqual([second.userId]) // held by the one that failed, for a minute
  await makeDue()
  await run(deleting)
  expect(done.filter((userId) => userId === first.userId)).toHaveLength(1)

  await store.query(`update tributary.suppressions set changed_at = changed_at - interval '1 minute'`)
  await makeDue()
  await run(deleting)
  const left = await store.query('select from tributary.suppressions where delete_again_at is not null')
  expect(left).toEqual([])
  expect(done.filter((userId) => userId === first.userId)).toHaveLength(2)
})
