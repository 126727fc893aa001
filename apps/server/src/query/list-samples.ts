import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import { comparePlaces, cursorOf, type Entry, type Place, placeOf, unitOf } from './entries.ts'
import { gather, type Reading, type Scope } from './gather.ts'
import { findHoldings } from './holdings.queries.ts'
import { listSources } from './rows.queries.ts'
import { rangeOf, selectionOf } from './selection.ts'

const dayMs = 86_400_000
/** Nothing is stored from before this day (canonical metrics, limits). */
const earliest = Date.parse('2000-01-01T00:00:00Z')

/** What a person entered by hand, newest first. */
export const listSamples = handle(routes.listSamples, async (call, { store, db, clock }) => {
  const { userId } = call.caller
  const { query } = call
  const selection = selectionOf(query.metric, 'metric')
  const range = rangeOf(query.start_time, query.end_time)
  const before = placeOf(query.cursor)
  const read: Reading = (work) => call.read(work)
  const all = await read((tx) => listSources(tx, userId))
  const sources = all.filter(({ kind }) => kind === 'manual').map(({ source_id }) => source_id)
  const holdings = await findHoldings(db, userId, sources)
  const to = Math.min(range.to, before ? before.t + 1 : Number.POSITIVE_INFINITY, clock.now() + dayMs)
  const scope = {
    userId,
    sources,
    selection,
    holdings,
    after: null,
    limit: 100_000,
    from: Math.max(range.from, earliest),
    to,
  }
  const entries = sources.length ? await newestFirst(read, store, scope, before, query.limit + 1) : []
  const shown = entries.slice(0, query.limit)
  const last = shown.at(-1)
  return {
    items: shown.map(({ type, point }) => ({ metric: type, unit: unitOf(type), ...point })),
    next_cursor: entries.length > shown.length && last ? cursorOf(last) : null,
  }
})

/** Looks back in windows that double, so that a page costs what it shows and not what was ever entered. */
async function newestFirst(
  read: Reading,
  store: SampleStore,
  scope: Scope,
  before: Place | null,
  wanted: number,
): Promise<Entry[]> {
  const found: Entry[] = []
  for (let { to } = scope, width = 32 * dayMs; to > scope.from && found.length < wanted; width *= 2) {
    const from = Math.max(scope.from, to - width)
    const { entries } = await gather(read, store, { ...scope, from, to })
    found.push(...entries.reverse().filter((entry) => !before || comparePlaces(entry, before) < 0))
    to = from
  }
  return found
}
