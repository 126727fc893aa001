/** How many requests a brand answers, and what it says of it. */

export interface Window {
  requests: number
  seconds: number
  /** `clock`: at every multiple of its length since midnight UTC · `first`: with the first request after the last one ended. */
  starts: 'clock' | 'first'
  /** Which requests count; all when absent. */
  counts?(method: string, path: string): boolean
}

export interface LimitState {
  limit: number
  used: number
  /** Whole seconds until it starts anew. */
  resets: number
  isOver: boolean
}

export interface LimitStyle {
  windows: readonly Window[]
  /** Whose requests are summed: the app's, or each access token's. */
  per: 'app' | 'grant'
  /** A refused request still counts, but in the window that refused it. */
  refusedCounts?: true
  /** What an app gets beyond `requests` for each account it has, by window. */
  perAccount?: readonly number[]
  /** On every answer that was counted. */
  headers?(windows: readonly LimitState[]): Record<string, string>
  tooMany(windows: readonly LimitState[]): Response
}

interface Count {
  startedAt: number
  used: number
}

export class Meter {
  readonly #style: LimitStyle
  readonly #given: readonly number[] | undefined
  readonly #counts = new Map<string, Count[]>()

  constructor(style: LimitStyle, given: readonly number[] | undefined) {
    this.#style = style
    this.#given = given
  }

  /** Counts one request of `whose`, with as many `accounts`, and says how the windows stand then. */
  take(whose: string, accounts: number, method: string, path: string, now: number): LimitState[] {
    const { windows, refusedCounts, perAccount } = this.#style
    const counts = this.#counts.get(whose) ?? windows.map(() => ({ startedAt: Number.NEGATIVE_INFINITY, used: 0 }))
    this.#counts.set(whose, counts)
    const states = windows.map((window, i) => {
      const count = counts[i] ?? { startedAt: now, used: 0 }
      const length = window.seconds * 1000
      if (now >= count.startedAt + length) {
        count.startedAt = window.starts === 'clock' ? Math.floor(now / length) * length : now
        count.used = 0
      }
      const limit = (this.#given?.[i] ?? window.requests) + (perAccount?.[i] ?? 0) * accounts
      const isCounted = window.counts?.(method, path) ?? true
      const resets = Math.ceil((count.startedAt + length - now) / 1000)
      return { count, isCounted, state: { limit, used: count.used, resets, isOver: isCounted && count.used >= limit } }
    })
    const isRefused = states.some(({ state }) => state.isOver)
    for (const { count, isCounted, state } of states) {
      if (isCounted && !state.isOver && (!isRefused || refusedCounts)) count.used++
      state.used = count.used
    }
    return states.map(({ state }) => state)
  }
}
