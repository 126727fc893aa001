/** The thread's end of the line: bytes on request, and what was read handed over, never more than two things ahead of the store. */
import type { MessagePort, Transferable } from 'node:worker_threads'
import type { FromThread, ToThread } from './thread-messages.ts'

/** A stored part: asking for less would read it as often. */
export const readBytes = 1024 * 1024
const mostAhead = 2

export class Line {
  readonly size: number
  readonly #port: MessagePort
  readonly #waiting = new Map<number, (bytes: Uint8Array) => void>()
  #reads = 0
  #ahead = 0
  #room: () => void = () => undefined
  #head: { length: number; bytes: Promise<Uint8Array> } | undefined

  constructor(port: MessagePort, size: number) {
    this.#port = port
    this.size = size
    port.on('message', (message: ToThread) => {
      if (message === 'taken') {
        this.#ahead--
        this.#room()
      } else {
        this.#waiting.get(message.read)?.(message.bytes)
        this.#waiting.delete(message.read)
      }
    })
  }

  readAt(offset: number, length: number): Promise<Uint8Array> {
    const most = Math.max(0, Math.min(length, this.size - offset))
    if (most === 0) return Promise.resolve(new Uint8Array(0))
    const read = this.#reads++
    const { promise, resolve } = Promise.withResolvers<Uint8Array>()
    this.#waiting.set(read, resolve)
    this.#say({ read, offset, length: most })
    return promise
  }

  /** From the start to the end, with the next stretch on its way while one is worked on. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    let next = this.#first()
    for (let at = 0; at < this.size; ) {
      const bytes = await next
      at += bytes.length
      if (at < this.size) next = this.readAt(at, readBytes)
      yield bytes
    }
  }

  /** The first bytes; what is read for them is not read again for the first chunk. */
  async head(length: number): Promise<Uint8Array> {
    return (await this.#first()).subarray(0, length)
  }

  #first(): Promise<Uint8Array> {
    this.#head ??= { length: readBytes, bytes: this.readAt(0, readBytes) }
    return this.#head.bytes
  }

  /** Waits while the store is behind. */
  async hand(
    message: Extract<FromThread, { piece: unknown } | { part: unknown }>,
    moved: Transferable[],
  ): Promise<void> {
    while (this.#ahead >= mostAhead)
      await new Promise<void>((resolve) => {
        this.#room = resolve
      })
    this.#ahead++
    this.#say(message, moved)
  }

  end(outcome: Extract<FromThread, { outcome: unknown }>['outcome'], moved: Transferable[]): void {
    this.#say({ outcome }, moved)
  }

  #say(message: FromThread, moved: Transferable[] = []): void {
    this.#port.postMessage(message, moved)
  }
}
