/**
 * One request of a provider: is it the provider's, what does it say, and whom does it concern. What it says is kept for each of those
 * before it is answered; it is dealt with later. Nothing is believed beyond what was proved: an unsigned request only makes us ask.
 */
import { createHash } from 'node:crypto'
import {
  type HookAnswer,
  type HookKeys,
  type HookRequest,
  isSameSecret,
  type Notice,
  type Provider,
  ProviderError,
  type Webhook,
} from '@tributary/providers/kit'
import type { Calls } from '../connect/calls.ts'
import { become, type Database } from '../platform/db/database.ts'
import { findHookSecret, type HookSecret } from '../platform/hooks/hook-secrets.ts'
import { type NoticePlace, sealNotice } from '../platform/hooks/seal-notice.ts'
import { maxBodyBytes } from '../platform/http/body.ts'
import type { Log } from '../platform/log.ts'
import type { Sealing } from '../platform/sealing.ts'
import type { HookCounts } from './count-hooks.ts'
import type { ArrivingBody, HoldBody } from './hold-body.ts'
import { findConnectionsOfAccounts, insertNotice, isNoticeKnown, type NoticeRow } from './hooks.queries.ts'
import { publicKeysFor } from './public-keys.ts'

export interface HookEdges {
  db: Database
  sealing: Sealing
  findProvider(id: string): Provider | undefined
  calls: Pick<Calls, 'appOf' | 'open' | 'openApp'>
  clock: { now(): number }
  log: Pick<Log, 'warn'>
  counts: HookCounts
  holdBody: HoldBody
  /** There is something to deal with. */
  wake(): void
}

export interface HookAsked {
  provider: string
  /** The last part of the path. */
  secret: string
  head: Omit<HookRequest, 'body'>
  body: ArrivingBody | undefined
}

const nothingHere: HookAnswer = { status: 404 }
const refused: HookAnswer = { status: 401 }
const unreadable: HookAnswer = { status: 400 }
const later: HookAnswer = { status: 503, headers: { 'retry-after': '30' } }

export async function takeHook(edges: HookEdges, { provider: id, secret, head, body }: HookAsked): Promise<HookAnswer> {
  const provider = edges.findProvider(id)
  const webhook = provider?.webhook
  if (!provider || !webhook) return nothingHere
  const known = await edges.db.asWriter((tx) => findHookSecret(edges.sealing, tx, provider.id))
  // Whatever a provider proves by itself: some send no more than the id of our app, which every sign-in page shows.
  if (!known || !isSameSecret(secret, known.secret)) {
    edges.counts.count(provider.id, 'refused')
    return nothingHere
  }
  return edges.holdBody(body, webhook.large?.maxBytes ?? maxBodyBytes, (bytes) =>
    judge(edges, provider, webhook, known, { ...head, body: bytes }),
  )
}

async function judge(
  edges: HookEdges,
  provider: Provider,
  webhook: Webhook,
  known: HookSecret,
  request: HookRequest,
): Promise<HookAnswer> {
  const { counts } = edges
  const app = await edges.calls.appOf(provider)
  const publicKeys = await publicKeysFor(edges, provider, request)
  if (publicKeys === 'not_yet') {
    counts.count(provider.id, 'postponed')
    return later
  }
  const { list } = publicKeys
  const keys: HookKeys = { app, ...known, ...(list === undefined ? {} : { publicKeys: list }) }
  const greeting = webhook.handshake?.(request, keys)
  if (greeting) {
    counts.count(provider.id, 'handshake')
    return greeting
  }
  const verdict = request.method === 'POST' ? webhook.verify(request, keys) : undefined
  if (!verdict || verdict.kind === 'refused') {
    counts.count(provider.id, 'refused')
    return refused
  }
  try {
    for (const part of webhook.large?.parts(request) ?? [request]) {
      const notices = webhook.read(part)
      await keepNotices(edges, provider.id, verdict.kind === 'hint' ? notices.map(hintOf) : notices, request.at)
    }
  } catch (error) {
    if (!(error instanceof ProviderError) || error.fault !== 'bad_data') throw error
    counts.count(provider.id, 'unreadable')
    return unreadable
  }
  return webhook.answer ?? { status: 200 }
}

/** Of what nobody signed only this is left: somebody says that there is something to fetch. */
function hintOf(notice: Notice): Notice {
  const { id, account } = notice
  if (notice.kind === 'changed') return notice
  const feed = 'feed' in notice ? notice.feed : ''
  return { id, account, kind: 'changed', feed, ...(notice.kind === 'deleted' ? { record: notice.record } : {}) }
}

/** For each connection of the accounts, in one transaction. */
async function keepNotices(
  { db, sealing, counts, wake }: HookEdges,
  provider: string,
  notices: readonly Notice[],
  at: number,
): Promise<void> {
  const accounts = [...new Set(notices.map(({ account }) => account))]
  const connections = accounts.length
    ? await db.asWriter((tx) => findConnectionsOfAccounts(tx, provider, accounts))
    : []
  const byAccount = Map.groupBy(connections, ({ provider_account }) => provider_account)
  for (const { account } of notices) if (!byAccount.has(account)) counts.count(provider, 'unknown_account')
  const [first] = connections
  if (!first) return
  const kept = await db.write({ userId: first.user_id }, async (tx) => {
    let fresh = 0
    const keep = async (place: NoticePlace, notice: Notice) => {
      const sealed = notice.kind === 'records' ? await sealNotice(sealing, tx, place, notice.records) : null
      return insertNotice(tx, { ...place, ...partsOf(notice), sealed, at: new Date(at) })
    }
    for (const { user_id: userId, connection_id: connectionId, provider_account } of connections) {
      await become(tx, { userId })
      for (const notice of notices) {
        if (notice.account !== provider_account) continue
        const hash = createHash('sha256').update(`${provider}\n${notice.id}`).digest()
        const place = { userId, connectionId, provider, hash }
        const isNew = !(await isNoticeKnown(tx, place)) && (await keep(place, notice))
        counts.count(provider, isNew ? 'kept' : 'known')
        if (isNew) fresh++
      }
    }
    return fresh
  })
  if (kept) wake()
}

/** Records are sealed apart; the rest names none of a person's values. */
function partsOf(notice: Notice): Pick<NoticeRow, 'kind' | 'feed' | 'notice'> {
  const feed = 'feed' in notice ? notice.feed : null
  if (notice.kind === 'changed') {
    const { record, window } = notice
    return { kind: 'changed', feed, notice: { ...(record ? { record } : {}), ...(window ? { window } : {}) } }
  }
  if (notice.kind === 'deleted') return { kind: 'deleted', feed, notice: { record: notice.record } }
  return { kind: notice.kind, feed, notice: {} }
}
