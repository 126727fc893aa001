/**
 * Works out again what is marked, in the background, person after person. May run in several processes and be killed at any
 * moment. It gives way: after each transaction it rests as long as that took, so that requests have the processor at least
 * half of the time however much there is to do.
 */
import { setTimeout as rest } from 'node:timers/promises'
import type { Database } from '../platform/db/database.ts'
import type { Log } from '../platform/log.ts'
import { transact } from '../platform/samples/sql.ts'
import { resolveStep } from './resolve-step.ts'
import { findPeople } from './work.queries.ts'

export interface Resolver {
  /** Resolves when what is under way is over. */
  stop(): Promise<void>
}

/** With this between two looks a date is at most that and one round old. */
const everyMs = 20_000
const longestRestMs = 250

export function startResolver({
  db,
  log,
  intervalMs = everyMs,
}: {
  db: Database
  log: Log
  intervalMs?: number
}): Resolver {
  const stopping = new AbortController()
  const { signal } = stopping
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()

  async function look(): Promise<void> {
    try {
      await resolveAll(db, log, signal)
    } catch (error) {
      log.warn({ err: error }, 'what is to be worked out again could not be found; tried again in a moment')
    }
    if (!signal.aborted) schedule()
  }

  function schedule(): void {
    timer = setTimeout(() => {
      running = look()
    }, intervalMs)
    timer.unref()
  }

  schedule()
  return {
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await running
    },
  }
}

/** Once round: everything that is marked of everybody when it begins. A person's failure is theirs alone. */
export async function resolveAll(db: Database, log: Log, signal?: AbortSignal): Promise<number> {
  let days = 0
  for (const userId of await transact(db.writerPool, findPeople)) {
    try {
      days += await resolvePerson(db, userId, signal)
    } catch (error) {
      log.warn({ err: error, user: userId }, 'figures of days could not be worked out; tried again in a moment')
    }
    if (signal?.aborted) break
  }
  return days
}

async function resolvePerson(db: Database, userId: string, signal?: AbortSignal): Promise<number> {
  let days = 0
  while (!signal?.aborted) {
    const begun = performance.now()
    const step = await resolveStep(db, userId)
    days += step?.days ?? 0
    if (!step?.more) break
    await rest(Math.min(performance.now() - begun, longestRestMs))
  }
  return days
}
