/** Workers that can be made to die at any point of their work, on a database of their own. */
import { createHash, randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { createIngest } from '../ingest/ingest.ts'
import { systemClock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import { type TestStore, testStore } from '../platform/samples/test-store.ts'
import type { Edges } from './edges.ts'
import { claimFile, insertPart } from './files.queries.ts'
import { insertImport } from './imports.queries.ts'
import { createParser, type Parser } from './parse-file.ts'
import { claimImport, type Held } from './queue.queries.ts'
import { runImport } from './run-import.ts'
import type { SentFile } from './test-uploads.ts'

export interface TestWorkers {
  store: TestStore
  parser: Parser
  db: Database
  samples: SampleStore
  edges: Edges
  /** An import of a person, or of somebody new, as an upload leaves it. */
  queue(files: readonly SentFile[], userId?: string): Promise<{ userId: string; importId: string }>
  /** A worker's life, from the claim to its end or to the `dieAt`th point of its work. */
  live(dieAt?: number): Promise<Life>
  close(): Promise<void>
}

export interface Life {
  ended: 'idle' | 'finished' | 'died'
  /** How many points it came by. */
  points: number
  /** Lets a dead worker go on, as one does that only slept; answers how that ended. */
  wake(): Promise<unknown>
}

export async function testWorkers(): Promise<TestWorkers> {
  const store = await testStore()
  const { store: samples, db } = store.open()
  const log = pino({ level: 'silent' })
  const parser = createParser({ clock: systemClock, log })
  const edges: Edges = {
    db,
    disk: { assertRoom: () => undefined },
    store: samples,
    parser,
    ingest: createIngest({ store: samples, db, clock: systemClock, suppressions: { of: () => [] } }),
    clock: systemClock,
    log,
    syncIntervalMinutes: 15,
    stepPoints: 250,
    reached: () => undefined,
  }
  return {
    store,
    parser,
    db,
    samples,
    edges,
    queue: (files, userId) => queueImport(store, db, files, userId),
    live: (dieAt) => live(edges, dieAt),
    close: async () => {
      await parser.close()
      await store.drop()
    },
  }
}

async function queueImport(store: TestStore, db: Database, files: readonly SentFile[], known?: string) {
  const userId = known ?? (await store.person()).userId
  const importId = randomUUID()
  await db.write({ userId }, async (tx) => {
    const kept = []
    for (const { name, bytes } of files) {
      const data = Buffer.from(bytes)
      const mine = randomUUID()
      const hash = createHash('sha256').update(data).digest()
      const fileId = await claimFile(tx, { userId, fileId: mine, hash, bytes: data.length })
      if (fileId === mine) await insertPart(tx, { userId, fileId, part: 0, data })
      kept.push({ fileId, name, bytes: data.length })
    }
    await insertImport(tx, { userId, importId, files: kept })
  })
  return { userId, importId }
}

/** A transaction of a worker that just died may still hold the import for a moment, and a claim passes over what is held. */
async function claimSoon(db: Database): Promise<Held | undefined> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const held = await db.asWriter((tx) => claimImport(tx, randomUUID(), 0))
    if (held) return held
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return undefined
}

/** Its lease ends as soon as it is claimed: the next worker need not wait for this one's death to be noticed. */
async function live(edges: Edges, dieAt = Number.POSITIVE_INFINITY): Promise<Life> {
  const held = await claimSoon(edges.db)
  const life: Life = { ended: 'idle', points: 0, wake: async () => undefined }
  if (!held) return life
  const sleep = Promise.withResolvers<void>()
  const death = Promise.withResolvers<'died'>()
  const point = async () => {
    if (life.points++ < dieAt) return
    death.resolve('died') // and with it all that goes on at the same time
    await sleep.promise
  }
  const mortal: Edges = {
    ...edges,
    reached: point,
    ingest: async (incoming) => {
      await point()
      const tally = await edges.ingest(incoming)
      await point()
      return tally
    },
  }
  const work = runImport(mortal, held, new AbortController().signal)
  life.ended = await Promise.race([work.then(() => 'finished' as const), death.promise])
  life.wake = () => {
    sleep.resolve()
    return work.then(
      () => 'finished',
      (error: unknown) => error,
    )
  }
  return life
}
