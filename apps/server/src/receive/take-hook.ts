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
} from '@tributary/providers/kit'
import type { Calls } from '../connect/calls.ts'
import { become, type Database } from '../platform/db/database.ts'
import { findHookSecret } from '../platform/hooks/hook-secrets.ts'
import { sealNotice } from '../platform/hooks/seal-notice.ts'
import type { Log } from '../platform/log.ts'
import type { Sealing } from '../platform/sealing.ts'
import { findConnectionsOfAccounts, insertNotice, type NoticeRow } from './hooks.queries.ts'
import { publicKeysFor } from './public-keys.ts'

export interface HookEdges {
  db: Database
  sealing: Sealing
  findProvider(id: string): Provider | undefined
  calls: Pick<Calls, 'appOf' | 'open' | 'openApp'>
  clock: { now(): number }
  log: Pick<Log, 'warn'>
  /** What became of requests, by provider and outcome; no part of a request is in it. */
  count(provider: string, outcome: HookOutcome): void
  /** There is something to deal with. */
  wake(): void
}

export type HookOutcome = 'kept' | 'known' | 'handshake' | 'refused' | 'unreadable' | 'unknown_account'

export interface HookAsked {
  provider: string
  /** The last part of the path. */
  secret: string
  request: HookRequest
}

const nothingHere: HookAnswer = { status: 404 }
const refused: HookAnswer = { status: 401 }
const unreadable: HookAnswer = { status: 400 }

export async function takeHook(edges: HookEdges, { provider: id, secret, request }: HookAsked): Promise<HookAnswer> {
  const provider = edges.findProvider(id)
  const webhook = provider?.webhook
  if (!provider || !webhook) return nothingHere
  const known = await edges.db.asWriter((tx) => findHookSecret(edges.sealing, tx, provider.id))
  // Whatever a provider proves by itself: some send no more than the id of our app, which every sign-in page shows.
  if (!known || !isSameSecret(secret, known.secret)) {
    edges.count(provider.id, 'refused')
    return nothingHere
  }
  const app = await edges.calls.appOf(provider)
  const publicKeys = await publicKeysFor(edges, provider, request)
  const keys: HookKeys = { app, secret: known.secret, kept: known.kept, ...(publicKeys ? { publicKeys } : {}) }
  const greeting = webhook.handshake?.(request, keys)
  if (greeting) {
    edges.count(provider.id, 'handshake')
    return greeting
  }
  const verdict = request.method === 'POST' ? webhook.verify(request, keys) : undefined
  if (!verdict || verdict.kind === 'refused') {
    edges.count(provider.id, 'refused')
    return refused
  }
  const notices = readNotices(provider, request)
  if (!notices) {
    edges.count(provider.id, 'unreadable')
    return unreadable
  }
  await keepNotices(edges, provider.id, verdict.kind === 'hint' ? notices.map(hintOf) : notices, request.at)
  return webhook.answer ?? { status: 200 }
}

function readNotices({ webhook }: Provider, request: HookRequest): readonly Notice[] | undefined {
  try {
    return webhook?.read(request)
  } catch (error) {
    if (error instanceof ProviderError && error.fault === 'bad_data') return undefined
    throw error
  }
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
  { db, sealing, count, wake }: HookEdges,
  provider: string,
  notices: readonly Notice[],
  at: number,
): Promise<void> {
  const accounts = [...new Set(notices.map(({ account }) => account))]
  const connections = accounts.length
    ? await db.asWriter((tx) => findConnectionsOfAccounts(tx, provider, accounts))
    : []
  const byAccount = Map.groupBy(connections, ({ provider_account }) => provider_account)
  for (const { account } of notices) if (!byAccount.has(account)) count(provider, 'unknown_account')
  const [first] = connections
  if (!first) return
  const kept = await db.write({ userId: first.user_id }, async (tx) => {
    let fresh = 0
    for (const { user_id: userId, connection_id: connectionId, provider_account } of connections) {
      await become(tx, { userId })
      for (const notice of notices) {
        if (notice.account !== provider_account) continue
        const hash = createHash('sha256').update(`${provider}\n${notice.id}`).digest()
        const place = { userId, connectionId, provider, hash }
        const sealed = notice.kind === 'records' ? await sealNotice(sealing, tx, place, notice.records) : null
        const isNew = await insertNotice(tx, { ...place, ...partsOf(notice), sealed, at: new Date(at) })
        count(provider, isNew ? 'kept' : 'known')
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
  return { kind: notice.kind, feed, notice: notice.kind === 'scopes' ? { granted: notice.granted } : {} }
}
