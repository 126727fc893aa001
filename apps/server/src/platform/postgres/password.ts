import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ownerOfFiles, type RunUser } from './run-user.ts'
import { writeDurably } from './write-durably.ts'

const fileIn = (dataDir: string) => join(dataDir, 'secrets', 'postgres')

/** The superuser's password, made at the first start and never leaving this file. */
export function readOrMakePassword(dataDir: string, user: RunUser): string {
  const file = fileIn(dataDir)
  if (existsSync(file)) return readPassword(dataDir)
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
  return readFileSync(fileIn(dataDir), 'utf8').trim()
}
