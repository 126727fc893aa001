/** The samples of recorded activities that stand one after the other in an import. */
import type { Edges } from './edges.ts'
import type { Activity } from './import-file.ts'
import { QuarantineRoom } from './refused.ts'
import { settleSource } from './settle-source.ts'
import { type Span, spanOf } from './span-of.ts'
import { storeReadings } from './store-readings.ts'

export interface StoredActivity extends Activity {
  sourceId: string
  room: QuarantineRoom
}

/**
 * Side by side where they cannot meet, so that one flush takes several. Two of one source that tell of the same time go one
 * after the other: the later file counts, and what each of them counts must not be left to chance.
 */
export async function storeActivities(edges: Edges, activities: readonly Activity[]): Promise<StoredActivity[]> {
  edges.disk.assertRoom()
  const stored = await settleSources(edges, activities)
  const under: { sourceId: string; span: Span; done: Promise<void> }[] = []
  await Promise.all(
    stored.map((activity) => {
      const { sourceId, parsed } = activity
      const span = spanOf(parsed.readings)
      if (!span) return undefined
      const before = under.filter(
        (other) => other.sourceId === sourceId && span.from < other.span.to && other.span.from < span.to,
      )
      const done = Promise.all(before.map((other) => other.done)).then(() => storeOne(edges, activity))
      under.push({ sourceId, span, done })
      return done
    }),
  )
  return stored
}

function storeOne(edges: Edges, { job, parsed, sourceId, room }: StoredActivity): Promise<void> {
  const { held, file, signal } = job
  const of = { held, position: file.position, fileName: file.name, format: parsed.format, sourceId, room }
  return storeReadings(edges, of, parsed.readings, signal)
}

async function settleSources(
  { db, syncIntervalMinutes }: Edges,
  activities: readonly Activity[],
): Promise<StoredActivity[]> {
  return db.asWriter(async (tx) => {
    const stored: StoredActivity[] = []
    for (const { job, parsed } of activities) {
      const { held, file } = job
      const place = { held, position: file.position, fileId: file.file_id }
      const sourceId = await settleSource(tx, place, parsed, syncIntervalMinutes)
      stored.push({ job, parsed, sourceId, room: new QuarantineRoom(0) })
    }
    return stored
  })
}
