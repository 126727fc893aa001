/**
 * Makes sure that providers call us: for each that takes one subscription for the whole app, once somebody is connected to it, and
 * again as often as it says. A provider can only call an address that it can reach, so without one over HTTPS nothing is asked for.
 */
import { randomBytes } from 'node:crypto'
import type { Provider } from '@tributary/providers/kit'
import type { Calls } from '../connect/calls.ts'
import type { Database } from '../platform/db/database.ts'
import { keepHookSecret, keepSubscription, listConnectedProviders } from '../platform/hooks/hook-secrets.queries.ts'
import type { Log } from '../platform/log.ts'

export interface SubscribeEdges {
  db: Database
  calls: Pick<Calls, 'appOf' | 'openApp'>
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
  const { db, findProvider, publicUrl, log } = edges
  if (!publicUrl?.startsWith('https:')) return
  for (const id of await db.asWriter(listConnectedProviders)) {
    const provider = findProvider(id)
    if (provider?.webhook?.subscribe?.per !== 'app') continue
    try {
      await subscribe(edges, provider, publicUrl)
    } catch (error) {
      // The next hour tries again; until then its data come by asking, as without.
      log.warn({ err: error, provider: id }, 'a provider could not be asked to tell us of changes')
    }
  }
}

async function subscribe(
  { db, calls, clock, log }: SubscribeEdges,
  provider: Provider,
  publicUrl: string,
): Promise<void> {
  const { subscribe: way } = provider.webhook ?? {}
  const app = await calls.appOf(provider)
  const known = await db.asWriter((tx) => keepHookSecret(tx, provider.id, randomBytes(24).toString('base64url')))
  if (!way || !app || !known || !isDue(known.kept, way.everyDays, clock.now())) return
  const { secret, kept } = known
  const url = `${publicUrl.replace(/\/$/, '')}/hooks/${provider.id}/${secret}`
  const told = await way.begin(await calls.openApp(provider), url, { app, secret, kept })
  await db.asWriter((tx) => keepSubscription(tx, provider.id, { ...told, [begunAt]: String(clock.now()) }))
  log.info({ provider: provider.id }, 'a provider was asked to tell us of changes')
}

function isDue(kept: Record<string, string>, everyDays: number | undefined, now: number): boolean {
  const at = Number(kept[begunAt])
  if (!at) return true
  return everyDays !== undefined && now - at >= everyDays * dayMs
}
