import { randomUUID } from 'node:crypto'
import { closeSync, fchmodSync, fchownSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** All or nothing, also through a power cut: a neighbour is written, flushed and renamed over the old file. */
export function writeDurably(
  file: string,
  text: string,
  { mode = 0o600, owner }: { mode?: number; owner?: { uid: number; gid: number } | undefined } = {},
): void {
  const fresh = `${file}.${randomUUID()}`
  const fd = openSync(fresh, 'wx', mode) // never through a link that somebody put there
  try {
    fchmodSync(fd, mode) // the umask may have taken more away than we meant
    if (owner) fchownSync(fd, owner.uid, owner.gid)
    writeSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(fresh, file)
  flushDirectory(dirname(file))
}

/** Makes a rename durable. Windows cannot open directories and does not need it. */
export function flushDirectory(dir: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(dir, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
