/**
 * So many at once, and the others in the order they came. A pool of threads does not promise that order: Piscina puts a task that found
 * all threads busy behind the others. A file that waits in a thread until the one before it is stored, while that one waits for a thread, would wait
 * for ever.
 */
export class Places {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(most: number) {
    this.#free = most
  }

  /** Rejects with the signal's reason when it is aborted before there is a place. */
  async enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#free > 0) {
      this.#free--
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const giveUp = () => {
      if (this.#waiting.delete(resolve)) reject(signal.reason)
    }
    this.#waiting.add(resolve)
    signal.addEventListener('abort', giveUp, { once: true })
    await promise.finally(() => signal.removeEventListener('abort', giveUp))
  }

  leave(): void {
    const [next] = this.#waiting
    if (!next) this.#free++
    else if (this.#waiting.delete(next)) next()
  }
}
