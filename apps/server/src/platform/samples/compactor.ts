import type { CompactOptions, CompactResult } from './compact.ts'

export interface CompactorOptions extends Omit<CompactOptions, 'now'> {
  compact(options: CompactOptions): Promise<CompactResult>
  now: () => number
  /** Between two looks for work; when there is more than fits one look, the next follows at once. */
  intervalMs?: number
  log: { warn(fields: object, message: string): void }
}

export interface Compactor {
  /** Resolves when the look under way, if any, is over. */
  stop(): Promise<void>
}

/** Compacts in the background until it is stopped. A failure is logged and tried again at the next look. */
export function startCompactor({ compact, now, log, intervalMs = 15_000, ...limits }: CompactorOptions): Compactor {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()

  async function look(): Promise<void> {
    let more = false
    try {
      const result = await compact({ ...limits, now: now() })
      more = result.more && result.days > 0
      for (const { userId, seriesId, error } of result.failures)
        log.warn({ err: error, user: userId, series: seriesId }, 'a day was not compacted')
    } catch (error) {
      log.warn({ err: error }, 'compaction failed')
    }
    if (!stopped) schedule(more ? 0 : intervalMs)
  }

  function schedule(delayMs: number): void {
    timer = setTimeout(() => {
      running = look()
    }, delayMs)
    timer.unref()
  }

  schedule(intervalMs)
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
