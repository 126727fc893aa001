import type { Log } from './log.ts'

const hourMs = 3_600_000

/**
 * Housekeeping: once an hour, and with `atStart` right away; one at a time. A failure is logged and tried again an hour later.
 * Answers how to stop it, which waits for what is under way.
 */
export function everyHour(
  what: string,
  work: () => Promise<unknown>,
  log: Log,
  { atStart = false }: { atStart?: boolean } = {},
): () => Promise<void> {
  let underWay: Promise<unknown> = Promise.resolve()
  const run = () => {
    underWay = underWay.then(work).catch((error: unknown) => log.warn({ err: error }, `${what} failed`))
  }
  const timer = setInterval(run, hourMs)
  timer.unref()
  if (atStart) run()
  return async () => {
    clearInterval(timer)
    await underWay
  }
}
