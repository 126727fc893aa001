/** Values of some dates worked out from all that their sources hold. Of two ways to a figure, what the source states counts. */
import { setImmediate as breathe } from 'node:timers/promises'
import { catalogue, type MetricId, qualityScore } from '@tributary/protocol'
import { DayFigures, figureOptions, headline } from '../platform/days/day-figures.ts'
import { farthestMs, type Zone } from '../platform/days/zone.ts'
import { dayMs, noOffset, pointsOf } from '../platform/samples/points.ts'
import { readByDay, readerOn } from '../platform/samples/read.ts'
import type { Querier } from '../platform/samples/sql.ts'
import {
  type Figure,
  findSeries,
  type RowRange,
  readEvents,
  readSessions,
  readStated,
  type StoredEvent,
} from './figures.queries.ts'
import { daysIn, eventTypeOf, type Item, metricsOf, sessionTypeOf } from './plan.ts'
import { sessionFigures } from './session-figures.ts'

/** No amount is counted over more (ingest refuses it). */
const longestAmountMs = 36 * 3_600_000
/** Longest that the event loop is kept. */
const sliceMs = 5
/** UTC days read with one statement. */
const daysTogether = 64

export interface Person {
  userId: string
  zone: Zone
}

/** Chunk headers are not used: they are of UTC days, and do not tell whether a point says an offset of its own. Decoding a day takes 40 µs. */
export async function workOut(client: Querier, person: Person, items: readonly Item[]): Promise<Figure[]> {
  const found = new Map<string, Figure>()
  const keep = (figures: Iterable<Figure>) => {
    for (const figure of figures) found.set(keyOf(figure), figure)
  }
  const { userId } = person
  // The lesser first: what comes later replaces it.
  keep(await fromEvents(client, person, items))
  keep(sessionFigures(await readSessions(client, userId, rangesOf(items, sessionTypeOf)), person.zone))
  for await (const figures of fromSamples(client, person, items)) keep(figures)
  for (const figure of await fromStated(client, userId, items)) {
    const measured = found.get(keyOf(figure))
    // A total grows until its day is over: one that the points have reached was told before, or knows no more than they do.
    const isCounted = !catalogue[figure.metric].kind.includes('D')
    if (measured && isCounted && measured.value >= figure.value) continue
    keep([figure])
  }
  const asked = Map.groupBy(items, ({ sourceId, metric }) => `${sourceId} ${metric}`)
  return [...found.values()].filter(({ sourceId, metric, day }) =>
    asked.get(`${sourceId} ${metric}`)?.some(({ from, to }) => day >= from && day <= to),
  )
}

const keyOf = ({ sourceId, metric, day }: Figure): string => `${sourceId} ${metric} ${day}`

/** When something of these dates can have happened, whatever clock it was read from. */
const startOf = (day: number): number => day * dayMs - farthestMs
const endOf = (day: number): number => (day + 1) * dayMs + farthestMs

function rangesOf(items: readonly Item[], nameOf: (metric: MetricId) => string | null): RowRange[] {
  const ranges = items.flatMap(({ sourceId, metric, from, to }) => {
    const name = nameOf(metric)
    return name ? [{ sourceId, name, from: startOf(from), to: endOf(to) }] : []
  })
  // Systolic and diastolic are one row, a night has ten metrics: each is read once.
  return [...Map.groupBy(ranges, ({ sourceId, name }) => `${sourceId} ${name}`).values()].map((same) => ({
    ...(same[0] as RowRange),
    from: Math.min(...same.map(({ from }) => from)),
    to: Math.max(...same.map(({ to }) => to)),
  }))
}

async function fromStated(client: Querier, userId: string, items: readonly Item[]): Promise<Figure[]> {
  const rows = await readStated(
    client,
    userId,
    items.filter(({ metric }) => catalogue[metric].kind.includes('D') || isAmount(metric)),
  )
  const nothing = {
    min: null,
    max: null,
    avg: null,
    sum: null,
    lastAt: null,
    coverage: null,
    startAt: null,
    endAt: null,
  }
  return rows.map(({ quality, ...row }) => {
    const [first] = catalogue[row.metric].rollup
    const same = first === 'avg' || first === 'sum' || first === 'min' || first === 'max' ? { [first]: row.value } : {}
    return {
      ...row,
      ...nothing,
      ...same,
      basis: 'stated',
      n: 1,
      first: row.value,
      last: row.value,
      quality: qualityScore(quality),
    }
  })
}

