/**
 * A definition tried: its lists are asked for their newest stretch, a few pages each, through the egress guard as in a sync; what comes
 * is read and judged as in a sync; nothing is stored. A pasted answer is read instead of asking.
 */
import { type AnswerOf, type Routes, routes } from '@tributary/protocol'
import {
  type Carry,
  createProviderHttp,
  type Feed,
  isUnread,
  type KeyAuth,
  type Provider,
  ProviderError,
  readRecord,
  type Told,
} from '@tributary/providers/kit'
import type { Parts } from '../parts.ts'
import { EgressRefused } from '../platform/egress/refused.ts'
import type { Call } from '../platform/http/call.ts'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { send } from './create-calls.ts'
import { findCustomApi } from './custom-apis.queries.ts'
import { type ReadDefinition, readDefinition, wantsNewCredentials } from './custom-definition.ts'
import { shownAddress } from './shown-address.ts'
import { takeCredentials } from './take-credentials.ts'

type DryRun = AnswerOf<Routes['dryRunCustomApi']>

const mostPages = 3
/** Of each list; each may be as many values as the list maps, and nobody else is served while they are judged. */
const mostRecords = 1_000
const mostShown = 50
const mostDays = 30
const dayMs = 86_400_000
/** A person waits. */
const timeoutMs = 25_000

export const dryRunCustomApi = handle(routes.dryRunCustomApi, async (call, parts) => {
  const { sample, feed: wanted } = call.body
  const read = readDefinition(call.body.definition)
  const { provider, auth } = read
  const credentials = sample === undefined ? await credentialsFor(call, parts, read) : {}
  const feeds = feedsOf(provider, wanted, sample !== undefined)
  const answer: DryRun = { requests: [], feeds: [], readings: [], rejections: [] }
  const wire = sample === undefined ? askingWire(parts, auth, credentials, answer) : pastedWire(sample)
  for (const [name, feed] of feeds) await tryFeed(parts, provider, name, feed, wire, answer)
  answer.readings.splice(mostShown)
  answer.rejections.splice(mostShown)
  return call.write(async () => answer, { target: 'custom' })
})

/** What was given, else what is kept; but never what was kept for another server. */
async function credentialsFor(
  call: Call<Routes['dryRunCustomApi']>,
  { connect }: Parts,
  { definition, auth }: ReadDefinition,
): Promise<Readonly<Record<string, string>>> {
  const { userId } = call.caller
  const { credentials, custom_api_id: id } = call.body
  if (credentials || id === undefined) return takeCredentials(auth, credentials ?? {})
  const row = await call.read((tx) => findCustomApi(tx, userId, id))
  if (!row || row.status === 'ended') throw new Problem('not_found')
  if (row.status === 'needs_reauth' || wantsNewCredentials(row.definition, definition)) return takeCredentials(auth, {})
  const held = await connect.vault.read({ userId, connectionId: row.connection_id })
  return held.credentials ?? takeCredentials(auth, {})
}

function feedsOf(provider: Provider, wanted: string | undefined, isSample: boolean): [string, Feed][] {
  const all = Object.entries(provider.feeds)
  const feeds = wanted === undefined ? all : all.filter(([name]) => name === wanted)
  if (feeds.length && (!isSample || feeds.length === 1)) return feeds
  const detail = wanted === undefined ? 'has to say which list the sample is of' : 'is no list of this definition'
  throw new Problem('invalid_request', `/feed: ${detail}`, { errors: [{ pointer: '/feed', detail }] })
}

/** Of a list there is more than a dry run asks for or reads. */
class Enough extends Error {
  override name = 'Enough'
}

type Wire = (feed: string) => Carry

function askingWire(
  { egress }: Pick<Parts, 'egress'>,
  auth: KeyAuth,
  credentials: Readonly<Record<string, string>>,
  { requests }: DryRun,
): Wire {
  const signal = AbortSignal.timeout(timeoutMs)
  return (feed) => {
    let asked = 0
    return async (sent) => {
      if (asked++ === mostPages) throw new Enough()
      const request: DryRun['requests'][number] = {
        feed,
        method: sent.method,
        address: shownAddress(sent.url, credentials),
        status: null,
      }
      requests.push(request)
      const headers = { accept: 'application/json', ...auth.headers(credentials), ...sent.headers }
      const answer = await send(egress, { ...sent, headers }, signal)
      request.status = answer.status
      return answer
    }
  }
}

function pastedWire(sample: string): Wire {
  try {
    JSON.parse(sample)
  } catch {
    // The parser's message would quote what was pasted.
    throw new Problem('invalid_request', '/sample: is not JSON', {
      errors: [{ pointer: '/sample', detail: 'is not JSON' }],
    })
  }
  const bytes = new TextEncoder().encode(sample)
  return () => {
    let asked = 0
    return async () => {
      if (asked++ === 1) throw new Enough()
      return { status: 200, headers: new Headers(), bytes }
    }
  }
}

async function tryFeed(
  { clock, judgeTold }: Pick<Parts, 'clock' | 'judgeTold'>,
  provider: Provider,
  name: string,
  feed: Feed,
  wire: Wire,
  answer: DryRun,
): Promise<void> {
  const now = clock.now()
  const http = createProviderHttp(provider, wire(name), {}, () => now)
  const window = { from: now - Math.min(feed.windowDays, mostDays) * dayMs, to: now }
  const context = { account: '', scopes: [], now, timeZone: 'UTC' }
  const records: unknown[] = []
  const outcome: Outcome = { has_more: false, error_code: null, error_message: null }
  try {
    for await (const page of feed.fetch?.(http, window, context) ?? [])
      for (const record of page) {
        if (records.length === mostRecords) throw new Enough()
        records.push(record)
      }
  } catch (error) {
    Object.assign(outcome, outcomeOf(error))
  }
  const told: Told[] = []
  const recordOf: number[] = []
  const rejections: DryRun['rejections'] = []
  for (const [record, raw] of records.entries()) {
    const read = readRecord(feed, raw, context)
    if (isUnread(read)) rejections.push({ feed: name, record, code: read.code, detail: read.detail })
    else
      for (const one of read.told) {
        told.push(one)
        recordOf.push(record)
      }
  }
  const { values, rejected } = judgeTold(told, now)
  for (const { index, code, detail } of rejected)
    rejections.push({ feed: name, record: recordOf[index] ?? 0, code, detail })
  for (const one of values.slice(0, mostShown))
    answer.readings.push({
      feed: name,
      record: recordOf[one.index] ?? 0,
      metric: one.metric,
      value: one.value,
      unit: one.unit,
      time: one.time,
      end_time: one.endTime,
      date: one.date,
      utc_offset_minutes: one.offsetMinutes,
    })
  answer.rejections.push(...rejections.slice(0, mostShown))
  const counts = { records: records.length, readings: values.length, rejected: rejections.length }
  answer.feeds.push({ feed: name, ...counts, ...outcome })
}

type Outcome = Pick<DryRun['feeds'][number], 'has_more' | 'error_code' | 'error_message'>

function outcomeOf(error: unknown): Partial<Outcome> {
  if (error instanceof Enough) return { has_more: true }
  if (!(error instanceof ProviderError)) throw error
  if (error.cause instanceof EgressRefused)
    return { error_code: 'address_refused', error_message: error.cause.forPeople }
  return { error_code: error.fault, error_message: error.message }
}
