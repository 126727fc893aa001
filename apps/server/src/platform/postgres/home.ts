import { createHash } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Log } from './log.ts'
import { canEnter, ownerOfFiles, type RunUser } from './run-user.ts'
import { writeDurably } from './write-durably.ts'

/** Where the parts of one embedded PostgreSQL are. `root` is DATA_DIR unless the run user cannot get there. */
export interface Home {
  root: string
  cluster: string
  binaries: string
  configFile: string
  logFile: string
  ownerLock: string
  usersLock: string
}

export function homeAt(root: string): Home {
  return {
    root,
    cluster: join(root, 'postgres'),
    binaries: join(root, 'postgres-bin'),
    configFile: join(root, 'postgres.conf'),
    logFile: join(root, 'postgres-log', 'postgres.log'),
    ownerLock: join(root, 'postgres.owner.lock'),
    usersLock: join(root, 'postgres.users.lock'),
  }
}

const record = (dataDir: string) => join(dataDir, 'postgres.location')

/** Where the cluster is by what DATA_DIR says, before we know who will run it. */
export function recordedHome(dataDir: string): Home {
  const file = record(dataDir)
  if (!existsSync(file)) return homeAt(dataDir)
  const root = readFileSync(file, 'utf8').trim()
  if (!existsSync(root)) {
    throw new Error(
      `${file} says that the database is in ${root}, which does not exist. Bring it back from a backup, or remove ${file} to begin with an empty database.`,
    )
  }
  return homeAt(ours(root, () => root))
}

export function clusterOwner(home: Home): number | undefined {
  return process.getuid && existsSync(home.cluster) ? statSync(home.cluster).uid : undefined
}

/**
 * Makes sure that the run user can reach the cluster. A DATA_DIR below a closed directory (root's own home is 0700) is out of reach for
 * `postgres`, and opening root's home to them would be worse: then the database lives below `elsewhere`, and DATA_DIR remembers where.
 */
export function chooseHome(dataDir: string, user: RunUser, elsewhere: string, log: Log): Home {
  const home = recordedHome(dataDir)
  openTo(user, home.root)
  if (canEnter(user, home.root)) return home
  const closed = firstClosed(user, home.root)
  if (existsSync(home.cluster)) {
    throw new Error(
      `The database in ${home.cluster} belongs to ${user.name}, who cannot enter ${closed}. Allow it (chmod o+x ${closed}).`,
    )
  }
  const root = join(elsewhere, createHash('sha256').update(dataDir).digest('hex').slice(0, 16))
  if (mkdirSync(elsewhere, { recursive: true })) chmodSync(elsewhere, 0o755) // whatever the umask
  mkdirSync(root, { recursive: true, mode: 0o700 })
  openTo(user, root)
  if (!canEnter(user, root))
    throw new Error(`${user.name} can enter neither ${closed} nor ${root}. Set DATA_DIR to a directory they can reach.`)
  writeDurably(record(dataDir), `${root}\n`)
  log({
    level: 'warn',
    msg: `PostgreSQL runs as ${user.name}, who cannot enter ${closed}: the database is kept in ${root} (remembered in ${record(dataDir)}; back up both)`,
  })
  return homeAt(root)
}

/** The locks and the log, readable by their owner only: us, or the person behind sudo, who will start without it one day. */
export function makeFiles({ ownerLock, usersLock, logFile }: Home, user: RunUser): void {
  const owner = ownerOfFiles(user)
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 })
  if (owner) chownSync(dirname(logFile), owner.uid, owner.gid)
  for (const file of [ownerLock, usersLock, logFile]) {
    closeSync(openSync(file, 'a', 0o600))
    if (owner) chownSync(file, owner.uid, owner.gid)
  }
}

/** Ours alone to enter; directories above that did not exist are made like any others. */
export function makeDataDir(dir: string): string {
  const path = resolve(dir)
  // initdb starts the server through a shell, with its path in double quotes; these would break out of them.
  if (process.platform !== 'win32' && /["$`\\\n]/.test(path)) {
    throw new Error(
      `DATA_DIR is ${path}, but PostgreSQL's tools take no path with a double quote, dollar sign, backtick, backslash or line break.`,
    )
  }
  return ours(path, () => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return realpathSync(path)
  })
}

/** The usual reason is a first start as root and a later one as somebody else. */
function ours(dir: string, look: () => string): string {
  try {
    const path = look()
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    return path
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EACCES') throw cause
    throw new Error(
      `This user may not use ${dir}. Start Tributary as the user who made it (root, if root did the first time).`,
      { cause },
    )
  }
}

/** A directory of ours lets the run user through, and nobody else: what is inside keeps its own modes. */
function openTo(user: RunUser, dir: string): void {
  if (user.kind === 'self') return
  const { uid, gid, mode } = statSync(dir)
  if (uid !== 0) return // a person's own directory: theirs to arrange
  if (user.kind === 'person') {
    chownSync(dir, user.uid, user.gid)
    return
  }
  if (mode & 0o001 || (gid === user.gid && mode & 0o010)) return
  chownSync(dir, 0, user.gid)
  chmodSync(dir, (mode & 0o700) | 0o010)
}

function firstClosed(user: RunUser, dir: string): string {
  const parent = dirname(dir)
  return parent === dir || canEnter(user, parent) ? dir : firstClosed(user, parent)
}
