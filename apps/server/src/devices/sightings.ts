/**
 * Remembers that devices were heard from, and what they said of themselves, and writes it down at most every 30 seconds:
 * a row's update for each upload would cost more than the upload. Whoever reads devices settles that person's sightings first.
 */
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Log } from '../platform/log.ts'
import { saveSightings } from './sightings.queries.ts'

export interface Sighting {
  userId: string
  deviceId: string
  /** Of the first and the last delivery since it was written down, ms. */
  first: number
  last: number
  deliveries: number
  battery: number | null
  signal: string | null
}

export interface Sightings {
  see(userId: string, deviceId: string, said?: { battery?: number | undefined; signal?: string | undefined }): void
  /** Writes down what is pending of one person. */
  settle(userId: string): Promise<void>
  stop(): Promise<void>
}

const everyMs = 30_000

export function watchSightings({ db, clock, log }: { db: Database; clock: Clock; log: Log }): Sightings {
  const pending = new Map<string, Sighting>()
  let writing = Promise.resolve()

  const write = (which: (sighting: Sighting) => boolean): Promise<void> => {
    const mine = writing.then(async () => {
      const taken = [...pending.values()].filter(which)
      if (!taken.length) return
      for (const { deviceId } of taken) pending.delete(deviceId)
      try {
        await db.asWriter((tx) => saveSightings(tx, taken))
      } catch (error) {
        for (const sighting of taken) keep(pending, sighting)
        throw error
      }
    })
    writing = mine.catch(() => undefined) // told to whoever asked for this write; the next one starts fresh
    return mine
  }

  const timer = setInterval(() => {
    write(() => true).catch((error: unknown) =>
      log.warn({ err: error }, 'sightings could not be written; tried again later'),
    )
  }, everyMs).unref()

  return {
    see(userId, deviceId, { battery, signal } = {}) {
      const now = clock.now()
      keep(pending, {
        userId,
        deviceId,
        first: now,
        last: now,
        deliveries: 1,
        battery: battery ?? null,
        signal: signal ?? null,
      })
    },
    settle: (userId) => write((sighting) => sighting.userId === userId),
    async stop() {
      clearInterval(timer)
      await write(() => true).catch((error: unknown) =>
        log.warn({ err: error }, 'the last sightings could not be written'),
      )
    },
  }
}

/** Adds to what is pending of the device; the later word counts. */
function keep(pending: Map<string, Sighting>, seen: Sighting): void {
  const known = pending.get(seen.deviceId)
  if (!known) return void pending.set(seen.deviceId, seen)
  const later = seen.last >= known.last ? seen : known
  const earlier = later === seen ? known : seen
  known.deliveries += seen.deliveries
  known.battery = later.battery ?? earlier.battery
  known.signal = later.signal ?? earlier.signal
  known.first = Math.min(known.first, seen.first)
  known.last = Math.max(known.last, seen.last)
}
