/** Labels that name one byte per character; only these are believed once the bytes turned out not to be UTF-8. */
const singleByte = /^(iso-8859-\d+|windows-125\d|latin-?1|us-ascii)$/i

/**
 * Bytes to text. A byte-order mark wins; otherwise UTF-8 is tried first, whatever the declaration says, as text in another
 * encoding is hardly ever valid UTF-8 by chance. From the first invalid byte on, the declared encoding or windows-1252 is used.
 */
export async function* textChunks(
  chunks: AsyncIterable<Uint8Array>,
  mislabelled: (detail: string) => void,
): AsyncGenerator<string> {
  let decode: ((bytes: Uint8Array) => string) | undefined
  let begun = false
  for await (const chunk of chunks) {
    decode ??= decoderFor(chunk, mislabelled)
    let text = decode(chunk)
    if (!begun) {
      text = text.replace(/^[\uFEFF\s]+/, '')
      begun = text.length > 0
    }
    if (text) yield text
  }
}

function decoderFor(first: Uint8Array, mislabelled: (detail: string) => void): (bytes: Uint8Array) => string {
  const [a, b] = first
  if (a === 0xff && b === 0xfe) return streaming('utf-16le')
  if (a === 0xfe && b === 0xff) return streaming('utf-16be')
  const head = String.fromCharCode(...first.subarray(0, 200))
  return utf8Or(/encoding\s*=\s*["']([\w-]+)["']/.exec(head)?.[1], mislabelled)
}

function streaming(label: string): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder(label)
  return (bytes) => decoder.decode(bytes, { stream: true })
}

function utf8Or(declared: string | undefined, mislabelled: (detail: string) => void): (bytes: Uint8Array) => string {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const label = declared && singleByte.test(declared) ? declared : 'windows-1252'
  let other: ((bytes: Uint8Array) => string) | undefined
  let held = new Uint8Array(0)
  return (chunk) => {
    if (other) return other(chunk)
    const bytes = held.length ? Buffer.concat([held, chunk]) : chunk
    const end = completeUntil(bytes)
    held = Uint8Array.from(bytes.subarray(end))
    try {
      return utf8.decode(bytes.subarray(0, end))
    } catch {
      mislabelled(`the text is not UTF-8${declared ? `, declared as ${declared}` : ''}: read as ${label}`)
      other = streaming(label)
      held = new Uint8Array(0)
      return other(bytes)
    }
  }
}

/** Where a character begins that this chunk does not end, or the chunk's end. */
function completeUntil(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number
    if (byte >= 0xc0) return byte >= (back === 1 ? 0xc0 : back === 2 ? 0xe0 : 0xf0) ? bytes.length - back : bytes.length
    if (byte < 0x80) break
  }
  return bytes.length
}
