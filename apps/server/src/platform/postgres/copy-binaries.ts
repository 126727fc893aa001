import { execFile } from 'node:child_process'
import { constants, existsSync } from 'node:fs'
import {
  chmod,
  chown,
  copyFile,
  type FileHandle,
  lchown,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { dirname, extname, join, relative } from 'node:path'
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
  await mkdir(into, { recursive: true })
  await chmod(into, 0o755)
  await removeUnfinished(into)
  const fresh = join(into, `.new-${process.pid}`)
  await copyTree(source.native, fresh)
  await makeLinks(source, fresh)
  if (user.kind === 'person') await giveTo(user, into, fresh)
  await mustRun(binariesIn(fresh).postgres, user)
  await rename(fresh, home)
  flushDirectory(into)
}

/** Each file is flushed: a half-written library would be found again at every start, and the rename must not overtake the contents. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to)
  await chmod(to, 0o755)
  const files: string[] = []
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (extname(entry.name) === '.a' || leftOut.has(entry.name)) continue
    const [old, fresh] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(old, fresh)
    else if (entry.isSymbolicLink()) await symlink(await readlink(old), fresh)
    else files.push(entry.name)
  }
  // Four at a time, which is how many threads Node has for files; fs.cp takes three times as long for these thousand.
  const rest = files.values()
  await Promise.all(Array.from({ length: 4 }, () => copyFiles(rest, from, to)))
}

async function copyFiles(names: Iterable<string>, from: string, to: string): Promise<void> {
  for (const name of names) {
    const fresh = join(to, name)
    await copyFile(join(from, name), fresh, constants.COPYFILE_FICLONE)
    const file = await open(fresh, 'r+')
    await setModeAndFlush(file, await stat(join(from, name))).finally(() => file.close())
  }
}

/** A strict umask at installation or now (077) would keep the run user out. */
async function setModeAndFlush(file: FileHandle, { mode }: { mode: number }): Promise<void> {
  await file.chmod(mode & 0o100 ? 0o755 : 0o644)
  await file.sync()
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
