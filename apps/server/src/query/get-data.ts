import { type QueryOf, type Routes, routes } from '@tributary/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Parts } from '../parts.ts'
import { zoneOf } from '../platform/days/zone.ts'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { cursorOf, type Entry, placeOf, unitOf, type WirePoint } from './entries.ts'
import { gather, type Reading, type Scope } from './gather.ts'
import { findHoldings } from './holdings.queries.ts'
import { findTimeZone } from './rows.queries.ts'
import { rangeOf, selectionOf } from './selection.ts'
import { soleSeries, writePage } from './series-page.ts'
import { isSummed, summarise } from './summarise.ts'
import { sendSeries, writeSeries } from './write-series.ts'

type Query = QueryOf<Routes['getData']>

interface Line {
  data_type: string
  unit: string
  values: WirePoint[]
}

/** What a device measured: one page of everything in order, or each series summed up. */
export const getData = handle(routes.getData, async (call, parts) => {
  const { caller, params, query, request, reply } = call
  const source = await parts.deviceSources.find(caller.userId, params.device_id)
  if (!source) throw new Problem('not_found')
  const selection = selectionOf(query.data_type)
  const range = rangeOf(query.start_time, query.end_time)
  const read: Reading = (work) => call.read(work)
  const holdings = await findHoldings(parts.db, caller.userId, [source])
  const place = { after: isSummed(query) ? null : placeOf(query.cursor), limit: query.limit }
  const scope: Scope = { userId: caller.userId, sources: [source], selection, holdings, ...range, ...place }
  const sole = query.format === 'json' && !isSummed(query) ? soleSeries(scope) : undefined
  if (sole) {
    const { text, next } = await writePage(parts.store, sole, params.device_id, scope)
    linkTo(next, request, reply)
    return sendSeries(request, reply, 'json', text)
  }
  const { data, next } = isSummed(query) ? await summed(read, parts, scope, query) : await page(read, parts, scope)
  linkTo(next, request, reply)
  const answer = { device_id: params.device_id, data, next_cursor: next }
  return writeSeries(
    request,
    reply,
    query.format,
    answer,
    data.map(({ values, ...head }) => ({ head, values })),
  )
})

function linkTo(next: string | null, { url }: FastifyRequest, reply: FastifyReply): void {
  if (next) reply.header('link', `<${nextAddress(url, next)}>; rel="next"`)
}

async function page(read: Reading, { store }: Parts, scope: Scope): Promise<{ data: Line[]; next: string | null }> {
  const { entries, more } = await gather(read, store, scope)
  const last = entries.at(-1)
  return { data: linesOf(entries), next: more && last ? cursorOf(last) : null }
}

/** Types in the order in which they first appear. */
function linesOf(entries: readonly Entry[]): Line[] {
  return [...Map.groupBy(entries, ({ type }) => type)].map(([type, own]) => ({
    data_type: type,
    unit: unitOf(type),
    values: own.map(({ point }) => point),
  }))
}

/** Series in buckets or points; what is no series has nothing to sum up and comes as it is. */
async function summed(
  read: Reading,
  { store }: Parts,
  scope: Scope,
  query: Query,
): Promise<{ data: Line[]; next: null }> {
  const { userId, holdings, selection } = scope
  const zone = zoneOf(await read((tx) => findTimeZone(tx, userId)))
  const data: Line[] = []
  for (const { series_id, metric } of holdings.series) {
    if (!selection.metrics.has(metric)) continue
    const { values } = await summarise(store, { userId, seriesId: series_id, metric }, scope, query, zone)
    if (values.length) data.push({ data_type: metric, unit: unitOf(metric), values })
  }
  const { entries } = await gather(read, store, { ...scope, holdings: { ...holdings, series: [] }, after: null })
  return { data: [...data, ...linesOf(entries)], next: null }
}

function nextAddress(url: string, cursor: string): string {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  searchParams.set('cursor', cursor)
  return `${pathname}?${searchParams}`
}
