/**
 * The encryption key of an installation is changed while it serves: people's connections are synced, each sync opens a sealed token,
 * has it renewed and seals the next, and the program is killed with -9 in the middle of wrapping their keys anew, again and again. In the
 * end everything opens with the new key alone.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { findProvider } from '@tributary/providers'
import type pg from 'pg'
import { readConfig } from '../src/config.ts'
import { createApps } from '../src/connect/apps.ts'
import { createVault } from '../src/connect/vault.ts'
import { addressOf } from '../src/platform/db/address.ts'
import { type Database, openDatabase } from '../src/platform/db/database.ts'
import { findHookSecret } from '../src/platform/hooks/hook-secrets.ts'
import { must } from '../src/platform/must.ts'
import { keyIdOf } from '../src/platform/seal-record.ts'
import { openSealing, type Sealing, WrongKeyError } from '../src/platform/sealing.ts'
import { loadSecrets } from '../src/platform/secrets.ts'
import { embeddedAdmin } from '../test/embedded-admin.ts'
import { freePort } from '../test/free-port.ts'
import { appSecret, type Holder, inLanes, makeHolders, openTokenCloud, type TokenCloud } from './credentials.ts'
import { createProgram, type Program } from './program.ts'
import { randomFrom } from './random.ts'
import { signIn } from './sign-in.ts'

export interface KeyKills {
  credentials: number
  kills: number
  seed: number
}

export interface KeyKillReport {
  faults: string[]
  /** How many keys were wrapped anew when each kill came. */
  killedAt: number[]
  /** Credentials that do not open with the new key, or are not what the cloud gave their account. */
  unreadable: number
  syncs: number
  renewals: number
  reads: number
}

const former = 'the-former-key-of-an-installation-long-enough'
const next = 'the-next-key-of-an-installation-long-enough-too'
/** A machine that does much else wraps ten a second. */
const patienceMs = 1_800_000

export async function killInKeyChange({ credentials, kills, seed }: KeyKills): Promise<KeyKillReport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-key-kills-'))
  const port = await freePort()
  const cloud = await openTokenCloud()
  const clouds = { WAHOO_BASE_URL: cloud.origin, WAHOO_AUTH_URL: cloud.origin }
  const before = createProgram(dataDir, port, { env: { ...clouds, ENCRYPTION_KEY: former } })
  const between = createProgram(dataDir, port, {
    env: { ...clouds, ENCRYPTION_KEY: next, ENCRYPTION_KEY_PREVIOUS: former },
  })
  const after = createProgram(dataDir, port, { env: { ...clouds, ENCRYPTION_KEY: next } })
  try {
    await before.start()
    await enterApp(before)
    const holders = await withDatabase(dataDir, async (db) => {
      const sealing = await openSealing(former, db)
      return before.look((admin) => makeHolders(admin, db, sealing, credentials))
    })
    await before.kill() // its database stays, as after any other kill
    const load = startLoad(between, cloud, holders, randomFrom(seed))
    const killedAt: number[] = []
    const faults: string[] = []
    for (let kill = 1; kill <= kills; kill++) {
      killedAt.push(await killWhenWrapped(between, dataDir, (credentials * kill) / (kills + 1)))
      if (await opensAlone(dataDir, next))
        faults.push(`after kill ${kill} the new key alone was taken for the right one`)
    }
    await between.start()
    await untilDone(dataDir)
    await pause(1_000) // and some more syncs, with everything wrapped
    const syncs = await load.stop()
    await between.look(untilIdle)
    await between.stop()
    await after.start() // without the former key
    const { unreadable, ...more } = await withDatabase(dataDir, (db) => inspect(db, dataDir, holders, cloud))
    faults.push(...more.faults, ...cloud.strangers.slice(0, 5), ...(await after.look(failedRuns)))
    const { renewals, reads } = cloud
    return { faults, killedAt, unreadable, syncs, renewals, reads }
  } finally {
    for (const program of [before, between, after]) await program.stop()
    await cloud.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function withDatabase<T>(dataDir: string, work: (db: Database) => Promise<T>): Promise<T> {
  const { databaseRoles: roleSecret } = await loadSecrets(dataDir, {})
  const address = addressOf(await embeddedAdmin(dataDir))
  const db = openDatabase({ address, roleSecret, maxConnections: 12, onError: () => undefined })
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}

/** Sealed by the installation's key itself, as the addresses of webhooks are. */
async function enterApp(program: Program): Promise<void> {
  const answer = await fetch(`${program.url}/api/v1/provider-apps/wahoo`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await signIn(program)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ client_id: 'ours', client_secret: appSecret }),
  })
  if (!answer.ok) throw new Error(`entering an app was answered ${answer.status}: ${await answer.text()}`)
}

