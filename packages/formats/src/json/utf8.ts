/** JSON in UTF-16 (with its byte-order mark) as UTF-8; everything else as it is. */
export async function* utf8Of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let recode: ((bytes: Uint8Array) => Uint8Array) | undefined
  let held: Uint8Array = new Uint8Array(0)
  for await (const chunk of chunks) {
    if (!recode) {
      held = held.length ? Buffer.concat([held, chunk]) : chunk
      if (held.length < 2) continue
      recode = recoderFor(held)
      yield recode(held)
    } else yield recode(chunk)
  }
  if (!recode && held.length) yield held
}

function recoderFor(head: Uint8Array): (bytes: Uint8Array) => Uint8Array {
  const label = utf16Label(head)
  if (!label) return (bytes) => bytes
  const decoder = new TextDecoder(label)
  return (bytes) => Buffer.from(decoder.decode(bytes, { stream: true }))
}

export function utf16Label(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return undefined
}
