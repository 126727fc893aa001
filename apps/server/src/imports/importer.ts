/**
 * Works through the queue of imports, which is the table itself. Several processes may do so on one database: each import is
 * claimed with a lease that is renewed while its holder lives, and taken over when it is not. Woken right after an upload's
 * commit; a look once a second finds what other processes left.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { uuidv7 } from 'uuidv7'
import { everyHour } from '../platform/every-hour.ts'
import type { Edges } from './edges.ts'
import { holdImport } from './hold-import.ts'
import { claimImport } from './queue.queries.ts'
import { sweepOrphans } from './sweep.ts'

export interface ImporterOptions {
  /** Imports read at the same time by this process. */
  atOnce?: number
  leaseMs?: number
  pollMs?: number
}

export interface ImportQueue {
  /** There is something new. */
  wake(): void
  /** A file is on its way. */
  warm(): void
}

export interface Importer extends ImportQueue {
  /** Hands back what it holds; whoever comes next begins the current file again. */
  stop(): Promise<void>
}

export function startImporter(
  edges: Edges,
  { atOnce = 2, leaseMs = 15_000, pollMs = 1_000 }: ImporterOptions = {},
): Importer {
  const { db, log, parser } = edges
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  let alarm = new AbortController()

  /** Takes what it can carry. */
  async function fill(): Promise<void> {
    while (running.size < atOnce && !stopping.signal.aborted) {
      const held = await db.asWriter((tx) => claimImport(tx, uuidv7(), leaseMs))
      if (!held) return
      const work = holdImport(edges, held, leaseMs, stopping.signal).finally(() => {
        running.delete(work)
        wake()
      })
      running.add(work)
    }
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      alarm = new AbortController()
      await fill().catch((error) => log.warn({ err: error }, 'the queue of imports cannot be read'))
      await pause(pollMs, undefined, { signal: AbortSignal.any([alarm.signal, stopping.signal]) }).catch(
        () => undefined,
      ) // woken early
    }
  }

  function wake(): void {
    alarm.abort()
  }

  async function sweep(): Promise<void> {
    const parts = await sweepOrphans(db, edges.clock.now())
    if (parts) log.info({ parts }, 'parts of uploads that broke off were removed')
  }

  const stopSweeping = everyHour('removing parts of uploads that broke off', sweep, log, { atStart: true })
  const loop = work()
  return {
    wake,
    warm: () => parser.warm(),
    stop: async () => {
      stopping.abort(new Error('the program stops'))
      await loop
      await Promise.all([...running, stopSweeping()])
      await parser.close()
    },
  }
}
