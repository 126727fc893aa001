import type { ArchiveEntry } from '../piece.ts'

/** A session of a day at one value a second, with all its streams, has 20 MB. */
const longestLine = 48_000_000

export interface Line {
  /** From 0. */
  index: number
  text: string
  /** Of the entry, after this line. */
  bytes: number
}

/** The lines of a text entry, one in memory at a time. One that is too long is given without its text, and the rest is read on. */
export async function* linesOf(
  entry: ArchiveEntry,
  longest = longestLine,
): AsyncGenerator<Line & { tooLong: boolean }> {
  let waiting: Uint8Array[] = []
  let held = 0
  let index = 0
  let bytes = 0
  const take = (tooLong: boolean) => {
    const text = tooLong ? '' : Buffer.concat(waiting).toString('utf8')
    waiting = []
    held = 0
    return { index: index++, text, bytes, tooLong }
  }
  for await (const chunk of entry.chunks()) {
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(10, from)
      const part = chunk.subarray(from, end === -1 ? chunk.length : end)
      held += part.length
      if (held <= longest) waiting.push(part)
      else waiting = []
      bytes += part.length + (end === -1 ? 0 : 1)
      from = end === -1 ? chunk.length : end + 1
      if (end !== -1) {
        const line = take(held > longest)
        if (line.tooLong || line.text.trim()) yield line
      }
    }
  }
  if (held) yield take(held > longest)
}
