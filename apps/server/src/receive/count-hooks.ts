import type { Log } from '../platform/log.ts'
import type { HookEdges, HookOutcome } from './take-hook.ts'

const everyMs = 60_000

/** What came to nothing is said in the log once a minute at most, as counts: anybody can post to these addresses. */
export function countHooks(log: Pick<Log, 'info'>, now = () => Date.now()): HookEdges['count'] {
  const counts = new Map<string, number>()
  let said = now()
  return (provider, outcome) => {
    const key = `${provider} ${outcome satisfies HookOutcome}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
    if (now() - said < everyMs) return
    said = now()
    log.info({ operation: 'receiveHook', counts: Object.fromEntries(counts) }, 'what providers posted')
    counts.clear()
  }
}
