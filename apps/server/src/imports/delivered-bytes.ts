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
  body.on('data', (chunk: Buffer) => {
    waiting.push(chunk)
    bytes += chunk.length
    if (bytes > mostWaiting) body.pause()
    wake()
  })
  const end = () => {
    ended = true
    wake()
  }
  body.once('end', end)
  body.once('error', end) // broken off: what is missing shows in the offset
  body.once('close', end)
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
}
