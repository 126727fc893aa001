/** Another program's database, of which nothing can be changed: rows come out as JSON, whatever their columns' types. */
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { CommandError } from '../../accounts/commands.ts'
import { openPostgres } from './old-postgres.queries.ts'

export type OldRow = Readonly<Record<string, unknown>>

export interface OldDatabase {
  /** What its things' new ids are made of, beside their old ones: the same whenever the same database is read. */
  name: string
  /** Schema and table, e.g. `device_data.devices`, `public.users`; of SQLite `main.users`. */
  tables: ReadonlyMap<string, ReadonlySet<string>>
  /** Rows in an order of their own, a few at a time. */
  rows(table: string): AsyncIterable<OldRow>
  close(): Promise<void>
}

export async function openOldDatabase(from: string): Promise<OldDatabase> {
  if (/^postgres(ql)?:\/\//.test(from)) return openPostgres(from)
  const path = from.replace(/^(sqlite|file):(\/\/)?/, '')
  if (!existsSync(path))
    throw new CommandError(
      `there is no ${path}: --from takes a postgresql:// address or the file of an SQLite database`,
    )
  return openSqlite(path)
}

function openSqlite(path: string): OldDatabase {
  const db = new DatabaseSync(path, { readOnly: true })
  const names = db
    .prepare(`select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'`)
    .all()
  const tables = new Map(
    names.map(({ name }) => {
      const columns = db.prepare('select name from pragma_table_info(?)').all(String(name))
      return [`main.${name}`, new Set(columns.map((column) => String(column['name'])))] as const
    }),
  )
  return {
    name: `sqlite ${path.split('/').at(-1)}`,
    tables,
    async *rows(table) {
      yield* db
        .prepare(`select * from "${table.slice('main.'.length).replaceAll('"', '""')}"`)
        .iterate() as Iterable<OldRow>
    },
    close: async () => db.close(),
  }
}
