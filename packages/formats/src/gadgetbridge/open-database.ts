import { randomBytes } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { FormatError } from '../parsed-file.ts'
import type { FileInput } from '../piece.ts'

const largest = 4_000_000_000

export type Cell = number | string | null

/** A table that is one: neither a view nor virtual, and none of its columns is computed when it is read. */
export interface Table {
  name: string
  columns: readonly string[]
}

/**
 * Somebody's SQLite file, for reading. SQLite opens paths only, so the bytes lie in a file of their own, whose name is gone as soon as it is open. What the file
 * may bring along to act with (views, triggers, virtual tables, computed columns) never runs: only plain tables are read, by
 * statements that are ours, and an authorizer refuses everything else.
 */
export class Database {
  readonly tables: ReadonlyMap<string, Table>
  /** Tables that are passed over because reading them would run what the file says. */
  readonly refused: readonly string[]
  readonly #sqlite: DatabaseSync
  readonly #folder: string
  /** A damaged tree can lead in circles: no honest table has more rows than this. */
  readonly #mostRows: number

  private constructor(sqlite: DatabaseSync, folder: string, size: number) {
    this.#sqlite = sqlite
    this.#folder = folder
    this.#mostRows = Math.max(1000, Math.ceil(size / 4))
    const refused: string[] = []
    this.tables = this.#readTables(refused)
    this.refused = refused
    this.#lock()
  }

  static async open(input: FileInput): Promise<Database> {
    if (input.size > largest) throw new FormatError('too_large', `the database is larger than ${largest / 1e9} GB`)
    const folder = await mkdtemp(join(tmpdir(), 'tributary-db-'))
    let sqlite: DatabaseSync | undefined
    try {
      const path = join(folder, randomBytes(8).toString('hex'))
      await copyTo(path, input)
      // immutable: no locks, and no -wal or -shm beside a copy that has none
      sqlite = new DatabaseSync(new URL(`${pathToFileURL(path).href}?immutable=1`), {
        readOnly: true,
        defensive: true,
        allowExtension: false,
        enableForeignKeyConstraints: false,
        limits: { length: 20_000_000, sqlLength: 100_000, attach: 0, triggerDepth: 1 },
      })
      sqlite.exec(
        'pragma trusted_schema = off; pragma cell_size_check = on; pragma mmap_size = 0; pragma query_only = on; pragma cache_size = -16000',
      )
      const database = new Database(sqlite, folder, input.size)
      // An open file needs no name, except on Windows: a process that is killed from here on leaves nothing behind.
      if (process.platform !== 'win32') await rm(folder, { recursive: true })
      return database
    } catch (error) {
      sqlite?.close()
      await rm(folder, { recursive: true, force: true })
      throw asDamage(error)
    }
  }

  async close(): Promise<void> {
    this.#sqlite.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /**
   * Rows of a table in the order they are stored, as numbers, texts and nulls; a blob, and a text above 100,000 characters, is null.
   * @throws FormatError where the file is damaged; the rows before it were given.
   */
  *rows(name: string, wanted: readonly string[]): Generator<Record<string, Cell>> {
    const table = this.tables.get(name)
    const columns = wanted.filter((column) => table?.columns.includes(column))
    if (!columns.length) return
    const list = columns.map((column) => {
      const quoted = `"${column}"`
      return `iif(typeof(${quoted}) in ('integer', 'real'), cast(${quoted} as real), iif(typeof(${quoted}) = 'text', substr(${quoted}, 1, 100000), null)) as ${quoted}`
    })
    let count = 0
    try {
      for (const row of this.#sqlite.prepare(`select ${list.join(', ')} from main."${name}"`).iterate()) {
        if (count++ >= this.#mostRows)
          throw new FormatError('database_damaged', `${name} has more rows than the file has room for`)
        yield row as Record<string, Cell>
      }
    } catch (error) {
      throw asDamage(error)
    }
  }

  #readTables(refused: string[]): Map<string, Table> {
    const tables = new Map<string, Table>()
    const schema = this.#sqlite.prepare(
      "select name, type, sql from main.sqlite_schema where type in ('table', 'view') and typeof(name) = 'text' and typeof(sql) = 'text' limit 5000",
    )
    for (const { name, type, sql } of schema.all() as { name: string; type: string; sql: string }[]) {
      if (/^sqlite_/i.test(name)) continue
      if (type !== 'table' || /^\s*create\s+virtual\b/i.test(sql) || !/^[A-Za-z0-9_]{1,64}$/.test(name))
        refused.push(name)
      else {
        const info = this.#sqlite.prepare(`pragma main.table_xinfo("${name}")`).all() as {
          name: string
          hidden: number
        }[]
        if (info.some(({ hidden }) => hidden !== 0)) refused.push(name)
        else
          tables.set(name, {
            name,
            columns: info.map((column) => column.name).filter((column) => /^\w{1,64}$/.test(column)),
          })
      }
    }
    return tables
  }

  /** From here on only reading of tables, and of the functions our own statements use. */
  #lock(): void {
    const functions = new Set(['typeof', 'iif', 'substr'])
    this.#sqlite.setAuthorizer((action, _first, second) => {
      if (action === constants.SQLITE_SELECT || action === constants.SQLITE_READ) return constants.SQLITE_OK
      if (action === constants.SQLITE_FUNCTION && functions.has(String(second))) return constants.SQLITE_OK
      return constants.SQLITE_DENY
    })
  }
}

async function copyTo(path: string, input: FileInput): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of input.chunks()) await file.write(chunk)
  } finally {
    await file.close()
  }
}

function asDamage(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_SQLITE_ERROR') return error
  return new FormatError('database_damaged', `the database is damaged: ${error.message}`, error)
}
