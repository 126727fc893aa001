import { DatabaseSync } from 'node:sqlite'

/**
 * A lock that the kernel lets go of when its process ends, however it ends. Node has no flock; SQLite, which Node brings, locks files on every
 * system it runs on, so an empty database file is the lock. Nothing is ever written to it.
 */
export interface Lock {
  release(): void
}

const busy = 5 // SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy

/** Held by one process at most, and only while nobody shares it. Undefined when it is taken. */
export function tryExclusive(file: string, waitMs = 0): Lock | undefined {
  return attempt(file, waitMs, (db) => db.exec('begin exclusive'))
}

/** Held by any number of processes, unless one has it exclusively. */
export function tryShared(file: string): Lock | undefined {
  return attempt(file, 0, (db) => {
    db.exec('begin')
    db.prepare('select count(*) from sqlite_master').get() // the read is what takes the lock
  })
}

function attempt(file: string, waitMs: number, take: (db: DatabaseSync) => void): Lock | undefined {
  const db = new DatabaseSync(file, { timeout: waitMs })
  try {
    db.exec('pragma journal_mode = memory') // no second file beside it
    take(db)
    return { release: () => db.close() }
  } catch (error) {
    db.close()
    if ((error as { errcode?: number }).errcode === busy) return undefined
    throw error
  }
}
