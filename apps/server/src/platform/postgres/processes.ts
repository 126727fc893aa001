import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'

/** Whether the process is running. One that ended and waits to be reaped is not, though signals still reach it. */
export function isAlive(pid: number): boolean {
  return isTaken(pid) && !(process.platform === 'linux' && isZombie(pid))
}

/** Whether the system still counts the process id as used, which is all that PostgreSQL looks at. */
export function isTaken(pid: number): boolean {
  if (pid <= 0) return false // a signal to 0 would reach our own group
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function isZombie(pid: number): boolean {
  const stat = readProc(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  if (stat === undefined) return true // gone since the signal
  return /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2)) // the name in brackets may hold anything, brackets too
}

/** Whether the process is the postmaster of this cluster: a process id alone says nothing, the system gives it to others. */
export function isPostmasterOf(pid: number, cluster: string): boolean {
  if (!isAlive(pid)) return false
  if (process.platform === 'win32') return true // PostgreSQL itself looks after stale files there
  if (process.platform !== 'linux') return commandOf(pid).includes(cluster)
  // A postmaster stands in its cluster. Root in a container may not see where other users' processes stand (no CAP_SYS_PTRACE), but how they were called.
  const stands = readProc(() => readlinkSync(`/proc/${pid}/cwd`))
  if (stands !== undefined) return stands === cluster
  const called = readProc(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.split('\0') ?? []
  return called[called.indexOf('-D') + 1] === cluster
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch (error) {
    if (typeof (error as { status?: unknown }).status === 'number') return '' // no such process
    throw error
  }
}

/** Undefined when the process is gone or not ours to look at. */
function readProc(read: () => string): string | undefined {
  try {
    return read()
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}
