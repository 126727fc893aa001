import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@tributary/sdk'
import type { Command } from 'commander'
import { connect } from '../connection.ts'
import { CommandError, describeError, exitCodes } from '../exit.ts'
import { print, table } from '../output.ts'
import { createProgressBar } from '../progress-bar.ts'

type Connection = Awaited<ReturnType<Client['listConnections']>>[number]
type Run = Awaited<ReturnType<Client['getSyncRun']>>

interface Synced {
  connection: string
  provider: string
  run?: Run
  /** Why there is no run. */
  error?: string
}

const askEveryMs = 250
const isUnderWay = ({ status }: Pick<Run, 'status'>) => status === 'pending' || status === 'running'

export function addSync(program: Command): void {
  program
    .command('sync')
    .argument('[connections...]', 'which: strava, apple_2 or an id; all that are not paused when none is named')
    .description('Fetch what is new from your connections, and wait for it')
    .option('--no-wait', 'only ask for it')
    .addHelpText(
      'after',
      `
A sync that is under way already is waited for. Stopping this command stops no sync.
It ends with 1 when a sync failed, or when a part of it did.

Examples:
  tributary sync
  tributary sync strava withings
  tributary sync --json | jq '.[].run.records_inserted'`,
    )
    .action((names: string[], { wait }: { wait: boolean }, command: Command) => sync(names, wait, command))
}

async function sync(names: readonly string[], waits: boolean, command: Command): Promise<void> {
  const client = await connect(command)
  const chosen = choose(await client.listConnections({ query: {} }), names)
  const asked = await Promise.all(chosen.map((connection) => ask(client, connection)))
  const synced = waits ? await untilEnded(client, asked) : asked
  print(
    command,
    synced,
    synced.length ? inWords(synced) : 'There is no connection to sync: connect a brand in the web app.',
  )
  if (synced.some(({ run, error }) => error !== undefined || (run && !isFine(run)))) process.exitCode = exitCodes.failed
}

function choose(all: readonly Connection[], names: readonly string[]): Connection[] {
  const live = all.filter(({ status }) => status !== 'ended' && status !== 'pending')
  // One that waits for a new sign-in fails, and that is to be known.
  if (!names.length) return live.filter(({ is_active, status }) => is_active || status === 'needs_reauth')
  return names.flatMap((name) => {
    const found = live.filter((one) => [one.short_id, one.provider, one.connection_id].includes(name))
    // `apple` is the first of them and not all.
    const exact = found.filter(({ short_id }) => short_id === name)
    if (!found.length)
      throw new CommandError(
        `there is no connection ${name}; there are: ${live.map(({ short_id }) => short_id).join(', ') || 'none'}`,
      )
    return exact.length ? exact : found
  })
}

/** One that cannot be asked keeps no other from it. */
async function ask(client: Client, { connection_id, short_id, provider }: Connection): Promise<Synced> {
  try {
    const { sync_id } = await client.syncConnection({ params: { connection_id } })
    return { connection: short_id, provider, run: await client.getSyncRun({ params: { sync_id } }) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { connection: short_id, provider, error: describeError(error) }
  }
}

async function untilEnded(client: Client, asked: readonly Synced[]): Promise<Synced[]> {
  const bar = createProgressBar()
  let synced = [...asked]
  for (;;) {
    const underWay = synced.filter(({ run }) => run && isUnderWay(run))
    if (!underWay.length) break
    bar.show(1 - underWay.length / synced.length, underWay.map(({ connection }) => connection).join(', '))
    await pause(askEveryMs)
    synced = await Promise.all(synced.map((one) => look(client, one)))
  }
  bar.clear()
  return synced
}

async function look(client: Client, one: Synced): Promise<Synced> {
  if (!one.run || !isUnderWay(one.run)) return one
  return { ...one, run: await client.getSyncRun({ params: { sync_id: one.run.sync_id } }) }
}

const isFine = (run: Run) => run.status === 'completed' || isUnderWay(run)

const inWords = (synced: readonly Synced[]): string =>
  table(
    ['connection', 'sync', 'new', 'changed', 'what happened'],
    synced.map(({ connection, run, error }) => [
      connection,
      run?.status ?? 'refused',
      String(run?.records_inserted ?? 0),
      String(run?.records_updated ?? 0),
      error ?? run?.error_message ?? '',
    ]),
  )
