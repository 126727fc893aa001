/** Parsing in a worker thread, with limits of memory and time. */
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { ParsedFile } from '@tributary/formats'
import { Piscina } from 'piscina'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { listenToThread } from './thread-line.ts'

export interface ParseTask {
  port: MessagePort
  filename: string
  now: number
}

export type ParseOutcome = { parsed: ParsedFile } | { refused: Refusal }

/** Why nothing of a file could be used: the format's own words, or ours for a thread that died over it. */
export interface Refusal {
  code: string
  detail: string
  /** For the log. */
  cause?: unknown
}

export interface ParserLimits {
  threads: number
  /** Of a thread's JavaScript objects; columns of numbers are bounded by the formats' own limits. */
  heapMb: number
  timeoutMs: number
  /** A thread that has nothing to do for so long ends, and its memory is free. */
  idleMs: number
}

export const parserLimits: ParserLimits = { threads: 2, heapMb: 192, timeoutMs: 120_000, idleMs: 20_000 }

export interface StoredFile {
  filename: string
  /** The next part of its bytes; null after the last. Its buffer is handed over. */
  nextPart(): Promise<Uint8Array<ArrayBuffer> | null>
}

export interface Parser {
  parse(file: StoredFile, signal: AbortSignal): Promise<ParseOutcome>
  /** Starts a thread, so that the file which is about to come finds it ready. */
  warm(): void
  close(): Promise<void>
}

const script = new URL('./parse-thread.ts', import.meta.url).href

export interface ParserEdges {
  clock: Clock
  log: Pick<Log, 'warn'>
}

export function createParser({ clock, log }: ParserEdges, limits: ParserLimits = parserLimits): Parser {
  const { threads, heapMb, idleMs } = limits
  const pool = new Piscina<ParseTask | null, void>({
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: idleMs,
    concurrentTasksPerWorker: 1,
    atomics: 'disabled', // a thread that waits in Atomics.wait would not hear its file's bytes come in
    recordTiming: false,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  })
  // A thread that dies between two files harms none; without a listener it would end the program.
  pool.on('error', (err) => log.warn({ err }, 'a parsing thread died while it had nothing to do'))
  return {
    async parse(file, signal) {
      const { port1, port2 } = new MessageChannel()
      const timeout = AbortSignal.timeout(limits.timeoutMs)
      const line = listenToThread(port1, file)
      const task: ParseTask = { port: port2, filename: file.filename, now: clock.now() }
      const run = pool.run(task, {
        filename: script,
        transferList: [port2],
        signal: AbortSignal.any([signal, timeout, line.broken]),
      })
      try {
        await run
        return await line.outcome
      } catch (error) {
        signal.throwIfAborted()
        line.broken.throwIfAborted()
        return { refused: explain(error, timeout.aborted, limits) }
      } finally {
        port1.close()
      }
    },
    warm() {
      if (pool.threads.length === 0) pool.run(null, { filename: script }).catch(() => undefined) // the file itself will meet the same fault, and tell
    },
    close: () => pool.destroy(),
  }
}

function explain(error: unknown, late: boolean, { heapMb, timeoutMs }: ParserLimits): Refusal {
  if (late) return { code: 'parse_timeout', detail: `Reading it took longer than ${timeoutMs / 1_000} seconds` }
  const { code } = error as { code?: string }
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return { code: 'parse_memory', detail: `Reading it took more memory than the ${heapMb} MB it may have` }
  return {
    code: 'parse_crash',
    detail: 'Reading it failed for a reason that is ours to find; it is in the log',
    cause: error,
  }
}
