import type { Readable } from 'node:stream'

/** What may wait here before the sender is told to pause. */
const mostWaiting = 256 * 1024

/**
 * All bytes of a body that came, also when it breaks off: a stream that is iterated throws away what it holds as soon as its
 * connection is cut, and whoever resumes would send it again. The sender learns from the offset how far it got.
 */
export async function* deliveredBytes(body: Readable): AsyncGenerator<Buffer> {
  const waiting: Buffer[] = []
  let bytes = 0
  let ended = false
  let wake: () => void = () => undefined
  const take = (chunk: Buffer) => {
    waiting.push(chunk)
    bytes += chunk.length
    if (bytes > mostWaiting) body.pause()
    wake()
  }
  const end = () => {
    ended = true
    wake()
  }
  body.on('data', take)
  for (const event of endings) body.on(event, end)
  try {
    for (;;) {
      const chunk = waiting.shift()
      if (chunk) {
        bytes -= chunk.length
        yield chunk
      } else if (ended) return
      else {
        body.resume()
        await new Promise<void>((resolve) => {
          wake = resolve
          if (waiting.length || ended) resolve()
        })
      }
    }
  } finally {
    // Whoever stops early leaves the rest to others: it must not be collected here.
    body.off('data', take)
    for (const event of endings) body.off(event, end)
    body.on('error', () => undefined) // one that breaks off afterwards is nobody's fault any more
  }
}

/** `error`: it broke off, and what is missing shows in the offset. */
const endings = ['end', 'error', 'close'] as const
