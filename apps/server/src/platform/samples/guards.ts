import type { Guard } from './arrival.ts'
import { insert } from './insert.ts'
import type { Querier } from './sql.ts'
import { compareText, type Prepared } from './stream.ts'

/** Inserts the guards of a flush, and says whose were there already or came twice. */
export async function takeGuards(client: Querier, arrivals: readonly Prepared[]): Promise<Set<Prepared>> {
  const taken = new Set<Prepared>()
  const holders = new Map<string, { guard: Guard; arrival: Prepared }>()
  for (const arrival of arrivals) {
    const { guard } = arrival
    if (!guard) continue
    if (holders.has(guard.key)) taken.add(arrival)
    else holders.set(guard.key, { guard, arrival })
  }
  // One order in all processes, so that two flushes never wait for each other.
  const inOrder = [...holders.values()].sort(
    ({ guard: a }, { guard: b }) => compareText(a.statement.name, b.statement.name) || compareText(a.key, b.key),
  )
  for (const [statement, group] of Map.groupBy(inOrder, ({ guard }) => guard.statement)) {
    const rows = await insert(
      client,
      statement,
      group.map(({ guard }) => guard.row),
    )
    const fresh = new Set(rows.map(([key]) => key))
    for (const { guard, arrival } of group) if (!fresh.has(guard.key)) taken.add(arrival)
  }
  return taken
}
