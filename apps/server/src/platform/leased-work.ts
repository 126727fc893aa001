/**
 * Works through a queue that is a table: each job is claimed with a lease that is renewed while its holder lives, and taken over
 * when it is not. Woken right after a commit; a look once a second finds what other processes left. Any number of processes may
 * work on one queue.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { uuidv7 } from 'uuidv7'
import type { Log } from './log.ts'

export interface LeasedQueue<Job> {
  /** For the log: `an export`. */
  what: string
  /** The oldest job that nobody holds. `lease` is made anew for each claim: who finds another one in the row has lost it. */
  claim(lease: string, leaseMs: number): Promise<Job | undefined>
  /** False when the job is somebody else's by now, or gone. */
  renew(job: Job, leaseMs: number): Promise<boolean>
  handBack(job: Job, pauseMs: number): Promise<void>
  work(job: Job, signal: AbortSignal): Promise<void>
}

export interface LeasedWork {
  /** There is something new. */
  wake(): void
  /** Hands back what it holds; whoever comes next goes on with it. */
  stop(): Promise<void>
}

export interface LeasedWorkOptions {
  leaseMs?: number
  pollMs?: number
}

/** Before a job that met a passing fault is tried again. */
const retryMs = 2_000

/** The job was taken over or removed: nothing more may be written for it. */
export class LeaseGone extends Error {
  override name = 'LeaseGone'
}

export function startLeasedWork<Job>(
  queue: LeasedQueue<Job>,
  log: Log,
  { leaseMs = 15_000, pollMs = 1_000 }: LeasedWorkOptions = {},
): LeasedWork {
  const stopping = new AbortController()
  let alarm = new AbortController()

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      alarm = new AbortController()
      const job = await queue.claim(uuidv7(), leaseMs).catch((error) => {
        log.warn({ err: error }, `the queue of ${queue.what} cannot be read`)
        return undefined
      })
      if (job) await hold(queue, job, leaseMs, stopping.signal, log)
      else
        await pause(pollMs, undefined, { signal: AbortSignal.any([alarm.signal, stopping.signal]) }).catch(
          () => undefined, // woken early
        )
    }
  }

  const loop = run()
  return {
    wake: () => alarm.abort(),
    stop: async () => {
      stopping.abort(new Error('the program stops'))
      await loop
    },
  }
}

async function hold<Job>(
  queue: LeasedQueue<Job>,
  job: Job,
  leaseMs: number,
  stopping: AbortSignal,
  log: Log,
): Promise<void> {
  const lost = new AbortController()
  let renewing: Promise<unknown> = Promise.resolve()
  const renewal = setInterval(() => {
    renewing = queue.renew(job, leaseMs).then(
      (ours) => ours || lost.abort(new LeaseGone(`${queue.what} was taken over or removed`)),
      (error) => log.warn({ err: error }, `the lease of ${queue.what} could not be renewed`),
    )
  }, leaseMs / 3)
  try {
    await queue.work(job, AbortSignal.any([stopping, lost.signal]))
  } catch (error) {
    if (error instanceof LeaseGone || lost.signal.aborted) return
    if (!stopping.aborted) log.warn({ err: error }, `${queue.what} waits until it can go on`)
    // If this fails too, the lease runs out, which takes longer but ends the same.
    await queue
      .handBack(job, stopping.aborted ? 0 : retryMs)
      .catch((fault) => log.warn({ err: fault }, `${queue.what} could not be handed back`))
  } finally {
    clearInterval(renewal)
    await renewing
  }
}

/** `count` of them, for jobs that wait more than they work. */
export function startLeasedWorkers<Job>(
  count: number,
  queue: LeasedQueue<Job>,
  log: Log,
  options: LeasedWorkOptions = {},
): LeasedWork {
  const workers = Array.from({ length: count }, () => startLeasedWork(queue, log, options))
  return {
    wake: () => {
      for (const worker of workers) worker.wake()
    },
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()))
    },
  }
}
