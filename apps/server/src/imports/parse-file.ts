/** Parsing in a worker thread, with limits of memory and time. */
import { setFlagsFromString } from 'node:v8'
import { MessageChannel } from 'node:worker_threads'
import type { CsvMap, Piece } from '@tributary/formats'
import { Piscina } from 'piscina'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { Places } from './places.ts'
import { listenToThread } from './thread-line.ts'
import type { EntryPart, ParseOutcome, ParseTask, Refusal } from './thread-messages.ts'

export type { ParseOutcome, Refusal } from './thread-messages.ts'

export interface ParserLimits {
  threads: number
  /** Of a thread's JavaScript objects; columns of numbers are bounded by the formats' own limits. */
  heapMb: number
  /** A thread that asks for nothing and hands over nothing for so long is given up: an export of gigabytes may take minutes, but not in silence. */
  silentMs: number
  /** A thread that has nothing to do for so long ends, and its memory is free. */
  idleMs: number
}

export const parserLimits: ParserLimits = { threads: 2, heapMb: 192, silentMs: 60_000, idleMs: 20_000 }

export interface StoredFile {
  filename: string
  bytes: number
  timeZone: string
  depth: number
  entriesTaken: readonly number[]
  mappings: readonly CsvMap[]
  /** In a buffer of its own, which is handed over. */
  readAt(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>
}

/** What is done with what a file gives on the way; the thread waits for it. */
export interface Taker {
  piece(piece: Piece, format: string): Promise<void>
  part(part: EntryPart): Promise<void>
}

export interface Parser {
  parse(file: StoredFile, taker: Taker, signal: AbortSignal): Promise<ParseOutcome>
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
  // The program's own nurseries are set when it starts, and a thread's would be as large whatever its limits say: what begins from here on has less.
  setFlagsFromString('--max-semi-space-size=8')
  const pool = new Piscina<ParseTask | null, void>({
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: idleMs,
    concurrentTasksPerWorker: 1,
    atomics: 'disabled', // a thread that waits in Atomics.wait would not hear its file's bytes come in
    recordTiming: false,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
  })
  // A thread that dies between two files harms none; without a listener it would end the program.
  pool.on('error', (err) => log.warn({ err }, 'a parsing thread died while it had nothing to do'))
  const places = new Places(threads)
  return {
    async parse(file, taker, signal) {
      await places.enter(signal)
      const { port1, port2 } = new MessageChannel()
      const line = listenToThread(port1, file, taker, limits.silentMs)
      const { readAt: _bytes, ...told } = file
      const run = pool.run(
        { ...told, port: port2, now: clock.now() },
        {
          filename: script,
          transferList: [port2],
          signal: AbortSignal.any([signal, line.late, line.broken]),
        },
      )
      try {
        await run.finally(() => places.leave())
        return await Promise.race([line.outcome, rejectWhen(AbortSignal.any([line.broken, signal]))])
      } catch (error) {
        signal.throwIfAborted()
        line.broken.throwIfAborted()
        return { refused: explain(error, line.late.aborted, limits) }
      } finally {
        line.close()
        port1.close()
      }
    },
    warm() {
      if (pool.threads.length === 0) pool.run(null, { filename: script }).catch(() => undefined) // the file itself will meet the same fault, and tell
    },
    close: () => pool.destroy(),
  }
}

function rejectWhen(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  if (signal.aborted) reject(signal.reason)
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return promise
}

function explain(error: unknown, late: boolean, { heapMb, silentMs }: ParserLimits): Refusal {
  if (late)
    return { code: 'parse_timeout', detail: `Reading it came to a stop for longer than ${silentMs / 1_000} seconds` }
  const { code } = error as { code?: string }
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return { code: 'parse_memory', detail: `Reading it took more memory than the ${heapMb} MB it may have` }
  return {
    code: 'parse_crash',
    detail: 'Reading it failed for a reason that is ours to find; it is in the log',
    cause: error,
  }
}
