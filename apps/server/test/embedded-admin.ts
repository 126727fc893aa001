import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'

/** A superuser's connection to the database that a program started beside its data. */
export async function embeddedAdmin(dataDir: string): Promise<pg.ClientConfig> {
  const [, , , line, socket] = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')
  const password = (await readFile(join(dataDir, 'secrets', 'postgres'), 'utf8')).trim()
  return { host: socket?.trim() || 'localhost', port: Number(line), user: 'postgres', password, database: 'postgres' }
}
