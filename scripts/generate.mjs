/**
 * Writes what is made from something else: schema.sql and tables.generated.ts from the migrations, .env.example and
 * docs/settings.md from the settings.
 * With `--check` it writes nothing and fails when a file would change.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { envExample, settings } from '../apps/server/src/config.ts'
import { dumpSchema, dumpTables } from '../apps/server/src/platform/db/dump.ts'
import { migrate } from '../apps/server/src/platform/db/migrate.ts'
import { startPostgres } from '../apps/server/src/platform/postgres/start.ts'
import { settingsPage } from './lib/settings-page.mjs'

const db = 'apps/server/src/platform/db'
const made = { '.env.example': envExample(), 'docs/settings.md': settingsPage(settings), ...(await describeDatabase()) }
const stale = []
for (const [path, text] of Object.entries(made)) {
  const url = new URL(`../${path}`, import.meta.url)
  const old = await readFile(url, 'utf8').catch(() => '')
  if (old === text) continue
  stale.push(path)
  if (!process.argv.includes('--check')) await writeFile(url, text)
}
if (stale.length) console.log(`${process.argv.includes('--check') ? 'out of date' : 'written'}: ${stale.join(', ')}`)
if (stale.length && process.argv.includes('--check')) process.exitCode = 1

async function describeDatabase() {
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-generate-'))
  const postgres = await startPostgres({ dataDir, settings: { fsync: 'off' }, log: () => undefined })
  try {
    const { host, port, user, password } = postgres
    const admin = { host, port, user, password, database: 'postgres' }
    await migrate({ admin, roleSecret: 'only-for-reading-the-schema-once' })
    const client = new pg.Client(admin)
    await client.connect()
    const files = {
      [`${db}/schema.sql`]: await dumpSchema(client),
      [`${db}/tables.generated.ts`]: await dumpTables(client),
    }
    await client.end()
    return files
  } finally {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
