import { crc32, deflateRawSync } from 'node:zlib'

/** A file of a ZIP to write. Whatever is given beside `data` is written as it is, true or not: that is how hostile archives are made. */
export interface ZipPart {
  path: string | Uint8Array
  data: Uint8Array | string
  /** `data` is deflated already. */
  isPacked?: boolean
  /** 0 stored, 8 deflated (when absent). */
  method?: number
  flags?: number
  /** Upper half: Unix mode. */
  attributes?: number
  packed?: number
  unpacked?: number
  crc?: number
  /** Where its local header is said to stand. */
  offset?: number
  /** Sizes and checksum after the data and not before, as streaming writers do. */
  descriptor?: boolean
}

export interface ZipClaims {
  entries?: number
  directoryAt?: number
  comment?: string
}

const utf8 = 0x800

/** A ZIP, byte by byte. The same parts give the same bytes. */
export function writeZip(parts: readonly ZipPart[], claims: ZipClaims = {}): Uint8Array {
  const out: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  const put = (bytes: Uint8Array) => {
    out.push(bytes)
    at += bytes.length
  }
  for (const part of parts) {
    const data = typeof part.data === 'string' ? Buffer.from(part.data) : part.data
    const name = typeof part.path === 'string' ? Buffer.from(part.path) : part.path
    const method = part.method ?? 8
    const body = method === 8 && !part.isPacked ? deflateRawSync(data) : data
    const flags = (part.flags ?? (typeof part.path === 'string' ? utf8 : 0)) | (part.descriptor ? 8 : 0)
    const sizes = [part.crc ?? crc32(data), part.packed ?? body.length, part.unpacked ?? data.length] as const
    const offset = part.offset ?? at
    put(numbers([4, 0x04034b50], [2, 20], [2, flags], [2, method], [2, 0], [2, 0x21]))
    put(numbers(...(part.descriptor ? [0, 0, 0] : sizes).map((n) => [4, n] as const), [2, name.length], [2, 0]))
    put(name)
    put(body)
    if (part.descriptor) put(numbers([4, 0x08074b50], ...sizes.map((n) => [4, n] as const)))
    directory.push(
      numbers([4, 0x02014b50], [2, (3 << 8) | 20], [2, 20], [2, flags], [2, method], [2, 0], [2, 0x21]),
      numbers(...sizes.map((n) => [4, n] as const), [2, name.length], [2, 0], [2, 0], [2, 0], [2, 0]),
      numbers([4, part.attributes ?? 0], [4, offset]),
      name,
    )
  }
  const directoryAt = at
  for (const record of directory) put(record)
  const comment = Buffer.from(claims.comment ?? '')
  const count = (claims.entries ?? parts.length) & 0xffff
  put(numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, at - directoryAt]))
  put(numbers([4, claims.directoryAt ?? directoryAt], [2, comment.length]))
  put(comment)
  return Buffer.concat(out)
}

/** Paths and contents as a ZIP. */
export function zipOf(files: Record<string, Uint8Array | string>): Uint8Array {
  return writeZip(Object.entries(files).map(([path, data]) => ({ path, data })))
}

function numbers(...fields: (readonly [bytes: number, value: number])[]): Uint8Array {
  const buffer = Buffer.alloc(fields.reduce((sum, [bytes]) => sum + bytes, 0))
  let at = 0
  for (const [bytes, value] of fields)
    at = bytes === 4 ? buffer.writeUInt32LE(value >>> 0, at) : buffer.writeUInt16LE(value, at)
  return buffer
}
