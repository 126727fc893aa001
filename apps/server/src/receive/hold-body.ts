/** Bodies of webhooks, read once it is known whose they are: none larger than its provider's may be, and all together no more than this process can hold. */
import type { Readable } from 'node:stream'
import { Problem } from '../platform/problem.ts'

/** Room for one of the largest, and for many of the usual beside it. */
const mostAtOnce = 160 * 1024 * 1024
const retryAfterSeconds = 30

export interface ArrivingBody {
  payload: Readable
  /** What it says of its length; of what is unpacked on the way nothing is known. */
  length: number | undefined
}

/** Reads a body and counts it until `use` is done with it. */
export type HoldBody = <T>(
  body: ArrivingBody | undefined,
  maxBytes: number,
  use: (bytes: Uint8Array) => Promise<T>,
) => Promise<T>

export function createHoldBody(most = mostAtOnce): HoldBody {
  let held = 0
  return async (body, maxBytes, use) => {
    let own = 0
    const take = (bytes: number) => {
      if (own + bytes > maxBytes)
        throw new Problem('payload_too_large', `A body takes at most ${maxBytes} bytes, decompressed`, {
          max_bytes: maxBytes,
        })
      if (held + bytes > most) throw new Problem('busy', 'Too much is being delivered at once', { retryAfterSeconds })
      own += bytes
      held += bytes
    }
    try {
      return await use(body ? await readBody(body, take) : new Uint8Array())
    } finally {
      held -= own
    }
  }
}

/** Of a length that is known one copy is made, as it comes. */
async function readBody({ payload, length }: ArrivingBody, take: (bytes: number) => void): Promise<Uint8Array> {
  try {
    if (length === undefined) return await readUnknown(payload, take)
    take(length)
    const bytes = Buffer.allocUnsafe(length)
    let at = 0
    for await (const chunk of chunksOf(payload)) at += chunk.copy(bytes, at)
    return bytes.subarray(0, at)
  } finally {
    payload.resume() // what is left of a refused one is let go, so that its sender hears why
  }
}

async function readUnknown(payload: Readable, take: (bytes: number) => void): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of chunksOf(payload)) {
    take(chunk.length)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const chunksOf = (payload: Readable): AsyncIterable<Buffer> => payload.iterator({ destroyOnReturn: false })
