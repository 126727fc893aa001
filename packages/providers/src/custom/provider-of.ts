/** A definition as a provider like any other: everything that is done with one is done with it. */
import { type MetricId, primaryKind, type Reading } from '@tributary/protocol'
import { z } from 'zod'
import type { CredentialField, KeyAuth } from '../kit/auth.ts'
import { ProviderError } from '../kit/errors.ts'
import type { Feed, Pages, Told, Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import type { Provider } from '../kit/provider.ts'
import { RecordError } from '../kit/read-records.ts'
import type { CustomDefinition, CustomFeed } from './definition.ts'
import { compilePath, type JSONPathQuery, valueAt, valuesAt } from './plain-path.ts'

/** Pages of one stretch; a clock that never ends its list would else be followed for ever. */
const mostPages = 500

/** Handed on at once: each may be as many values as a list maps, and nobody else is served while they are read. */
const mostAtOnce = 1_000

export function customProvider(definition: CustomDefinition, id: string): Provider {
  return {
    id,
    name: definition.name,
    makers: [],
    arrives: 'cloud',
    auth: authOf(definition.auth),
    api: definition.base_url.replace(/\/$/, ''),
    limits: [],
    feeds: Object.fromEntries(definition.feeds.map((feed) => [feed.id, feedOf(feed, definition.base_url)])),
  }
}

const secretField: CredentialField = {
  name: 'secret',
  title: { en: 'Key or token', de: 'Schlüssel oder Token', fr: 'Clé ou jeton' },
  secret: true,
}
const userField: CredentialField = {
  name: 'user',
  title: { en: 'User name', de: 'Benutzername', fr: 'Nom d’utilisateur' },
}
const help = {
  en: 'Your device’s maker or its manual says where to find it',
  de: 'Hersteller oder Handbuch des Geräts sagen, wo er steht',
  fr: 'Le fabricant ou le manuel de l’appareil indique où la trouver',
}

function authOf(auth: CustomDefinition['auth']): KeyAuth {
  const base = { kind: 'key', help } as const
  switch (auth.kind) {
    case 'none':
      return { ...base, fields: [], headers: () => ({}) }
    case 'bearer':
      return { ...base, fields: [secretField], headers: ({ secret = '' }) => ({ authorization: `Bearer ${secret}` }) }
    case 'basic':
      return {
        ...base,
        fields: [userField, secretField],
        headers: ({ user = '', secret = '' }) => ({
          authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`,
        }),
      }
    default:
      return { ...base, fields: [secretField], headers: ({ secret = '' }) => ({ [auth.header.toLowerCase()]: secret }) }
  }
}

function feedOf(feed: CustomFeed, baseUrl: string): Feed {
  const readers = feed.map.map(readerOf)
  return {
    title: { en: feed.title, de: feed.title, fr: feed.title },
    brings: [...new Set(feed.map.map(({ metric }) => metric as MetricId))],
    windowDays: feed.window_days,
    lookBackDays: feed.look_back_days,
    fetch: (http, window) => pagesOf(http, feed, window, baseUrl),
    raw: z.unknown(),
    *read(record) {
      let told = 0
      for (const read of readers) {
        const reading = read(record)
        if (reading) told++
        if (reading) yield reading
      }
      if (!told) throw new RecordError('none of the mapped values is in this record')
    },
    unused: {},
  }
}

async function* pagesOf(http: ProviderHttp, feed: CustomFeed, window: Window, baseUrl: string): Pages {
  const records = compilePath(feed.records)
  const next =
    feed.paging.kind === 'cursor' || feed.paging.kind === 'next_url' ? compilePath(feed.paging.next) : undefined
  let path = pathOf(feed.path, window)
  let query: Record<string, string | number> = firstQuery(feed)
  for (let page = 0; page < mostPages; page++) {
    const { body } = await http.get(path, query)
    if (body === undefined) return // 204: nothing in this stretch
    let found = 0
    for (const part of inParts(valuesAt(records, body))) {
      found += part.length
      yield part
    }
    const following =
      feed.paging.kind === 'page' || feed.paging.kind === 'offset' ? found > 0 && page + 1 : next && valueAt(next, body)
    if (following === false || following === undefined || following === null || following === '') return
    if (feed.paging.kind === 'next_url') {
      // A link without a host belongs to the origin, not below the base's path (RFC 3986 §5).
      const link = String(following)
      path = URL.canParse(link, baseUrl) ? new URL(link, baseUrl).href : link
      query = {}
    } else query = nextQuery(feed, page + 1, following)
  }
  throw new ProviderError('bad_data', `The list has more than ${mostPages} pages, which looks like one without an end`)
}

function* inParts(values: Iterable<unknown>): Generator<unknown[]> {
  let part: unknown[] = []
  for (const value of values) {
    if (part.length === mostAtOnce) {
      yield part
      part = []
    }
    part.push(value)
  }
  if (part.length) yield part
}

function firstQuery({ paging }: CustomFeed): Record<string, string | number> {
  if (paging.kind === 'page') return { [paging.parameter]: paging.first }
  return paging.kind === 'offset' ? { [paging.parameter]: 0 } : {}
}

function nextQuery({ paging }: CustomFeed, page: number, following: unknown): Record<string, string | number> {
  if (paging.kind === 'page') return { [paging.parameter]: paging.first + page }
  if (paging.kind === 'offset') return { [paging.parameter]: paging.step * page }
  return paging.kind === 'cursor' ? { [paging.parameter]: String(following) } : {}
}

function pathOf(template: string, window: Window): string {
  return template.replace(/\{(from|to):(\w+)\}/g, (_, which: 'from' | 'to', format: string) =>
    encodeURIComponent(timeAs(window[which], format)),
  )
}

function timeAs(ms: number, format: string): string {
  if (format === 'unix') return String(Math.floor(ms / 1_000))
  if (format === 'unix_ms') return String(ms)
  const iso = new Date(ms).toISOString()
  return format === 'date' ? iso.slice(0, 10) : iso
}

function readerOf(map: CustomFeed['map'][number]): (record: unknown) => Told | undefined {
  const paths = {
    value: compilePath(map.value),
    time: compilePath(map.time),
    end: map.end && compilePath(map.end),
    id: map.id && compilePath(map.id),
  }
  const metric = map.metric as MetricId
  return (record) => {
    const value = numberAt(paths.value, record)
    if (value === undefined) return undefined
    const start = timeAt(paths.time, record, map.time_format)
    if (!start) throw new RecordError(`time is not what time_format says (${map.time_format})`)
    const end = paths.end ? timeAt(paths.end, record, map.time_format) : undefined
    const id = paths.id ? textAt(paths.id, record) : undefined
    return readingOf({ metric, unit: map.unit, value, start, end: end?.t, id })
  }
}

interface Found {
  metric: MetricId
  unit: string | undefined
  value: number
  start: { t: number; offset: number | undefined; date: string }
  end: number | undefined
  id: string | undefined
}

function readingOf({ metric, unit, value, start, end, id }: Found): Reading {
  const measured = unit === undefined ? {} : { unit }
  const offset = start.offset === undefined ? {} : { offset: start.offset }
  const kind = primaryKind(metric)
  if (kind === 'D') return { kind: 'day', metric, date: start.date, value, ...measured }
  if (kind === 'E')
    return {
      kind: 'event',
      metric,
      start: start.t,
      value: { value },
      externalId: id ?? `${metric}:${start.t}`,
      ...measured,
      ...offset,
    }
  const duration = end !== undefined && end > start.t ? { duration: end - start.t } : {}
  return {
    kind: 'sample',
    metric,
    t: start.t,
    value,
    ...measured,
    ...offset,
    ...duration,
    ...(id === undefined ? {} : { recordId: `${metric}:${id}` }),
  }
}

function numberAt(path: JSONPathQuery, record: unknown): number | undefined {
  const found = valueAt(path, record)
  const value = typeof found === 'string' && found.trim() !== '' ? Number(found) : found
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new RecordError('a mapped value is no number')
  return value
}

function textAt(path: JSONPathQuery, record: unknown): string | undefined {
  const found = valueAt(path, record)
  return typeof found === 'string' || typeof found === 'number' ? String(found).slice(0, 200) : undefined
}

function timeAt(path: JSONPathQuery, record: unknown, format: 'iso' | 'unix' | 'unix_ms'): Found['start'] | undefined {
  const found = valueAt(path, record)
  if (format !== 'iso') {
    const number = typeof found === 'string' ? Number(found) : found
    if (typeof number !== 'number' || !Number.isFinite(number)) return undefined
    return placed(format === 'unix' ? number * 1_000 : number, undefined)
  }
  if (typeof found !== 'string') return undefined
  const [, date, zone] =
    /^(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/i.exec(found) ?? []
  if (!date) return undefined
  // Without a zone it is UTC, as the definition's owner is told; guessing the person's would move values at each journey.
  const t = Date.parse(
    zone || found.length === 10
      ? found.replace(' ', 'T').replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
      : `${found.replace(' ', 'T')}Z`,
  )
  return Number.isNaN(t) ? undefined : { t, offset: offsetOf(zone), date }
}

function placed(ms: number, offset: number | undefined): Found['start'] | undefined {
  return Math.abs(ms) < 8.64e15
    ? { t: Math.round(ms), offset, date: new Date(ms).toISOString().slice(0, 10) }
    : undefined
}

function offsetOf(zone: string | undefined): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '') ?? []
  return hours === undefined ? undefined : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
