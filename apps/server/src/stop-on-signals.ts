import type { Running } from './start.ts'

/** Asked to stop while it starts, the program starts to the end and then stops: what was started is known only then. */
export function stopOnSignals(): { started: (program: Running) => void } {
  let running: Running | undefined
  let asked = false
  const stop = async () => {
    if (!running) return
    // Work in hand gets ten seconds; a request that never ends must not keep the program alive.
    setTimeout(() => process.exit(1), 15_000).unref()
    await running.stop()
    process.exit(0)
  }
  const hear = () => {
    if (asked) return
    asked = true
    void stop()
  }
  process.on('SIGTERM', hear)
  process.on('SIGINT', hear)
  // A closed terminal; without one (nohup, a service) the signal keeps the meaning it was given.
  if (process.stdin.isTTY) process.on('SIGHUP', hear)
  return {
    started: (program) => {
      running = program
      if (asked) void stop()
    },
  }
}
