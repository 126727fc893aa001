import { execFile } from 'node:child_process'
import { constants, existsSync } from 'node:fs'
import { chown, cp, lchown, mkdir, open, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, extname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import type { Package } from './find-binaries.ts'
import { identity, type RunUser } from './run-user.ts'
import { flushDirectory } from './write-durably.ts'

export interface Binaries {
  initdb: string
  postgres: string
  pgCtl: string
}

/** What building extensions needs and running does not. */
const leftOut = new Set(['pgxs', 'pkgconfig', 'include'])

/**
 * Copies the package's native folder into the data directory, once per version. node_modules may be read-only, below a directory that the
 * run user cannot enter, lack its links (made by an install script we do not run), or change under a running server; the copy is none of these.
 */
export async function copyBinaries(source: Package, into: string, user: RunUser): Promise<Binaries> {
  const home = join(into, source.key)
  if (!existsSync(home)) await copy(source, into, home, user)
  return binariesIn(home)
}

/** Where the copy's programs are, or will be. */
export function binariesOf(source: Package, into: string): Binaries {
  return binariesIn(join(into, source.key))
}

function binariesIn(home: string): Binaries {
  const at = (name: string) => join(home, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return { initdb: at('initdb'), postgres: at('postgres'), pgCtl: at('pg_ctl') }
}

async function copy(source: Package, into: string, home: string, user: RunUser): Promise<void> {
  await mkdir(into, { recursive: true, mode: 0o755 })
  await removeUnfinished(into)
  const fresh = join(into, `.new-${process.pid}`)
  await cp(source.native, fresh, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => extname(path) !== '.a' && !leftOut.has(basename(path)),
  })
  await makeLinks(source, fresh)
  if (user.kind === 'person') await giveTo(user, into, fresh)
  await mustRun(binariesIn(fresh).postgres, user)
  await flush(fresh)
  await rename(fresh, home)
  flushDirectory(into)
}

/** Copies that a killed start left behind; ours to remove because the owner's lock is held here. */
async function removeUnfinished(into: string): Promise<void> {
  for (const name of await readdir(into)) {
    if (name.startsWith('.new-')) await rm(join(into, name), { recursive: true, force: true })
  }
}

interface Link {
  source: string
  target: string
}

/** The libraries are found by their short names (libicuuc.so.60), which the package ships as a list only. */
async function makeLinks({ dir, native }: Package, home: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return // Windows has none
  for (const { source, target } of JSON.parse(await readFile(list, 'utf8')) as Link[]) {
    const link = join(home, relative(native, join(dir, target)))
    if (extname(source) === '.a' || existsSync(link) || !existsSync(dirname(link))) continue
    await symlink(relative(dirname(target), source), link)
  }
}

async function giveTo(user: { uid: number; gid: number }, ...dirs: string[]): Promise<void> {
  for (const dir of dirs) {
    await chown(dir, user.uid, user.gid)
    for (const entry of await readdir(dir, { recursive: true })) await lchown(join(dir, entry), user.uid, user.gid)
  }
}

/** A half-written library would be found again at every start; the rename must not overtake the contents. */
async function flush(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = await open(join(entry.parentPath, entry.name), 'r+')
    await file.sync().finally(() => file.close())
  }
}

async function mustRun(postgres: string, user: RunUser): Promise<void> {
  try {
    await promisify(execFile)(postgres, ['--version'], { ...identity(user), cwd: '/', env: {} })
  } catch (cause) {
    const reason = (cause as { stderr?: string; code?: unknown }).stderr?.trim() || (cause as { code?: unknown }).code
    throw new Error(
      `The bundled PostgreSQL does not run here as ${user.name}: ${reason} (${postgres}; is the disk mounted noexec?)`,
      { cause },
    )
  }
}
