import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ownerOfFiles, type RunUser } from './run-user.ts'
import { writeDurably } from './write-durably.ts'

const fileIn = (dataDir: string) => join(dataDir, 'secrets', 'postgres')

/** The superuser's password, made before the database is and never leaving this file. */
export function makePassword(dataDir: string, user: RunUser): string {
  const file = fileIn(dataDir)
  if (existsSync(file)) return readPassword(dataDir) // of a first start that did not get far
  const dir = join(dataDir, 'secrets')
  const owner = ownerOfFiles(user)
  if (!existsSync(dir)) {
    mkdirSync(dir, { mode: 0o700 })
    if (owner) chownSync(dir, owner.uid, owner.gid)
  }
  const password = randomBytes(32).toString('base64url')
  writeDurably(file, `${password}\n`, { owner })
  return password
}

export function readPassword(dataDir: string): string {
  const file = fileIn(dataDir)
  if (!existsSync(file))
    throw new Error(`${file}, the password of the database, is missing. Bring it back from a backup.`)
  return readFileSync(file, 'utf8').trim()
}
