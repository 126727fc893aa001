import pg from 'pg'
import type { OldDatabase, OldRow } from './old-database.ts'

const together = 500

/** One snapshot, read only: what changes there meanwhile is not seen, and nothing of ours can change it. */
export async function openPostgres(url: string): Promise<OldDatabase> {
  const client = new pg.Client({ connectionString: url, application_name: 'tributary-move-in' })
  await client.connect()
  await client.query('begin isolation level repeatable read read only')
  await client.query(`set local timezone to 'UTC'`)
  const { rows: columns } = await client.query<{ table: string; column: string }>(
    `select n.nspname || '.' || c.relname as "table", a.attname as "column"
     from pg_attribute a
     join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
     join pg_namespace n on n.oid = c.relnamespace
     where a.attnum > 0 and not a.attisdropped and n.nspname not in ('pg_catalog', 'information_schema', 'tributary')`,
  )
  const { rows: named } = await client.query<{ name: string }>('select current_database() as name')
  const tables = new Map(
    [...Map.groupBy(columns, ({ table }) => table)].map(([table, own]) => [
      table,
      new Set(own.map(({ column }) => column)),
    ]),
  )
  let cursors = 0
  return {
    name: `postgresql ${named[0]?.name}`,
    tables,
    async *rows(table) {
      const cursor = `old_rows_${++cursors}`
      const place = table
        .split('.')
        .map((part) => client.escapeIdentifier(part))
        .join('.')
      await client.query(`declare ${cursor} no scroll cursor for select to_jsonb(t) as row from ${place} as t`)
      for (;;) {
        const { rows } = await client.query<{ row: OldRow }>(`fetch ${together} from ${cursor}`)
        for (const { row } of rows) yield row
        if (rows.length < together) break
      }
      await client.query(`close ${cursor}`)
    },
    close: async () => {
      await client.query('rollback')
      await client.end()
    },
  }
}
