/** Webhooks on their way: sent once at once, and again by the clock while nobody took them. */

export interface DeliveryStyle {
  /** ms that the receiver has to answer. */
  patience: number
  /** ms from the first attempt to each further one. */
  retries: readonly number[]
  /** 2xx when absent. */
  isTaken?(status: number): boolean
}

/** What came of an attempt: a status, or null for none in time. */
export interface Attempt {
  status: number | null
  isTaken: boolean
  isLast: boolean
}

type Send = (request: Request) => Promise<Response>

interface Waiting {
  at: number
  run(): Promise<void>
}

export class Courier {
  readonly #now: () => number
  readonly #send: Send | undefined
  #waiting: Waiting[] = []

  constructor(now: () => number, send: Send | undefined) {
    this.#now = now
    this.#send = send
  }

  /** One question whose answer the cloud wants: a handshake. Null when there is none in time. */
  async ask(url: string, init: RequestInit, patience: number): Promise<Response | null> {
    if (!this.#send) return null
    const signal = AbortSignal.timeout(patience)
    const late = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }))
    const request = new Request(url, { ...init, signal })
    // Whatever the receiver does wrong is its failure, not ours: it counts as no answer.
    return Promise.race([late, this.#send(request).catch(() => null)])
  }

  /** `make` is asked anew at each attempt, as signatures carry the time. */
  async deliver(
    url: string,
    make: () => RequestInit,
    style: DeliveryStyle,
    tell: (attempt: Attempt) => void = () => undefined,
  ): Promise<void> {
    const begun = this.#now()
    const attempt = async (n: number): Promise<void> => {
      const answer = await this.ask(url, make(), style.patience)
      await answer?.body?.cancel()
      const isTaken = answer !== null && (style.isTaken?.(answer.status) ?? answer.ok)
      const wait = style.retries[n]
      tell({ status: answer?.status ?? null, isTaken, isLast: isTaken || wait === undefined })
      if (!isTaken && wait !== undefined) this.later(begun + wait, () => attempt(n + 1))
    }
    if (this.#send) await attempt(0)
  }

  later(at: number, run: () => Promise<void>): void {
    this.#waiting.push({ at, run })
  }

  /** In the order in which things become due, also what becomes due meanwhile. */
  async catchUp(): Promise<void> {
    for (;;) {
      const due = this.#waiting.filter(({ at }) => at <= this.#now()).sort((a, b) => a.at - b.at)[0]
      if (!due) return
      this.#waiting = this.#waiting.filter((one) => one !== due)
      await due.run()
    }
  }
}
