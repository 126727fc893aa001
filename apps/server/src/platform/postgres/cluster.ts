import { execFile } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Binaries } from './copy-binaries.ts'
import { identity, type RunUser } from './run-user.ts'
import { flushDirectory, writeDurably } from './write-durably.ts'

/** PostgreSQL's processes see none of our environment: it holds keys, and LANG or PG* variables would change what they do. */
export function environment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env
  return { LC_ALL: 'C', TZ: 'UTC', ...(PATH && { PATH }), ...(SystemRoot && { SystemRoot }) }
}

interface NewCluster {
  dir: string
  binaries: Binaries
  user: RunUser
  password: string
  flush: boolean
}

/**
 * Makes the cluster in a neighbouring directory and renames it into place, so a cluster that is there is whole: an initdb that was killed
 * half-way leaves a neighbour, which the next start removes.
 */
export async function makeCluster({ dir, binaries, user, password, flush }: NewCluster): Promise<void> {
  removeUnfinished(dir)
  const fresh = `${dir}.new-${process.pid}`
  mkdirSync(fresh, { mode: 0o700 })
  if (user.kind !== 'self') chownSync(fresh, user.uid, user.gid)
  // initdb reads the password as the run user, from a file outside the directory it fills.
  const passwordFile = `${fresh}.password`
  writeDurably(passwordFile, `${password}\n`, user.kind === 'self' ? {} : { owner: user })
  try {
    await initdb(binaries.initdb, user, [
      `--pgdata=${fresh}`,
      `--pwfile=${passwordFile}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--text-search-config=pg_catalog.simple',
      '--no-instructions',
      ...(flush ? [] : ['--no-sync']),
    ])
  } finally {
    rmSync(passwordFile)
  }
  renameSync(fresh, dir)
  flushDirectory(dirname(dir))
  removeUnfinished(dir) // what the orphan of a killed start wrote in the meantime
}

async function initdb(program: string, user: RunUser, args: string[]): Promise<void> {
  try {
    await promisify(execFile)(program, args, { ...identity(user), cwd: '/', env: environment() })
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim()
    throw new Error(`Could not make the database: ${said || (cause as Error).message}`, { cause })
  }
}

/** An initdb whose parent was killed may still be writing there; it gives up when its files go. */
function removeUnfinished(dir: string): void {
  const prefix = `${basename(dir)}.new-`
  for (const name of readdirSync(dirname(dir))) {
    if (name.startsWith(prefix)) rmSync(join(dirname(dir), name), { recursive: true, force: true, maxRetries: 10 })
  }
}

/** Whether there is a cluster these binaries can open. Anything else in its place is somebody's, and never removed. */
export function hasCluster(dir: string, major: string): boolean {
  if (!existsSync(dir) || readdirSync(dir).length === 0) return false
  const file = join(dir, 'PG_VERSION')
  if (!existsSync(file))
    throw new Error(`${dir} holds files, but no database. Move them away, or choose another DATA_DIR.`)
  const version = readFileSync(file, 'utf8').trim()
  if (version !== major) {
    throw new Error(
      `The database in ${dir} was made by PostgreSQL ${version}; this version of Tributary brings ${major}. Back up with the version that made it, then restore here.`,
    )
  }
  return true
}
