import pg from 'pg'
import { leftOut } from '../layout.ts'

/** For each table how many rows it has, and a sum over the hashes of all of them: equal where every row is. */
export async function rowHashes(admin: pg.ClientConfig): Promise<Record<string, string>> {
  const client = new pg.Client(admin)
  await client.connect()
  try {
    await client.query('set search_path to tributary')
    const tables = await client.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'tributary'::regnamespace and relkind = 'r' and relname <> all ($1) order by relname`,
      [leftOut],
    )
    const hashes: Record<string, string> = {}
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ n: string; sum: string | null }>(
        `select count(*)::text as n, sum(hashtextextended(t::text, 7)::numeric)::text as sum from ${pg.escapeIdentifier(name)} t`,
      )
      hashes[name] = `${rows[0]?.n} rows, ${rows[0]?.sum ?? 0}`
    }
    return hashes
  } finally {
    await client.end()
  }
}