async function fromEvents(client: Querier, { userId, zone }: Person, items: readonly Item[]): Promise<Figure[]> {
  const ranges = rangesOf(items, (metric) => (catalogue[metric].kind.includes('E') ? eventTypeOf(metric) : null))
  const events = ranges.length ? await readEvents(client, userId, ranges) : []
  const figures: Figure[] = []
  for (const same of Map.groupBy(events, ({ sourceId, type }) => `${sourceId} ${type}`).values()) {
    const { sourceId, type } = same[0] as StoredEvent
    for (const metric of metricsOf(type)) {
      const of = new DayFigures(figureOptions(metric, zone, 'E'))
      for (const event of same) {
        const value = numberOf(event, metric)
        if (value === null) continue
        const z = Int16Array.of(event.offset ?? noOffset)
        of.add(pointsOf([event.at], [value], { q: Uint32Array.of(event.quality), z }))
      }
      figures.push(...withValue(of, { sourceId, metric, basis: 'events' }))
    }
  }
  return figures
}

const partNames: Partial<Record<MetricId, string>> = {
  bp_systolic: 'systolic',
  bp_diastolic: 'diastolic',
  bp_mean: 'mean',
}

/** Of what is only counted the value does not matter. */
function numberOf({ value }: StoredEvent, metric: MetricId): number | null {
  const given = value[partNames[metric] ?? 'value']
  if (typeof given === 'number') return given
  return catalogue[metric].rollup[0] === 'count' ? 1 : null
}

function* withValue(figures: DayFigures, of: Pick<Figure, 'sourceId' | 'metric' | 'basis'>): Generator<Figure> {
  for (const figure of figures.finish()) {
    const value = headline(of.metric, figure)
    if (value !== null) yield { ...figure, ...of, value }
  }
}

interface SeriesItem extends Item {
  seriesId: number
}

/** Item by item; those of the same few dates together, which is what a day that goes on asks for. */
async function* fromSamples(client: Querier, person: Person, items: readonly Item[]): AsyncGenerator<Iterable<Figure>> {
  const ids = await findSeries(client, person.userId, items)
  const withSeries = items.flatMap((item): SeriesItem[] => {
    const seriesId = ids.get(`${item.sourceId} ${item.metric}`)
    return seriesId === undefined ? [] : [{ ...item, seriesId }]
  })
  const groups = Map.groupBy(withSeries, (item) =>
    daysIn(item) <= 8 ? `${item.from} ${item.to} ${isAmount(item.metric)}` : item,
  )
  for (const group of groups.values()) yield* ofGroup(client, person, group)
}

const isAmount = (metric: MetricId): boolean => catalogue[metric].kind.includes('I')

async function* ofGroup(
  client: Querier,
  { userId, zone }: Person,
  group: readonly SeriesItem[],
): AsyncGenerator<Iterable<Figure>> {
  const { from, to, metric } = group[0] as SeriesItem
  const figures = new Map(
    group.map((item) => [
      item.seriesId,
      new DayFigures(figureOptions(item.metric, zone, isAmount(item.metric) ? 'I' : 'S')),
    ]),
  )
  const scope = {
    userId,
    seriesIds: [...figures.keys()],
    from: startOf(from) - (isAmount(metric) ? longestAmountMs : 0),
    to: endOf(to),
  }
  let begun = performance.now()
  for await (const { seriesId, points } of readByDay(readerOn(client), scope, daysTogether)) {
    figures.get(seriesId)?.add(points)
    if (performance.now() - begun < sliceMs) continue
    await breathe()
    begun = performance.now()
  }
  for (const item of group) {
    const of = figures.get(item.seriesId)
    if (of) yield withValue(of, { sourceId: item.sourceId, metric: item.metric, basis: 'samples' })
  }
}
