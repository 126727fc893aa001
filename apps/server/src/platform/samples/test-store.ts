/** A store on a database of its own, with people and sources to write for. */
import { randomUUID } from 'node:crypto'
import { asAdmin, type FreshDatabase, freshDatabase } from '../../../test/database.ts'
import type { Database } from '../db/database.ts'
import type { Points } from './points.ts'
import { createSampleStore, type SampleStore, type SampleStoreOptions } from './store.ts'

export interface TestStore {
  database: FreshDatabase
  /** Opens a store with pools of its own, as another process would. */
  open(options?: Partial<SampleStoreOptions>): { store: SampleStore; db: Database }
  person(): Promise<{ userId: string; sourceId: string }>
  /** A new series of a new person. */
  series(store: SampleStore, metric?: string): Promise<{ userId: string; seriesId: number }>
  query<T>(text: string, values?: unknown[]): Promise<T[]>
  drop(): Promise<void>
}

export async function testStore(): Promise<TestStore> {
  const database = await freshDatabase()
  const opened: Database[] = []
  const self: TestStore = {
    database,
    open(options = {}) {
      const db = database.open()
      opened.push(db)
      const store = createSampleStore({
        writerPool: db.writerPool,
        log: { warn: () => undefined },
        clock: { now: () => Date.now() },
        deflate: true,
        ...options,
      })
      return { store, db }
    },
    async person() {
      const [userId, sourceId] = [randomUUID(), randomUUID()]
      await self.query('insert into tributary.users (user_id, email, role) values ($1, $2, $3)', [
        userId,
        `${userId}@example.org`,
        'member',
      ])
      await self.query('insert into tributary.sources (user_id, source_id, kind, name) values ($1, $2, $3, $4)', [
        userId,
        sourceId,
        'manual',
        'test',
      ])
      return { userId, sourceId }
    },
    async series(store, metric = 'heart_rate') {
      const { userId, sourceId } = await self.person()
      return { userId, seriesId: await store.seriesFor(userId, sourceId, metric) }
    },
    query: (text, values) => asAdmin(database.admin, async (client) => (await client.query(text, values)).rows),
    async drop() {
      await Promise.all(opened.map((db) => db.close()))
      await database.drop()
    },
  }
  return self
}

/** Everything a series holds. */
export const allOf = (
  store: SampleStore,
  { userId, seriesId }: { userId: string; seriesId: number },
): Promise<Points> =>
  store.readAll({ userId, seriesIds: [seriesId], from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY })
