/** Readings of a telling through the one door, with what their own ids ask for: older versions are passed over, moved ones leave their place. */
import type { Measured } from '@tributary/protocol'
import { insertRefusedOfConnection, mostOfFeed } from '../platform/quarantine/quarantine.queries.ts'
import { recordOfReading, refusedOf } from '../platform/quarantine/refused-values.ts'
import { deleteTaken } from '../platform/quarantine/waiting.queries.ts'
import { takenOf, type Waiting } from '../platform/quarantine/waiting.ts'
import { cleanReadings } from '../platform/readings/clean-readings.ts'
import type { ToldSource } from '../platform/sources/connection-source.ts'
import { whileOpen } from '../platform/sources/open-connection.ts'
import type { Alongside, Judged, ReadingTally } from './incoming.ts'
import { findById, forgetPoints, idRows, type KnownById, ownIdOf } from './records-by-id.ts'
import type { Placed } from './sort-told.ts'
import type { TakeToldEdges } from './take-told.ts'
import { addTold, noneTold, type PlaceOfTold, type Telling, type ToldTally } from './telling.ts'

export async function keepReadings(
  edges: TakeToldEdges,
  telling: Telling,
  { source, waiting }: PlaceOfTold,
  step: readonly Placed<Measured>[],
  isLast: boolean,
): Promise<ToldTally> {
  const { userId, provider } = telling
  const { sourceId } = source
  const { cleaned, repeated } = cleanReadings(step.map(({ reading }) => reading))
  const all = cleaned.map((reading, i) => ({
    place: step[i]?.place ?? 0,
    reading: withOwnId(reading, source, provider),
  }))
  const known = await findById(edges, { userId, sourceId, provider }, all)
  const kept = all.filter((one) => !known.passedOver.has(one))
  const readings = kept.map(({ reading }) => reading)
  await forgetPoints(edges, userId, known.stalePoints)
  const overtaken = repeated + known.passedOver.size
  const tallyOf = (tallies: readonly ReadingTally[]) => toldTally(tallies, kept, known, overtaken)
  const theirs = telling.alongside?.(isLast) ?? []
  const alongside = (judged: readonly Judged[]): Alongside[] => [
    ...idRows({ userId, sourceId, provider }, kept, judged, known),
    ...refusedBy(telling, sourceId, readings, judged),
    ...takenBy(userId, waiting, readings, judged),
    ...theirs.map(({ statement, row }) => ({
      statement,
      row: (tallies: readonly ReadingTally[]) => row(tallyOf(tallies)),
    })),
  ]
  const { readings: tallies } = await edges.ingest({
    userId,
    sourceId,
    readings,
    alongside,
    ...(telling.evenEnded ? {} : { guard: whileOpen(telling) }),
  })
  return tallyOf(tallies)
}

/** A value that its source moved is no new one. */
function toldTally(
  tallies: readonly ReadingTally[],
  kept: readonly Placed<Measured>[],
  { moved }: KnownById,
  overtaken: number,
): ToldTally {
  const total = { ...noneTold(), received: overtaken, duplicates: overtaken }
  for (const [i, { received, accepted, changed, duplicates, suppressed, rejected }] of tallies.entries()) {
    const one = kept[i] as Placed<Measured>
    const isMoved = moved.has(one)
    addTold(total, {
      received,
      inserted: isMoved ? 0 : accepted,
      updated: isMoved ? accepted + changed : changed,
      duplicates,
      suppressed,
      deleted: 0,
      rejected: rejected.map((loss) => ({ ...loss, index: one.place })),
    })
  }
  return total
}

function withOwnId(reading: Measured, source: ToldSource, provider: string): Measured {
  return reading.kind === 'event' && reading.externalId !== undefined
    ? { ...reading, externalId: ownIdOf(reading.externalId, source, provider) }
    : reading
}

function refusedBy(
  { userId, connectionId, feed, provider }: Telling,
  sourceId: string,
  readings: readonly Measured[],
  judged: readonly Judged[],
): Alongside[] {
  if (judged.every(({ rejected }) => rejected.length === 0)) return []
  const records = refusedOf(readings, judged).map((refused) => recordOfReading(refused, { sourceId }))
  const row = [userId, connectionId, feed ?? null, provider, records.slice(0, mostOfFeed)]
  return [{ statement: insertRefusedOfConnection, row: () => row }]
}

function takenBy(
  userId: string,
  waiting: Waiting,
  readings: readonly Measured[],
  judged: readonly Judged[],
): Alongside[] {
  if (!waiting.size) return []
  const refused = refusedOf(readings, judged).map(({ reading }) => reading)
  const taken = takenOf(waiting, readings, refused)
  return taken.length ? [{ statement: deleteTaken, row: () => [userId, taken] }] : []
}
