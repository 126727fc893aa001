/** For tests that look for secrets where none may stand. */
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { asAdmin, type FreshDatabase } from './database.ts'

/** As it could stand somewhere: itself, as text of other kinds escapes it, in hex, in UTF-16, and in Base64 at each of the three places where it can begin. */
export function spellings(secret: string): string[] {
  const inBase64 = [0, 1, 2].flatMap((at) => {
    const text = Buffer.from(' '.repeat(at) + secret).toString('base64')
    const inner = text.slice(at ? 4 : 0, -4) // the ends are mixed with what stands beside
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })
  const hex = Buffer.from(secret).toString('hex')
  const escaped = [
    encodeURIComponent(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
    secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;'),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
  ]
  const wide = Buffer.from(secret, 'utf16le').toString('latin1')
  return [...new Set([secret, hex, hex.toUpperCase(), wide, ...escaped, ...inBase64])]
}

/** Every row of every table, as a dump has it: text, and bytes as hex. */
export async function dumpOf({ admin }: Pick<FreshDatabase, 'admin'>): Promise<string> {
  return asAdmin(admin, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    )
    const texts: string[] = []
    for (const { name } of rows) {
      const { rows: lines } = await client.query<{ line: string }>(`select t::text as line from ${name} t`)
      texts.push(...lines.map(({ line }) => line))
    }
    return texts.join('\n')
  })
}

/** Which of the secrets stand in some bytes, in whatever spelling. One look at each byte, however many there are: files of a database are large. */
export type Search = (where: string | Uint8Array) => string[]

export function searchFor(secrets: Iterable<string>): Search {
  const wanted = new Map<number, { bytes: Buffer; secret: string }[]>()
  const begins = new Uint8Array(2 ** 20)
  for (const secret of secrets)
    for (const spelt of spellings(secret)) {
      const bytes = Buffer.from(spelt, 'latin1')
      if (bytes.length < shortest) throw new Error(`too short to be looked for: ${spelt}`)
      const start = bytes.readInt32BE(0)
      wanted.set(start, [...(wanted.get(start) ?? []), { bytes, secret }])
      begins[placeOf(start)] = 1
    }
  return (where) => {
    const bytes =
      typeof where === 'string' ? Buffer.from(where) : Buffer.from(where.buffer, where.byteOffset, where.length)
    const found = new Set<string>()
    let last = 0
    for (let at = 0; at < bytes.length; at++) {
      last = (last << 8) | (bytes[at] as number)
      if (at < 3 || !begins[placeOf(last)]) continue
      for (const one of wanted.get(last) ?? [])
        if (bytes.subarray(at - 3, at - 3 + one.bytes.length).equals(one.bytes)) found.add(one.secret)
    }
    return [...found]
  }
}

const shortest = 8
const placeOf = (start: number) => Math.imul(start, 0x9e3779b1) >>> 12

/** What every file under a folder holds, as it is at this moment, past the names in `except`. Files come and go while a database lives. */
export async function* filesUnder(folder: string, except: readonly string[] = []): AsyncGenerator<[string, Buffer]> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (except.includes(entry.name)) continue
    if (entry.isDirectory()) yield* filesUnder(path, except)
    else if (entry.isFile()) {
      const bytes = await bytesOf(path)
      if (bytes) yield [path, bytes]
    }
  }
}

async function bytesOf(path: string): Promise<Buffer | undefined> {
  try {
    const file = await open(path)
    try {
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