/** People who ask for a sync of their own, whether the program is there or has just been killed. */
function startLoad({ url }: Program, cloud: TokenCloud, holders: readonly Holder[], random: () => number) {
  let isOver = false
  let asked = 0
  const ask = async () => {
    const { connectionId, apiKey, account } = must(holders[Math.floor(random() * holders.length)], 'there are some')
    const before = cloud.readsOf(account)
    const answer = await fetch(`${url}/api/v1/providers/connections/${connectionId}/sync`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}` },
    }).catch(() => undefined) // it was killed
    if (answer && !answer.ok && answer.status !== 503)
      throw new Error(`asking for a sync was answered ${answer.status}: ${await answer.text()}`)
    if (!answer?.ok) return
    asked++
    // Who asks waits for what comes of it, unless a kill came first: no queue grows behind them.
    for (const begun = Date.now(); cloud.readsOf(account) === before && Date.now() - begun < 2_000; ) await pause(20)
  }
  const lanes = Array.from({ length: 4 }, async () => {
    for (; !isOver; await pause(10)) await ask()
  })
  const all = Promise.all(lanes)
  all.catch(() => undefined) // told when it is stopped
  return {
    stop: async () => {
      isOver = true
      await all
      return asked
    },
  }
}

/** Answers how many were, which is fewer than all. The program may still be starting: it serves and wraps from its first moment. */
async function killWhenWrapped(program: Program, dataDir: string, wanted: number): Promise<number> {
  return program.look(async (client) => {
    const now = await currentKey(dataDir)
    const wrapped = async () => {
      const { rows } = await client.query<{ all: number; done: number }>(
        `select count(*)::int as all, (count(*) filter (where wrapped like $1))::int as done from tributary.data_keys`,
        [`v1.${now}.%`],
      )
      return must(rows[0], 'counts answer a row')
    }
    let isKilled = false
    const starting = program.start().catch((error: unknown) => {
      if (!isKilled) throw error
    })
    const killing = async () => {
      for (const begun = Date.now(); Date.now() - begun < patienceMs; await pause(2)) {
        if ((await wrapped()).done < wanted) continue
        isKilled = true
        await program.kill()
        await endSyncLeases(client)
        const { all, done } = await wrapped()
        if (done === all) throw new Error('everything was wrapped before the kill came: this proves nothing')
        return done
      }
      throw new Error('the keys were not wrapped within half an hour')
    }
    const [done] = await Promise.all([killing(), starting])
    return done
  })
}

const currentKey = (dataDir: string): Promise<string> =>
  withDatabase(dataDir, async (db) => keyIdOf((await openSealing(next, db, [former])).sealOwn(['which'], 'key')))

const opensAlone = (dataDir: string, key: string): Promise<boolean> =>
  withDatabase(dataDir, async (db) => {
    try {
      await openSealing(key, db)
      return true
    } catch (error) {
      if (error instanceof WrongKeyError) return false
      throw error
    }
  })

/** As if the leases that a dead program still holds had run out: that takes a minute and proves nothing. */
async function endSyncLeases(client: pg.Client): Promise<void> {
  await client.query('update tributary.connections set refresh_until = now() where refresh_until > now()')
  await client.query("update tributary.sync_runs set lease_until = now() where status = 'running'")
}

async function untilIdle(client: pg.Client): Promise<void> {
  const left = async () =>
    (await client.query("select from tributary.sync_runs where status in ('pending', 'running')")).rowCount
  for (const begun = Date.now(); await left(); await pause(100))
    if (Date.now() - begun > patienceMs) throw new Error('the syncs did not end within half an hour')
}

async function untilDone(dataDir: string): Promise<void> {
  for (const begun = Date.now(); !(await opensAlone(dataDir, next)); await pause(100))
    if (Date.now() - begun > patienceMs) throw new Error('the keys were not wrapped within half an hour')
}

async function inspect(db: Database, dataDir: string, holders: readonly Holder[], cloud: TokenCloud) {
  const sealing = await openSealing(next, db)
  const vault = createVault(db, sealing)
  const faults: string[] = []
  let unreadable = 0
  await inLanes(holders, async ({ account, ...ref }) => {
    const held = await vault.read(ref).catch((error: unknown) => void faults.push(`${account}: ${error}`))
    if (!cloud.knows(account, held?.tokens?.refreshToken ?? '')) unreadable++
  })
  if (unreadable) faults.push(`${unreadable} credentials are not what the cloud gave`)
  const kept = await readdir(join(dataDir, 'token-journal')).catch(() => [])
  // A draft that a kill cut off is no answer: it was not on disk before it had its name.
  const answers = kept.filter((name) => name.endsWith('.sealed'))
  if (answers.length) faults.push(`the journal still holds ${answers.join(', ')}`)
  if (await opensAlone(dataDir, former)) faults.push('the former key is still taken for the right one')
  return { unreadable, faults: [...faults.slice(0, 20), ...(await ownFaults(db, sealing))] }
}

/** What no person's key seals. */
async function ownFaults(db: Database, sealing: Sealing): Promise<string[]> {
  const app = await createApps(readConfig({}), db, sealing).find(must(findProvider('wahoo'), 'it is known'))
  const hook = await db.asWriter((tx) => findHookSecret(sealing, tx, 'wahoo'))
  return [
    ...(app?.keys.clientSecret === appSecret ? [] : ['the secret of an app does not open']),
    ...(hook?.secret ? [] : ['the address of a webhook does not open']),
  ]
}

/** One that was interrupted by a kill has failed as it must. */
async function failedRuns(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ error_code: string; error_message: string; n: number }>(
    `select error_code, error_message, count(*)::int as n from tributary.sync_runs
     where status in ('failed', 'partial') and error_code <> 'interrupted' group by 1, 2 limit 5`,
  )
  return rows.map(({ error_code, error_message, n }) => `${n} syncs failed: ${error_code} ${error_message}`)
}
