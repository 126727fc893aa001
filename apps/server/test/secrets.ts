/** For tests that look for secrets where none may stand. */
import { asAdmin, type FreshDatabase } from './database.ts'

/** As it could stand somewhere: itself, in hex, and in Base64 at each of the three places where it can begin. */
export function spellings(secret: string): string[] {
  const inBase64 = [0, 1, 2].flatMap((at) => {
    const text = Buffer.from(' '.repeat(at) + secret).toString('base64')
    const inner = text.slice(at ? 4 : 0, -4) // the ends are mixed with what stands beside
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })
  return [secret, Buffer.from(secret).toString('hex'), encodeURIComponent(secret), ...inBase64]
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
