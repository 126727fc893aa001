import { writeRide } from '@tributary/formats/testing'
import { afterEach, expect, test } from 'vitest'
import { freshDatabase, startServer } from '../../test/kit.ts'
import { type ImporterOptions, startImporter } from './importer.ts'
import { createParser } from './parse-file.ts'
import { ended, formOf, listSessions, upload } from './test-uploads.ts'
import { testWorkers } from './test-workers.ts'

const start = Date.UTC(2025, 9, 1, 6)
const ride = (n: number) => ({
  name: `${n}.fit`,
  bytes: writeRide({ start: start + n * 86_400_000, seconds: 60, seed: n }),
})

const undo: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

test('two servers on one database share the queue: every import is read once, by one of them', async () => {
  const database = await freshDatabase()
  undo.push(database.drop)
  const [one, two] = [await startServer({ database }), await startServer({ database })]
  undo.push(one.stop, two.stop)
  const person = await one.owner()
  const sent = await Promise.all(
    Array.from({ length: 8 }, (_, n) => upload(n % 2 ? one : two, person, formOf([ride(n), ride(n)]))),
  )
  for (const { body } of sent) {
    const { files } = await ended(one, person, body.import_id)
    expect(files.map(({ samples, sessions }) => [samples, sessions])).toEqual([
      [360, 1],
      [0, 0],
    ])
  }
  expect((await listSessions(two, person)).items).toHaveLength(8)
})

test('a worker that is stopped hands its import back, and another ends it at once', async () => {
  const { workers, importer } = await importing(async () => void importer.stop())
  const { userId, importId } = await workers.queue([ride(1)])
  const status = () =>
    workers.store.query('select status, leased_by, deaths from tributary.imports where import_id = $1', [importId])
  await expect.poll(status, { timeout: 20_000 }).toEqual([{ status: 'reading', leased_by: null, deaths: 0 }])
  expect((await workers.live()).ended).toBe('finished')
  expect(await status()).toEqual([{ status: 'done', leased_by: null, deaths: 0 }])
  expect(await workers.store.query('select samples from tributary.import_files where user_id = $1', [userId])).toEqual([
    { samples: 360 },
  ])
})

test('a worker that lives keeps its import beyond the lease', async () => {
  let read = 0
  const { workers } = await importing(
    async () => {
      read++
      for (let i = 0; i < 12; i++) {
        await new Promise((resolve) => setTimeout(resolve, 50)) // longer than the lease, all in all
        expect((await workers.live()).ended).toBe('idle')
      }
    },
    { leaseMs: 300 },
  )
  const { importId } = await workers.queue([ride(2)])
  const status = () => workers.store.query('select status from tributary.imports where import_id = $1', [importId])
  await expect.poll(status, { timeout: 20_000 }).toEqual([{ status: 'done' }])
  expect(read).toBe(1)
})

test('a database that goes away for a moment only delays an import', async () => {
  let cut = 0
  const { workers } = await importing(async () => {
    if (cut++) return
    await workers.store.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'trb_writer' and datname = current_database()`,
    )
  })
  const { importId } = await workers.queue([ride(3)])
  const files = () =>
    workers.store.query('select status, samples, sessions from tributary.import_files where import_id = $1', [importId])
  await expect.poll(files, { timeout: 20_000 }).toEqual([{ status: 'done', samples: 360, sessions: 1 }])
})

/** An importer of which `parsed` is told when it has parsed a file and stored nothing yet. */
async function importing(parsed: () => Promise<void>, options: ImporterOptions = {}) {
  const workers = await testWorkers()
  const parser = createParser(workers.edges)
  const reached = async (moment: string) => {
    if (moment === 'parsed') await parsed()
  }
  const importer = startImporter({ ...workers.edges, parser, reached }, { pollMs: 50, ...options })
  undo.push(workers.close, importer.stop)
  return { workers, importer }
}
