/** What a process and all it started cost, read from /proc. Linux only, like the figures in the docs. */
import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100 // USER_HZ, the same on every Linux that people run

interface Process {
  pid: number
  parent: number
  cpuSeconds: number
}

function list(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ')
        return {
          pid: Number(name),
          parent: Number(fields[1]),
          // Its own and that of the children that ended, which it waited for: utime, stime, cutime and cstime of proc(5).
          cpuSeconds: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond,
        }
      } catch {
        return [] // ended between the two reads
      }
    })
}

/** The processes themselves and everything below them. */
export function withChildren(roots: readonly number[]): Process[] {
  const all = list()
  const found = new Set(roots)
  for (let grew = true; grew; ) {
    grew = false
    for (const { pid, parent } of all) {
      if (!found.has(parent) || found.has(pid)) continue
      found.add(pid)
      grew = true
    }
  }
  return all.filter(({ pid }) => found.has(pid))
}

/** Proportional set size in MB: shared memory is counted once, split among those who share it. */
export function pssMb(pids: readonly number[]): number {
  let kb = 0
  for (const pid of pids) {
    try {
      kb += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
    } catch {
      // ended between the two reads
    }
  }
  return kb / 1_024
}

/** CPU seconds of the processes and of all below them, also of those that ended: a connection that a pool gave up keeps what it cost. */
export const cpuSeconds = (roots: readonly number[]): number =>
  withChildren(roots).reduce((sum, { cpuSeconds: own }) => sum + own, 0)

/** The most that a process itself ever had resident, in MB. */
export function peakRssMb(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1_024
}
