/** Goes through a backup from first to last and holds everything it says against everything else. Whoever restores is told of each table as it comes. */
import { createHash, type Hash } from 'node:crypto'
import { BackupError, readFrames } from './frames.ts'
import { type BackupHeader, type BackupTable, type Closing, frameKinds, type TableEnd } from './layout.ts'

const mostTables = 1_000
const name = /^[a-z][a-z0-9_]{0,62}$/
const type = /^[a-z][a-z0-9 ]{0,60}(\(\d+(,\d+)?\))?(\[\])?$/

export interface BackupVisitor {
  header?(header: BackupHeader): void | Promise<void>
  /** The rows that follow are of this table. */
  table?(table: BackupTable): void | Promise<void>
  rows?(bytes: Buffer): void | Promise<void>
  end?(end: TableEnd): void | Promise<void>
}

export interface ReadBackup {
  header: BackupHeader
  rows: number
  sealedSecrets: string | undefined
}

export async function readBackup(path: string, visitor: BackupVisitor = {}): Promise<ReadBackup> {
  let header: BackupHeader | undefined
  let open: { table: BackupTable; hash: Hash; bytes: number } | undefined
  let closing: Closing | undefined
  let sealedSecrets: string | undefined
  let done = 0
  let rows = 0
  const damaged = (why: string) => new BackupError(`${path} is damaged: ${why}`)
  for await (const { kind, bytes } of readFrames(path)) {
    if (closing) throw damaged('something stands behind its end')
    if (!header && kind !== frameKinds.header) throw damaged('it does not begin with its header')
    if (open && kind !== frameKinds.rows && kind !== frameKinds.end)
      throw damaged(`the table ${open.table.name} has no end`)
    switch (kind) {
      case frameKinds.header:
        if (header) throw damaged('it has two headers')
        header = headerOf(bytes, path)
        await visitor.header?.(header)
        break
      case frameKinds.table: {
        const table = header?.tables[done]
        if (!table || jsonOf<BackupTable>(bytes, path).name !== table.name)
          throw damaged('its tables do not come in the order that it says')
        open = { table, hash: createHash('sha256'), bytes: 0 }
        await visitor.table?.(table)
        break
      }
      case frameKinds.rows:
        if (!open) throw damaged('rows stand outside of a table')
        open.hash.update(bytes)
        open.bytes += bytes.length
        await visitor.rows?.(bytes)
        break
      case frameKinds.end: {
        const end = jsonOf<TableEnd>(bytes, path)
        if (
          !open ||
          end.hash !== open.hash.digest('hex') ||
          end.bytes !== open.bytes ||
          !Number.isSafeInteger(end.rows)
        )
          throw damaged(`the rows of ${open?.table.name ?? 'a table'} are not those that were written`)
        await visitor.end?.(end)
        rows += end.rows
        done++
        open = undefined
        break
      }
      case frameKinds.secrets:
        sealedSecrets = bytes.toString('utf8')
        break
      case frameKinds.closing:
        closing = jsonOf<Closing>(bytes, path)
    }
  }
  if (!header || !closing || open) throw new BackupError(`${path} was cut off: its end is missing`)
  if (closing.tables !== done || done !== header.tables.length || closing.rows !== rows)
    throw damaged('not all of its tables are there')
  return { header, rows, sealedSecrets }
}

function headerOf(bytes: Buffer, path: string): BackupHeader {
  const header = jsonOf<BackupHeader>(bytes, path)
  if (header.version !== 1) throw new BackupError(`${path} was written by a newer version: restore it with that one`)
  const { tables, migrations } = header
  const isSound =
    Array.isArray(migrations) &&
    migrations.length > 0 &&
    migrations.every((one) => typeof one?.name === 'string' && typeof one.checksum === 'string') &&
    Array.isArray(tables) &&
    tables.length <= mostTables &&
    new Set(tables.map((table) => table?.name)).size === tables.length &&
    tables.every(
      (table) =>
        name.test(table?.name ?? '') &&
        Array.isArray(table.columns) &&
        table.columns.every((column) => name.test(column?.name ?? '') && type.test(column?.type ?? '')),
    )
  if (!isSound) throw new BackupError(`${path} is damaged: its header is not one`)
  return header
}

function jsonOf<T>(bytes: Buffer, path: string): T {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null) return value as T
  } catch {
    // told below, like everything else that is no object
  }
  throw new BackupError(`${path} is damaged: a part of it is no JSON`)
}
