import { setTimeout as delay } from 'node:timers/promises'
import type { Home } from './home.ts'
import { type Lock, tryExclusive, tryShared } from './lock.ts'
import type { Log } from './log.ts'
import { rotateLog } from './log-file.ts'
import { readPassword } from './password.ts'
import { adoptOrLaunch, DidNotStart, findServing, type Launch, type Postmaster, stopPostmaster } from './postmaster.ts'
import { readPostmasterFile } from './postmaster-file.ts'
import { isPostmasterOf } from './processes.ts'
import type { RunningPostgres } from './start.ts'

export interface Keeping {
  dataDir: string
  home: Home
  pgCtl: string
  log: Log
  onExit: (reason: string) => void
  /** Everything that must be in place before a server can run; called under the owner's lock only. */
  prepare: () => Promise<Launch>
}

const pollMs = 50
const handOverPollMs = 500
const firstBackOffMs = 100
const longestBackOffMs = 5_000
const steadyMs = 30_000 // a server that lived this long gets a prompt restart again
const firstStartAttempts = 5

/**
 * Keeps one cluster's server running for as long as any process of ours wants it. Two locks say who is who:
 *   users   shared by every process that uses the server; whoever can have it alone is the last one out, and stops the server
 *   owner   held by the one that starts, watches and restarts the server; when that process ends or dies, another user takes it
 *
 *   guest ──(owner's lock is free)──▶ owner ──stop()──▶ gone
 *     └───────────────stop()──────────────────────────▶ gone
 */
export async function keepRunning(keeping: Keeping): Promise<RunningPostgres> {
  const { dataDir, home, log, onExit } = keeping
  const ending = new AbortController()
  const ended = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve()))
  const users = await waitForUsersLock(home)
  let owner: Lock | undefined
  let launch: Launch | undefined
  let backOffMs = firstBackOffMs

  const first = await enter().catch(async (error) => {
    await leave()
    throw error
  })
  const rotation = setInterval(() => owner && rotateLog(home.logFile, log), 60_000).unref()
  const attending = attend(first)
  let stopping: Promise<void> | undefined
  return {
    ...first.endpoint,
    user: 'postgres',
    password: readPassword(dataDir),
    adopted: first.adopted,
    get pid() {
      return readPostmasterFile(home.cluster)?.pid ?? first.pid
    },
    stop: () => (stopping ??= stop()),
  }

  async function enter(): Promise<Postmaster> {
    for (;;) {
      owner = tryExclusive(home.ownerLock)
      if (owner) return firstServer()
      const serving = await findServing(home.cluster, () => readPassword(dataDir))
      if (serving) return serving
      await delay(pollMs) // the owner is still making or starting it
    }
  }

  async function firstServer(): Promise<Postmaster> {
    launch = await keeping.prepare()
    for (let attempt = 1; ; attempt++) {
      try {
        return await adoptOrLaunch(launch, ending.signal)
      } catch (error) {
        // Sessions of a killed server hold its shared memory for a moment longer.
        if (!(error instanceof DidNotStart) || attempt === firstStartAttempts) throw error
        log({ level: 'warn', msg: `trying again to start PostgreSQL: ${error.message}` })
        await backOff()
      }
    }
  }

  async function attend(postmaster: Postmaster): Promise<void> {
    while (!ending.signal.aborted) {
      try {
        if (owner) postmaster = await watch(postmaster)
        else postmaster = (await succeed()) ?? postmaster
      } catch (error) {
        log({ level: 'error', msg: `cannot look after PostgreSQL: ${(error as Error).message}` }) // its files are gone, say
        await pause(longestBackOffMs, ending.signal, false)
      }
    }
  }

  /** A guest waits for the owner's end. The server it then looks after may be another than the one it found when it came. */
  async function succeed(): Promise<Postmaster | undefined> {
    await pause(handOverPollMs, ending.signal, false)
    if (ending.signal.aborted) return undefined
    owner = tryExclusive(home.ownerLock)
    if (!owner) return undefined
    log({ level: 'info', msg: 'the process that looked after PostgreSQL is gone; this one does from now on' })
    return findServing(home.cluster, () => readPassword(dataDir)) // none: the one we knew is found dead next, and revived
  }

  /** Returns when the server has ended and another one runs, or when nobody here wants it any more. */
  async function watch(postmaster: Postmaster): Promise<Postmaster> {
    const since = Date.now()
    const reason = await Promise.race([postmaster.died, ended])
    if (!reason) return postmaster
    log({ level: 'error', msg: 'PostgreSQL ended by itself; starting it again', reason })
    onExit(reason)
    if (Date.now() - since > steadyMs) backOffMs = firstBackOffMs
    return revive(postmaster)
  }

  async function revive(postmaster: Postmaster): Promise<Postmaster> {
    while (!ending.signal.aborted) {
      await backOff()
      try {
        launch ??= await keeping.prepare()
        const revived = await adoptOrLaunch(launch, ending.signal)
        log({ level: 'info', msg: 'PostgreSQL runs again', pid: revived.pid })
        return revived
      } catch (error) {
        if (!ending.signal.aborted)
          log({ level: 'error', msg: `could not start PostgreSQL again: ${(error as Error).message}` })
      }
    }
    return postmaster
  }

  async function backOff(): Promise<void> {
    await pause(backOffMs, ending.signal)
    backOffMs = Math.min(backOffMs * 2, longestBackOffMs)
  }

  async function stop(): Promise<void> {
    ending.abort()
    clearInterval(rotation)
    await attending
    await leave()
  }

  async function leave(): Promise<void> {
    users.release()
    const alone = tryExclusive(home.usersLock, 200)
    try {
      const file = alone && readPostmasterFile(home.cluster)
      if (file && isPostmasterOf(file.pid, home.cluster))
        await stopPostmaster({ file, home, password: readPassword(dataDir), pgCtl: keeping.pgCtl, log })
      if (!alone) log({ level: 'info', msg: 'another process still uses PostgreSQL; leaving it running' })
    } finally {
      alone?.release()
      owner?.release()
    }
  }
}

/** Somebody holds it alone only while stopping the server, which ends. */
async function waitForUsersLock({ usersLock }: Home): Promise<Lock> {
  for (;;) {
    const lock = tryShared(usersLock)
    if (lock) return lock
    await delay(pollMs)
  }
}

/** Ends early when the signal comes. One that does not hold the process open lets a program that forgot to stop() end all the same. */
function pause(ms: number, signal: AbortSignal, holdOpen = true): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  if (!holdOpen) timer.unref()
  const early = () => resolve()
  signal.addEventListener('abort', early)
  return promise.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', early) // a guest pauses twice a second for as long as it lives
  })
}
