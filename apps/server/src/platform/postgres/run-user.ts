import { execFileSync, spawnSync } from 'node:child_process'
import type { Log } from './log.ts'

/**
 * Who PostgreSQL runs as. It refuses root, so a start by root needs somebody else:
 *   self     we are not root (or on Windows): PostgreSQL is simply our child
 *   person   the user behind sudo, or whoever owns the cluster: what we make is given to them, so that they can start without sudo later
 *   system   `postgres` or `nobody`: they get the cluster and the socket, everything else stays root's
 */
export type RunUser =
  | { kind: 'self'; name: string }
  | { kind: 'person' | 'system'; name: string; uid: number; gid: number }

export interface Account {
  name: string
  uid: number
  gid: number
}

export interface Circumstances {
  uid: number | undefined
  env: NodeJS.ProcessEnv
  /** Looks an account up by name or number; PostgreSQL needs one that the system knows. */
  lookUp: (nameOrUid: string) => Account | undefined
  clusterOwner: number | undefined
  log: Log
}

const systemAccounts = ['postgres', 'nobody']

export function chooseRunUser({ uid, env, lookUp, clusterOwner, log }: Circumstances): RunUser {
  if (uid === undefined) return { kind: 'self', name: 'this user' }
  if (uid !== 0) return ourselves(uid, lookUp, clusterOwner)
  if (clusterOwner) return whoever(clusterOwner, lookUp) // its files decide: PostgreSQL only opens a cluster of its own user
  const behindSudo = env['SUDO_UID'] && env['SUDO_UID'] !== '0' ? lookUp(env['SUDO_UID']) : undefined
  if (behindSudo && behindSudo.uid !== 0) return { kind: 'person', ...behindSudo }
  const account = lookUp('postgres') ?? lookUp('nobody')
  if (!account || account.uid === 0) {
    throw new Error(
      'PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as. Start Tributary as a normal user.',
    )
  }
  if (account.name === 'nobody') {
    log({
      level: 'warn',
      msg: 'PostgreSQL does not run as root and there is no user `postgres`: running it as `nobody`',
    })
  }
  return { kind: 'system', ...account }
}

function ourselves(uid: number, lookUp: Circumstances['lookUp'], clusterOwner: number | undefined): RunUser {
  if (clusterOwner !== undefined && clusterOwner !== uid) {
    const owner = lookUp(String(clusterOwner))?.name ?? `user ${clusterOwner}`
    throw new Error(
      `The database belongs to ${owner}. Start Tributary as ${owner} or as root, as it was the first time.`,
    )
  }
  const account = lookUp(String(uid))
  if (!account) {
    throw new Error(
      `User id ${uid} has no entry in the password database, which PostgreSQL insists on. Run as a known user, or set DATABASE_URL.`,
    )
  }
  return { kind: 'self', name: account.name }
}

function whoever(uid: number, lookUp: Circumstances['lookUp']): RunUser {
  const owner = lookUp(String(uid))
  if (!owner)
    throw new Error(
      `The database belongs to user id ${uid}, whom this system does not know. Give it to a known user with chown -R.`,
    )
  return { kind: systemAccounts.includes(owner.name) ? 'system' : 'person', ...owner }
}

/** The system's own answer, so that accounts from LDAP and the like count too. */
export function lookUpAccount(nameOrUid: string): Account | undefined {
  if (process.platform === 'linux') {
    const [name, , uid, gid] = ask('getent', 'passwd', nameOrUid).split(':')
    return name && uid && gid ? { name, uid: Number(uid), gid: Number(gid) } : undefined
  }
  const [name, uid, gid] = [ask('id', '-un', nameOrUid), ask('id', '-u', nameOrUid), ask('id', '-g', nameOrUid)]
  if (name && uid && gid) return { name, uid: Number(uid), gid: Number(gid) }
  return undefined
}

/** Empty when the command says no such account. */
function ask(command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch (error) {
    if (typeof (error as { status?: unknown }).status === 'number') return ''
    throw error
  }
}

/** Root's files that a person will need when they start without sudo; a system account gets none of them. */
export function ownerOfFiles(user: RunUser): { uid: number; gid: number } | undefined {
  return user.kind === 'person' ? { uid: user.uid, gid: user.gid } : undefined
}

export function identity(user: RunUser): { uid?: number; gid?: number } {
  return user.kind === 'self' ? {} : { uid: user.uid, gid: user.gid }
}

/** Tried rather than computed from the mode bits: access lists and mandatory access control have a say too. */
export function canEnter(user: RunUser, dir: string): boolean {
  if (user.kind === 'self') return true
  const tried = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', dir], { ...identity(user), cwd: '/', stdio: 'ignore' })
  if (tried.error)
    throw new Error(`Cannot start a process as ${user.name}; root without the right to change users?`, {
      cause: tried.error,
    })
  return tried.status === 0
}
