/**
 * Makes sure that providers call us: for each that takes one subscription for the whole app, once somebody is connected to it, for
 * others by each connection's own token; and again as often as they say. A provider can only call an address that it can reach, so without one over HTTPS nothing is asked for.
 */
import type { Provider } from '@tributary/providers/kit'
import type { Calls, ConnectionRef } from '../connect/calls.ts'
import type { Database } from '../platform/db/database.ts'
import {
  findConnectionHook,
  listActiveConnections,
  listConnectedProviders,
  listIdleSubscriptions,
} from '../platform/hooks/hook-secrets.queries.ts'
import { findHookSecret, keepSubscription } from '../platform/hooks/hook-secrets.ts'
import { keepOwnSubscription } from '../platform/hooks/seal-subscription.ts'
import type { Log } from '../platform/log.ts'
import type { Sealing } from '../platform/sealing.ts'

export interface SubscribeEdges {
  db: Database
  sealing: Sealing
  calls: Pick<Calls, 'appOf' | 'open' | 'openApp'>
  findProvider(id: string): Provider | undefined
  clock: { now(): number }
  log: Pick<Log, 'warn' | 'info'>
  /** PUBLIC_URL. */
  publicUrl: string | undefined
}

const dayMs = 86_400_000
/** Beside what the provider said to keep: when it was last begun. */
const begunAt = 'begun_at'

export async function subscribeHooks(edges: SubscribeEdges): Promise<void> {
  const { db, findProvider, publicUrl } = edges
  for (const idle of await db.asWriter(listIdleSubscriptions)) await unsubscribe(edges, idle)
  if (!publicUrl?.startsWith('https:')) return
  for (const id of await db.asWriter(listConnectedProviders)) {
    const provider = findProvider(id)
    const way = provider?.webhook?.subscribe
    if (!provider || !way) continue
    const places: readonly (ConnectionRef | undefined)[] =
      way.per === 'app' ? [undefined] : await db.asWriter((tx) => listActiveConnections(tx, id))
    for (const of of places) await attempt(edges, provider, publicUrl, of)
  }
}

/** Once the last connection has ended a provider has nothing to tell us. What fails is tried again an hour later. */
async function unsubscribe(
  { db, sealing, calls, clock, log, findProvider }: SubscribeEdges,
  id: string,
): Promise<void> {
  const provider = findProvider(id)
  const subscribe = provider?.webhook?.subscribe
  if (!provider || subscribe?.per !== 'app') return
  try {
    const app = await calls.appOf(provider)
    const known = await db.asWriter((tx) => findHookSecret(sealing, tx, id))
    if (!app || !known) return // nobody to ask as, until an operator sets it up again
    const {
      secret,
      kept: { [begunAt]: _when, ...told },
    } = known
    await subscribe.end(await calls.openApp(provider), told, { app, secret, kept: told, now: clock.now() })
    await db.asWriter((tx) => keepSubscription(sealing, tx, id, {}))
    log.info({ provider: id }, 'a provider was asked to tell us nothing more: nobody is connected to it')
  } catch (error) {
    log.warn({ err: error, provider: id }, 'a provider could not be asked to tell us nothing more')
  }
}

/** What fails is tried again an hour later; until then the data come by asking, as they would without. */
async function attempt(
  edges: SubscribeEdges,
  provider: Provider,
  publicUrl: string,
  of: ConnectionRef | undefined,
): Promise<void> {
  const { db, sealing, calls, clock, log } = edges
  const { subscribe } = provider.webhook ?? {}
  try {
    const app = await calls.appOf(provider)
    const known = await db.asWriter((tx) => findHookSecret(sealing, tx, provider.id))
    if (!subscribe || !known) return
    const { secret, kept } = known
    const own = of ? await db.read(of, (tx) => findConnectionHook(tx, of)) : undefined
    if (!isDue(of ? own?.updated_at.getTime() : Number(kept[begunAt]), subscribe.everyDays, clock.now())) return
    const url = `${publicUrl.replace(/\/$/, '')}/hooks/${provider.id}/${secret}`
    const http = of ? (await calls.open(of)).http : await calls.openApp(provider)
    const told = await subscribe.begin(http, url, { app, secret, now: clock.now(), ...(of ? {} : { kept }) })
    await keep(edges, provider.id, of, told)
    log.info({ provider: provider.id }, 'a provider was asked to tell us of changes')
  } catch (error) {
    log.warn({ err: error, provider: provider.id }, 'a provider could not be asked to tell us of changes')
  }
}

async function keep(
  { db, sealing, clock }: SubscribeEdges,
  provider: string,
  of: ConnectionRef | undefined,
  told: Record<string, string>,
): Promise<void> {
  const now = clock.now()
  if (!of) return db.asWriter((tx) => keepSubscription(sealing, tx, provider, { ...told, [begunAt]: String(now) }))
  await db.write(of, (tx) => keepOwnSubscription(sealing, tx, { ...of, provider }, told, new Date(now)))
}

function isDue(at: number | undefined, everyDays: number | undefined, now: number): boolean {
  if (!at) return true
  return everyDays !== undefined && now - at >= everyDays * dayMs
}
