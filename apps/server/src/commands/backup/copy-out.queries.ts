import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { BackupHeader, BackupTable } from './layout.ts'
import { leftOut } from './layout.ts'

export interface Snapshot {
  migrations: BackupHeader['migrations']
  tables: BackupTable[]
  /** The rows of one table, in pieces of PostgreSQL's choosing, and at last how many there were. */
  copy(table: BackupTable): AsyncGenerator<Buffer, number>
}

/** One moment of the whole database, held while `work` reads it; others write on. Undefined answers when there is no schema. */
export async function inSnapshot<T>(
  admin: pg.ClientConfig,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T | undefined> {
  const client = new pg.Client({ ...admin, application_name: 'tributary-backup' })
  client.on('error', () => undefined) // a connection that is lost: the next statement says so
  await client.connect()
  try {
    const { rows } = await client.query<{ made: boolean }>(
      `select to_regclass('tributary.migrations') is not null as made`,
    )
    if (!rows[0]?.made) return undefined
    await client.query('begin isolation level repeatable read read only')
    // Sees all rows, by the policy that each table has for it, and is no superuser.
    await client.query('set local role trb_owner')
    const migrations = await client.query<{ name: string; checksum: string }>(
      'select name, checksum from tributary.migrations order by name',
    )
    return await work({
      migrations: migrations.rows,
      tables: await listTables(client),
      copy: (table) => copyTable(client, table),
    })
  } finally {
    await client.end()
  }
}

export async function listTables(client: pg.Client): Promise<BackupTable[]> {
  const { rows } = await client.query<{ table: string; name: string; type: string }>(
    `select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
     from pg_attribute a
     join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
     where c.relnamespace = 'tributary'::regnamespace and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and c.relname <> all ($1)
     order by c.relname, a.attnum`,
    [leftOut],
  )
  return [...Map.groupBy(rows, ({ table }) => table)].map(([name, columns]) => ({
    name,
    columns: columns.map(({ name, type }) => ({ name, type })),
  }))
}

async function* copyTable(client: pg.Client, { name, columns }: BackupTable): AsyncGenerator<Buffer, number> {
  const list = columns.map((column) => pg.escapeIdentifier(column.name)).join(', ')
  const stream = client.query(copyTo(`copy tributary.${pg.escapeIdentifier(name)} (${list}) to stdout (format binary)`))
  for await (const chunk of stream) yield chunk as Buffer
  return stream.rowCount
}
