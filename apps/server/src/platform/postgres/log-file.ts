import { closeSync, copyFileSync, existsSync, fstatSync, openSync, readSync, statSync, truncateSync } from 'node:fs'
import type { Log } from './log.ts'

const limitBytes = 10 * 2 ** 20

/** Opened for appending, so that the file can be emptied while PostgreSQL, which outlives us, goes on writing to it. */
export function openLog(file: string): number {
  return openSync(file, 'a', 0o600)
}

/**
 * Keeps the log to two files of the limit's size. Lines written between copy and cut are lost: a trade for needing no fourth process. A full
 * disk must stop neither the server nor its restart, so a log that cannot be set aside is told of and left.
 */
export function rotateLog(file: string, log: Log, limit = limitBytes): void {
  try {
    if (!existsSync(file) || statSync(file).size <= limit) return
    copyFileSync(file, `${file}.1`)
    truncateSync(file)
  } catch (error) {
    log({ level: 'warn', msg: `could not rotate the log of PostgreSQL: ${(error as Error).message}` })
  }
}

export function logSize(file: string): number {
  return existsSync(file) ? statSync(file).size : 0
}

/** The last lines since `from`, for the message of a start that failed. */
export function logSince(file: string, from: number, lines = 5): string {
  const fd = openSync(file, 'r')
  try {
    const { size } = fstatSync(fd)
    const start = Math.max(Math.min(from, size), size - 8_192)
    const buffer = Buffer.alloc(size - start)
    readSync(fd, buffer, 0, buffer.length, start)
    return buffer.toString('utf8').trim().split('\n').slice(-lines).join(' | ')
  } finally {
    closeSync(fd)
  }
}
