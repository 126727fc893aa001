import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { closeSync, existsSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { environment } from './cluster.ts'
import type { Binaries } from './copy-binaries.ts'
import type { Home } from './home.ts'
import type { Log } from './log.ts'
import { logSince, logSize, openLog, rotateLog } from './log-file.ts'
import { type PostmasterFile, postmasterFileIn, readPostmasterFile } from './postmaster-file.ts'
import { probe } from './probe.queries.ts'
import { isAlive, isPostmasterOf, isTaken } from './processes.ts'
import { identity, type RunUser } from './run-user.ts'
import type { Endpoint } from './settings.ts'

/** A server that answers. */
export interface Postmaster {
  pid: number
  endpoint: Endpoint
  /** It was running before we looked: left by an earlier process of ours, or shared with one. */
  adopted: boolean
  died: Promise<string>
}

export interface Launch {
  home: Home
  binaries: Binaries
  user: RunUser
  password: string
  endpoint: Endpoint
  log: Log
}

/** The server ended before it answered, which another attempt may cure. */
export class DidNotStart extends Error {}

/** Adopts the cluster's server if one runs, else starts one. Only the holder of the owner's lock may call this. */
export async function adoptOrLaunch(launch: Launch, signal: AbortSignal): Promise<Postmaster> {
  return (await adopt(launch, signal)) ?? start(launch, signal)
}

async function adopt({ home, password, log }: Launch, signal: AbortSignal): Promise<Postmaster | undefined> {
  const serving = await findServing(home.cluster, () => password)
  if (serving) return serving
  const file = readPostmasterFile(home.cluster)
  if (!file) return undefined
  if (isPostmasterOf(file.pid, home.cluster)) {
    await ready(file.endpoint, password, () => isPostmasterOf(file.pid, home.cluster), log, signal)
    if (isPostmasterOf(file.pid, home.cluster)) return adopted(file, home.cluster)
  } else if (isTaken(file.pid) || file.pid === 0) {
    // PostgreSQL would refuse to start: it takes any process of its user for a server, even one that is dead and not yet reaped, and does not
    // read past a file that a power cut emptied. Sessions that might outlive their server still keep it out, by the shared memory they hold.
    log({ level: 'warn', msg: 'removing the postmaster.pid of a server that is gone', pid: file.pid })
    rmSync(postmasterFileIn(home.cluster), { force: true })
  }
  return undefined
}

/** The cluster's server if one runs and takes our password. */
export async function findServing(cluster: string, password: () => string): Promise<Postmaster | undefined> {
  const file = readPostmasterFile(cluster)
  if (!file || !(await serves(file, cluster, password()))) return undefined
  if (isAlive(file.pid)) return adopted(file, cluster)
  if (!(await serves(file, cluster, password()))) return undefined // it ended just now
  // Seen through a shared volume, say: two postmasters of one cluster that cannot see each other would destroy it.
  throw new Error(`Another container or machine is serving ${cluster}. Stop that one first.`)
}

async function serves({ endpoint }: PostmasterFile, cluster: string, password: string): Promise<boolean> {
  if (!endpoint.host || !endpoint.port) return false
  const found = await probe(endpoint, password)
  return found.state === 'ready' && found.dataDirectory !== undefined && same(found.dataDirectory, cluster)
}

function same(one: string, other: string): boolean {
  return existsSync(one) && realpathSync(one) === realpathSync(other)
}

function adopted({ pid, endpoint }: PostmasterFile, cluster: string): Postmaster {
  return { pid, endpoint, adopted: true, died: watch(pid, cluster) }
}

/** Not our child, so the system does not tell us of its end. */
async function watch(pid: number, cluster: string): Promise<string> {
  while (isPostmasterOf(pid, cluster)) await delay(200, undefined, { ref: false })
  return 'it ended'
}

async function start(
  { home, binaries, user, password, endpoint, log }: Launch,
  signal: AbortSignal,
): Promise<Postmaster> {
  removeSocketLock(endpoint)
  rotateLog(home.logFile, log)
  const before = logSize(home.logFile)
  const output = openLog(home.logFile)
  const child = spawn(binaries.postgres, ['-D', home.cluster, `--config-file=${home.configFile}`], {
    ...identity(user),
    cwd: '/',
    env: environment(),
    stdio: ['ignore', output, output],
    detached: true, // a session of its own: Ctrl-C and signals to our group must not reach it before we have finished with it
    windowsHide: true,
  })
  closeSync(output)
  child.unref()
  const died = ending(child)
  let dead = false
  void died.then(() => {
    dead = true
  })
  try {
    await ready(endpoint, password, () => !dead, log, signal)
  } catch (error) {
    child.ref() // this end is waited for
    child.kill('SIGQUIT') // at once: a fast stop may be forgotten while it starts (see stopPostmaster)
    await died
    throw error
  }
  if (dead || child.pid === undefined)
    throw new DidNotStart(`PostgreSQL did not start: ${await died}. ${logSince(home.logFile, before)}`)
  return { pid: child.pid, endpoint, adopted: false, died }
}

/** The socket has a lock file with a process id of its own, misread in the same way. The directory is this cluster's alone, and it has no server now. */
function removeSocketLock({ host, port }: Endpoint): void {
  if (host.startsWith('/')) rmSync(join(host, `.s.PGSQL.${port}.lock`), { force: true })
}

function ending(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  child.once('error', (error) => resolve(error.message))
  child.once('exit', (code, signal) => resolve(signal ? `killed by ${signal}` : `exit code ${code}`))
  return promise
}

/** Recovery after a crash takes as long as it takes; only a server that dies, refuses us or is no longer wanted ends the wait. */
async function ready(
  endpoint: Endpoint,
  password: string,
  alive: () => boolean,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  for (let told = Date.now(); alive(); await delay(20)) {
    signal.throwIfAborted()
    const found = await probe(endpoint, password)
    if (found.state === 'ready') return
    if (found.state === 'denied') throw new Error(`The database runs, but ${found.reason}.`)
    if (Date.now() - told < 10_000) continue
    told = Date.now()
    log({ level: 'info', msg: 'PostgreSQL is not ready yet; after a crash it first replays what was written' })
  }
}

interface Stop {
  file: PostmasterFile
  home: Home
  password: string
  pgCtl: string
  log: Log
  patienceMs?: number
}

/**
 * Sessions are cut off and everything is flushed (fast); a server that hangs is told to drop what it does (immediate) and recovers at its
 * next start. A fast stop that arrives just as the server restarts itself after a crashed session is forgotten by PostgreSQL 18.4 for good,
 * so such a server is first given time to come up.
 */
export async function stopPostmaster({ file, home, password, pgCtl, log, patienceMs = 20_000 }: Stop): Promise<void> {
  const { pid } = file
  await settled(file, home.cluster, password)
  await send(pid, home.cluster, pgCtl, 'fast')
  if (await gone(pid, home.cluster, patienceMs)) return
  log({
    level: 'warn',
    msg: 'PostgreSQL did not stop in time; stopping it at once, it will recover at the next start',
    pid,
  })
  await send(pid, home.cluster, pgCtl, 'immediate')
  if (!(await gone(pid, home.cluster, 10_000))) throw new Error(`PostgreSQL (process ${pid}) does not stop`)
}

async function settled({ pid, endpoint }: PostmasterFile, cluster: string, password: string): Promise<void> {
  if (!endpoint.host || !endpoint.port) return
  for (const until = Date.now() + 5_000; isPostmasterOf(pid, cluster) && Date.now() < until; await delay(20)) {
    const { state } = await probe(endpoint, password)
    if (state !== 'starting' && state !== 'absent') return
  }
}

async function send(pid: number, cluster: string, pgCtl: string, mode: 'fast' | 'immediate'): Promise<void> {
  if (!isPostmasterOf(pid, cluster)) return
  if (process.platform === 'win32') {
    await promisify(execFile)(pgCtl, ['stop', '-W', '-m', mode, '-D', cluster])
    return
  }
  process.kill(pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
}

async function gone(pid: number, cluster: string, withinMs: number): Promise<boolean> {
  for (const until = Date.now() + withinMs; isPostmasterOf(pid, cluster); await delay(20)) {
    if (Date.now() > until) return false
  }
  return true
}
