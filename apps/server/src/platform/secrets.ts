/** Secrets this installation made for itself: one file each in DATA_DIR/secrets, readable by its owner only. */
import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Secrets {
  encryptionKey: string
  jwtKey: string
  databaseRoles: string
}

/** Reads the three, or makes the missing ones. A value from the environment wins and is never written down. */
export async function loadSecrets(
  dataDir: string,
  given: { encryptionKey?: string | undefined; jwtKey?: string | undefined; databaseRoles?: string | undefined },
): Promise<Secrets> {
  return {
    encryptionKey: given.encryptionKey ?? (await readOrMake(dataDir, 'encryption-key')),
    jwtKey: given.jwtKey ?? (await readOrMake(dataDir, 'jwt-key')),
    databaseRoles: given.databaseRoles ?? (await readOrMake(dataDir, 'database-roles')),
  }
}

/** Two processes starting at once end with the same secret: the file appears whole or not at all, and the first one wins. */
async function readOrMake(
  dataDir: string,
  name: string,
  make = () => randomBytes(32).toString('base64url'),
): Promise<string> {
  const folder = join(dataDir, 'secrets')
  const path = join(folder, name)
  const found = await readIfThere(path)
  if (found) return found
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, make(), { mode: 0o600, flush: true })
  try {
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  const made = await readIfThere(path)
  if (!made) throw new Error(`${path} is empty: restore it from a backup, or remove it to make a new one`)
  return made
}

/** For a restore: the secret that this installation made goes, the one it is to have comes. */
export async function replaceSecret(dataDir: string, name: string, value: string): Promise<void> {
  const folder = join(dataDir, 'secrets')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = join(folder, `${name}.${process.pid}`)
  await writeFile(draft, value, { mode: 0o600, flush: true })
  await rename(draft, join(folder, name))
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim() || undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
