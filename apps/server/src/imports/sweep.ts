import type { Database } from '../platform/db/database.ts'
import { sweepUnclaimedParts } from './files.queries.ts'
import { sweepUploads } from './uploads.queries.ts'

const dayMs = 86_400_000

/** Removes parts of uploads that began over a day ago and never became a file: their sender or our process died on the way. */
export function sweepOrphans(db: Database, now: number): Promise<number> {
  const before = firstIdAt(now - dayMs)
  return db.asWriter(async (tx) => {
    await sweepUploads(tx, before)
    return sweepUnclaimedParts(tx, before)
  })
}

/** The least UUIDv7 of a moment: ids begin with their milliseconds. */
function firstIdAt(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
