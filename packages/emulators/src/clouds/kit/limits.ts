/** How many requests a brand answers, and what it says of it. */

export interface Window {
  requests: number
  seconds: number
  /** `clock`: at every multiple of its length since midnight UTC · `first`: with the first request after the last one ended. */
  starts: 'clock' | 'first'
  /** Whose requests it counts: the app's, or one account's with it. */
  per: 'app' | 'account'
  /** Which requests count; all when absent. */
  counts?(method: string, path: string): boolean
}

export interface LimitState {
  limit: number
  used: number
  /** Whole seconds until it starts anew, and when that is since 1970. */
  resets: number
  resetsAt: number
  isOver: boolean
}

export interface LimitStyle {
  windows: readonly Window[]
  /** A refused request still counts, but in the window that refused it. */
  refusedCounts?: true
  /** What an app gets beyond `requests` for each account it has, by window. */
  perAccount?: readonly number[]
  /** On every answer that was counted. */
  headers?(windows: readonly LimitState[]): Record<string, string>
  tooMany(windows: readonly LimitState[]): Response
}

/** A request, as far as limits look at it. */
export interface Counted {
  app: string
  account?: string
  /** How many the app has. */
  accounts: number
  method: string
  path: string
}

interface Count {
  startedAt: number
  used: number
}

export class Meter {
  readonly #style: LimitStyle
  readonly #given: readonly number[] | undefined
  readonly #counts = new Map<string, Count>()

  constructor(style: LimitStyle, given: readonly number[] | undefined) {
    this.#style = style
    this.#given = given
  }

  /** Counts one request and says how the windows stand then. */
  take({ app, account = '', accounts, method, path }: Counted, now: number): LimitState[] {
    const { windows, refusedCounts, perAccount } = this.#style
    const states = windows.map((window, i) => {
      const whose = `${i}/${app}/${window.per === 'account' ? account : ''}`
      const count = this.#counts.get(whose) ?? { startedAt: Number.NEGATIVE_INFINITY, used: 0 }
      this.#counts.set(whose, count)
      const length = window.seconds * 1000
      if (now >= count.startedAt + length) {
        count.startedAt = window.starts === 'clock' ? Math.floor(now / length) * length : now
        count.used = 0
      }
      const limit = (this.#given?.[i] ?? window.requests) + (perAccount?.[i] ?? 0) * accounts
      // What an app asks for itself is nobody's account.
      const isCounted = (window.per === 'app' || account !== '') && (window.counts?.(method, path) ?? true)
      const resetsAt = Math.ceil((count.startedAt + length) / 1000)
      const resets = Math.ceil(resetsAt - now / 1000)
      const isOver = isCounted && count.used >= limit
      return { count, isCounted, state: { limit, used: count.used, resets, resetsAt, isOver } }
    })
    const isRefused = states.some(({ state }) => state.isOver)
    for (const { count, isCounted, state } of states) {
      if (isCounted && !state.isOver && (!isRefused || refusedCounts)) count.used++
      state.used = count.used
    }
    return states.map(({ state }) => state)
  }
}
