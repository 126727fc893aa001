/** `tributary migrate --from …`: what another program's database holds, into accounts here. Changes nothing there, and may be run again. */

import { Command } from 'commander'
import { uuidv7 } from 'uuidv7'
import { type CommandEdges, CommandError } from '../accounts/commands.ts'
import { findPerson } from '../accounts/lookups.queries.ts'
import { insertUser } from '../accounts/users.queries.ts'
import { createBringTokens } from '../connect/bring-tokens.ts'
import { createVault } from '../connect/vault.ts'
import { createIngest } from '../ingest/ingest.ts'
import { insertAudit } from '../platform/http/audit.queries.ts'
import { createLog } from '../platform/log.ts'
import { createSampleStore } from '../platform/samples/store.ts'
import { openSealing } from '../platform/sealing.ts'
import { openBook } from '../platform/suppressions/book.ts'
import { type InstallationOptions, installationWords } from './find-installation.ts'
import { type AccountOf, type MoveReport, moveIn } from './migrate/move.ts'
import { type OldDatabase, openOldDatabase } from './migrate/old-database.ts'
import { runCommand } from './run-command.ts'
import { type DatabaseEdges, withDatabase } from './with-database.ts'

interface Options extends InstallationOptions {
  from: string
  user?: string
  createAccounts?: true
  json?: true
}

const program = new Command('tributary migrate')
  .description('Bring connections, devices, data and sync history of another program’s database into accounts here')
  .requiredOption('--from <url>', 'a postgresql:// address, or the file of an SQLite database')
  .option('--user <email>', 'the account here that gets whatever does not name an account of its own')
  .option(
    '--create-accounts',
    'make an account for each e-mail address that has none; its person gets a password by `tributary users reset`',
  )
  .option('--json', 'answer in JSON')
  .option('--data-dir <dir>', 'where the data is, when not ./data of the project (DATA_DIR)')
  .option('--database-url <url>', 'the database to write to, when it is not the embedded one (DATABASE_URL)')
  .addHelpText(
    'after',
    `
Reads the tables users (devices in JSON columns), strava_connections, user_connections, provider_connections, wearable_connections,
wearable_sync_history, sync_history, and device_data.devices, .device_data, .sync_history and .device_health, where they are there.
The other database is opened read-only. What was brought before is known again, so a run that was cut short is simply run again.

Examples:
  tributary migrate --from postgresql://reader:…@old-host/trainlytics --create-accounts
  tributary migrate --from ~/sleepbalance.db --user ada@example.org

Exit codes: 0 done, 1 failed, 2 the command line is wrong.`,
  )
  .exitOverride()
  .action(run)

async function run(): Promise<void> {
  const options = program.opts<Options>()
  const old = await open(options.from)
  try {
    const report = await withDatabase(installationWords(options), (edges) => move(old, edges, options))
    console.log(options.json ? JSON.stringify(report) : inWords(report))
  } finally {
    await old.close()
  }
}

/** The address may hold a password, so it is not repeated. */
async function open(from: string): Promise<OldDatabase> {
  try {
    return await openOldDatabase(from)
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(
      `the database to read from cannot be opened: ${error instanceof Error ? error.message : 'unknown reason'}`,
    )
  }
}

async function move(old: OldDatabase, edges: DatabaseEdges, options: Options): Promise<MoveReport> {
  const { db, clock, secrets, formerKeys } = edges
  const log = createLog({ level: 'ERROR', debug: false, service: 'tributary', environment: 'production' })
  const store = createSampleStore({
    writerPool: db.writerPool,
    readerFor: (userId, work) => db.readOn({ userId }, work),
    log,
    clock,
    deflate: true,
  })
  try {
    const sealing = await openSealing(secrets.encryptionKey, db, formerKeys)
    const ingest = createIngest({ store, db, clock, suppressions: await openBook(db) })
    const accountOf = await accountsOf(edges, options)
    return await moveIn(
      old,
      {
        db,
        ingest,
        sealing,
        bringTokens: createBringTokens(createVault(db, sealing)),
        defaultIntervalMinutes: 15,
        now: () => clock.now(),
        onProgress: showProgress,
      },
      accountOf,
    )
  } finally {
    await store.drain()
  }
}

async function accountsOf({ db, clock }: CommandEdges, { user, createAccounts }: Options): Promise<AccountOf> {
  const accountAt = async (email: string) => (await findPerson(db.lookup, email.trim().toLowerCase()))?.user_id ?? null
  const catchAll = user === undefined ? null : await accountAt(user)
  if (user !== undefined && !catchAll) throw new CommandError(`there is no account with the address ${user}`)
  return async ({ email }) => {
    const known = email ? await accountAt(email) : null
    if (known) return known
    if (!email || !createAccounts || catchAll) return catchAll
    const userId = uuidv7()
    return db.write({ userId }, async (tx) => {
      const created_at = new Date(clock.now())
      await insertUser(tx, { user_id: userId, email, role: 'member', display_name: null, time_zone: 'UTC', created_at })
      await insertAudit(tx, { userId, actor: 'cli', action: 'createUser', target: userId, outcome: 'ok' })
      return userId
    })
  }
}

function showProgress(table: string, rows: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${table}: ${rows.toLocaleString('en')} rows`)
}

function inWords({ tables, people, untouched }: MoveReport): string {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  const figure = (n: number) => n.toLocaleString('en')
  if (!tables.length) return 'None of the tables that can be read is there. `tributary migrate --help` lists them.'
  const lines = tables.flatMap(({ table, read, added, known, refused }) => [
    `${table}: ${figure(read)} rows read, ${figure(added)} added, ${figure(known)} known already`,
    ...Object.entries(refused).map(([reason, n]) => `  ${figure(n)} not taken: ${reason}`),
  ])
  if (people.left.length)
    lines.push(
      `Left there, because nobody here has their address: ${people.left.slice(0, 20).join(', ')}. Use --create-accounts, or --user.`,
    )
  if (untouched.length) lines.push(`Not looked at: ${untouched.slice(0, 40).join(', ')}`)
  return lines.join('\n')
}

await runCommand(async () => {
  await program.parseAsync()
  return 0
})
