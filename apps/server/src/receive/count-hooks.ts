import { connections } from '@tributary/protocol'
import type { Log } from '../platform/log.ts'

export type HookOutcome = (typeof connections.webhookOutcomes)[number]
export type HookTally = Record<HookOutcome, number>

export interface HookCounts {
  /** What became of a request, or of a notice in it; no part of it is counted with it. */
  count(provider: string, outcome: HookOutcome): void
  /** Since this process began. */
  of(provider: string): HookTally
}

const everyMs = 60_000
const none = (): HookTally =>
  Object.fromEntries(connections.webhookOutcomes.map((outcome) => [outcome, 0])) as HookTally

/** Said in the log once a minute at most, as counts: anybody can post to these addresses. */
export function countHooks(log: Pick<Log, 'info'>, now = () => Date.now()): HookCounts {
  const totals = new Map<string, HookTally>()
  const unsaid = new Map<string, number>()
  let said = now()
  return {
    count(provider, outcome) {
      const total = totals.get(provider) ?? none()
      total[outcome]++
      totals.set(provider, total)
      const key = `${provider} ${outcome}`
      unsaid.set(key, (unsaid.get(key) ?? 0) + 1)
      if (now() - said < everyMs) return
      said = now()
      log.info({ operation: 'receiveHook', counts: Object.fromEntries(unsaid) }, 'what providers posted')
      unsaid.clear()
    },
    of: (provider) => ({ ...(totals.get(provider) ?? none()) }),
  }
}
