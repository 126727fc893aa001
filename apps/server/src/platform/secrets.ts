/** Secrets this installation made for itself: one file each in DATA_DIR/secrets, readable by its owner only. */
import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Secrets {
  encryptionKey: string
  /** What sealed before `tributary keys rotate` began and may still be needed: the change was broken off. */
  formerKeys: readonly string[]
  jwtKey: string
  databaseRoles: string
}

const keyFile = 'encryption-key'
const formerFile = 'encryption-key.former'

/** Reads the three, or makes the missing ones. A value from the environment wins and is never written down. */
export async function loadSecrets(
  dataDir: string,
  given: { encryptionKey?: string | undefined; jwtKey?: string | undefined; databaseRoles?: string | undefined },
): Promise<Secrets> {
  const former = await readIfThere(join(dataDir, 'secrets', formerFile))
  const encryptionKey = given.encryptionKey ?? (await readOrMake(dataDir, keyFile))
  return {
    encryptionKey,
    formerKeys: former && former !== encryptionKey ? [former] : [],
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

/** The secret that this installation made goes, the one it is to have comes, and is on disk to stay. */
export async function replaceSecret(dataDir: string, name: string, value: string): Promise<void> {
  const folder = join(dataDir, 'secrets')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = join(folder, `${name}.${process.pid}`)
  await writeFile(draft, value, { mode: 0o600, flush: true })
  await rename(draft, join(folder, name))
  const entries = await open(folder)
  try {
    await entries.sync()
  } finally {
    await entries.close()
  }
}

/**
 * Puts a new encryption key in place; the former one is on disk beside it before that, and until `endKeyChange`. One that was broken
 * off is gone on with: its new key stays. `isNew` says which of the two it was.
 */
export async function beginKeyChange(dataDir: string): Promise<{ secrets: KeyChange; isNew: boolean }> {
  const path = (name: string) => join(dataDir, 'secrets', name)
  const present = await readOrMake(dataDir, keyFile)
  const former = await readIfThere(path(formerFile))
  if (former && former !== present) return { secrets: { encryptionKey: present, formerKeys: [former] }, isNew: false }
  const encryptionKey = randomBytes(32).toString('base64url')
  await replaceSecret(dataDir, formerFile, present)
  await replaceSecret(dataDir, keyFile, encryptionKey)
  return { secrets: { encryptionKey, formerKeys: [present] }, isNew: true }
}

type KeyChange = Pick<Secrets, 'encryptionKey' | 'formerKeys'>

/** Nothing is sealed by the former key any more. */
export const endKeyChange = (dataDir: string): Promise<void> =>
  rm(join(dataDir, 'secrets', formerFile), { force: true })

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim() || undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
