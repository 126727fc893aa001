import type { Log } from './log.ts'

const hourMs = 3_600_000

/** Housekeeping: once an hour, one at a time; a failure is logged and tried again an hour later. Answers how to stop it, which waits for what is under way. */
export function everyHour(what: string, work: () => Promise<unknown>, log: Log): () => Promise<void> {
  let underWay: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    underWay = underWay.then(work).catch((error: unknown) => log.warn({ err: error }, `${what} failed`))
  }, hourMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await underWay
  }
}
