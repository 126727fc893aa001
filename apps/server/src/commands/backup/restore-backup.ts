import { isDeepStrictEqual } from 'node:util'
import type pg from 'pg'
import { loadMigrations, type Migration, migrate } from '../../platform/db/migrate.ts'
import { keyOpens } from '../../platform/sealing.ts'
import { dropSchema, type Forgotten, inRestore, lookAt, type Restoring } from './copy-in.queries.ts'
import { BackupError } from './frames.ts'
import type { BackupHeader, BackupTable } from './layout.ts'
import { readBackup } from './read-backup.ts'

export interface RestoreOptions {
  path: string
  admin: pg.ClientConfig
  roleSecret: string
  /** The key of the installation that is restored into: the backup's own when its secrets were opened. */
  encryptionKey: string
  onTable?(done: number, of: number): void
}

export interface RestoreResult {
  rows: number
  /** Nothing, when the secrets open. */
  forgotten: Forgotten
}

const nothing: Forgotten = { connections: 0, apps: [], webhooks: [], notices: 0 }

/** Into a database that has nobody in it, and only there. The file was read to its end before: what it says of itself is true. */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreResult> {
  const { path, admin, roleSecret } = options
  const { header } = await readBackup(path)
  const known = await knownMigrations(header, path)
  const state = await lookAt(admin)
  if (state.isServed) throw new BackupError('a server is running on this database: stop it first')
  if (state.people)
    throw new BackupError(
      `this database has ${state.people} ${state.people === 1 ? 'account' : 'accounts'} in it, and a restore never writes over data`,
    )
  if (state.hasSchema) await dropSchema(admin)
  await migrate({ admin, roleSecret, migrations: known })
  const result = await inRestore(admin, (restoring) => copyIn(restoring, options)).catch(
    (error: { code?: string; message: string }) => {
      // Class 22: not a value of its type; class 23: breaks a rule of the schema.
      if (!/^2[23]/.test(error.code ?? '')) throw error
      throw new BackupError(
        `${path} holds what its own schema does not allow, so nothing was restored: ${error.message}`,
        { cause: error },
      )
    },
  )
  await migrate({ admin, roleSecret }) // from the backup's schema to ours
  return result
}

/** The schema of the backup must be one that this version came by. Nothing of the database is looked at: this can be asked before anything is in the way. */
export async function knownMigrations({ migrations }: BackupHeader, path: string): Promise<Migration[]> {
  const known = (await loadMigrations()).slice(0, migrations.length)
  const strange = migrations.find(({ name, checksum }, i) => known[i]?.name !== name || known[i]?.checksum !== checksum)
  if (strange)
    throw new BackupError(
      `${path} has the schema ${strange.name}, which this version does not know: restore it with the version that wrote it, or a newer one`,
    )
  return known
}

async function copyIn(restoring: Restoring, { path, encryptionKey, onTable }: RestoreOptions): Promise<RestoreResult> {
  const here = new Map(restoring.tables.map((table) => [table.name, table]))
  let done = 0
  let rows = 0
  await readBackup(path, {
    header: ({ tables }) => {
      for (const table of tables) assertFits(table, here.get(table.name), path)
    },
    table: (table) => {
      onTable?.(done++, here.size)
      restoring.beginTable(table)
    },
    rows: (bytes) => restoring.write(bytes),
    end: async (end) => {
      const came = await restoring.endTable()
      if (came !== end.rows) throw new BackupError(`${path} says ${end.name} has ${end.rows} rows, but ${came} came`)
      rows += came
    },
  })
  const sentinel = await restoring.findSentinel()
  const canOpen = sentinel === undefined || keyOpens(encryptionKey, sentinel)
  return { rows, forgotten: canOpen ? nothing : await restoring.forgetSealed() }
}

function assertFits(table: BackupTable, here: BackupTable | undefined, path: string): void {
  if (!here || !isDeepStrictEqual(table.columns, here.columns))
    throw new BackupError(`${path} has a table ${table.name} as its own schema does not have it`)
}
