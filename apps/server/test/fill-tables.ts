/** For the proof of row-level security: a row for each of two people in every table there is, whatever tables there will be. */
import type pg from 'pg'

export interface FilledTable {
  name: string
  /** Columns that can be written. */
  columns: string[]
  personal: boolean
}

/** What stands in a column of this type; `seed` makes people's rows differ where they must. */
const values: Record<string, (seed: number) => string> = {
  bool: () => 'true',
  bytea: (seed) => `'\\x0${seed}'`,
  date: () => `'2026-01-01'`,
  float8: () => '1',
  int2: () => '1',
  int4: () => '1',
  int8: (seed) => String(seed),
  jsonb: () => `'{}'`,
  text: (seed) => `'text ${seed}'`,
  timestamptz: () => `'2026-01-01T00:00:00Z'`,
  uuid: (seed) => `'00000000-0000-7000-8000-00000000000${seed}'`,
}

/** Needs a superuser: checks are dropped and foreign keys sleep, so that no rule of a single table has to be known here. */
export async function fillEveryTable(admin: pg.Client, people: readonly [string, string]): Promise<FilledTable[]> {
  await admin.query('set search_path to tributary')
  await admin.query('set session_replication_role to replica')
  const { rows: checks } = await admin.query<{ line: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as line
     from pg_constraint where connamespace = 'tributary'::regnamespace and contype = 'c'`,
  )
  for (const { line } of checks) await admin.query(line)
  const { rows } = await admin.query<{ name: string; column: string; type: string; array: boolean }>(
    `select c.relname as name, a.attname as column, ltrim(t.typname, '_') as type, t.typname like '\\_%' as array
     from pg_attribute a
     join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
     join pg_type t on t.oid = a.atttypid
     where c.relnamespace = 'tributary'::regnamespace and a.attnum > 0 and not a.attisdropped and a.attidentity = ''
     order by c.relname, a.attnum`,
  )
  const tables = [...Map.groupBy(rows, (row) => row.name)].map(([name, columns]) => ({ name, columns }))
  for (const { name, columns } of tables) {
    if (name === 'migrations') continue
    for (const [at, person] of people.entries()) {
      const row = columns.map(({ column, type, array }) => {
        if (column === 'user_id') return `'${person}'`
        const make = values[type]
        if (!make) throw new Error(`${name}.${column}: no example value for the type ${type}`)
        return array ? `'{}'` : make(at + 1)
      })
      await admin.query(
        `insert into ${name} (${columns.map(({ column }) => column).join(', ')}) values (${row.join(', ')})`,
      )
    }
  }
  await admin.query('reset session_replication_role')
  return tables.map(({ name, columns }) => ({
    name,
    columns: columns.map(({ column }) => column),
    personal: columns.some(({ column }) => column === 'user_id'),
  }))
}
