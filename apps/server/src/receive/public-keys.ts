/** The keys that some providers sign with: fetched before they are needed, kept for as long as the provider says, by this process. */
import type { HookRequest, Provider } from '@tributary/providers/kit'
import type { Calls } from '../connect/calls.ts'
import type { Database } from '../platform/db/database.ts'
import { listConnectedProviders } from '../platform/hooks/hook-secrets.queries.ts'
import type { Log } from '../platform/log.ts'

export interface KeyEdges {
  calls: Pick<Calls, 'openApp'>
  clock: { now(): number }
  log: Pick<Log, 'warn'>
}

interface Kept {
  list: unknown
  at: number
}

const kept = new Map<string, Kept>()
/** When they could last not be had. */
const failedAt = new Map<string, number>()
const underWay = new Map<string, Promise<void>>()
const hourMs = 3_600_000
/** Anybody may post what asks for a key that is not there: it is looked for once in a while only. */
const againMs = 60_000
/** Providers want to be answered within seconds, and we promise one. */
const patienceMs = 700

/**
 * `list` is undefined when the provider signs with none, or they cannot be had now. `not_yet`: they are being fetched, and it takes
 * longer than who posts may be kept waiting; what it posts is to be sent again.
 */
export async function publicKeysFor(
  edges: KeyEdges,
  provider: Provider,
  request: HookRequest,
): Promise<{ list: unknown } | 'not_yet'> {
  const wanted = provider.webhook?.publicKeys
  if (!wanted || request.method !== 'POST') return { list: undefined }
  const known = kept.get(provider.id)
  const hasKey = known !== undefined && wanted.knows(known.list, request)
  const fetching = isDue(edges, provider, hasKey) ? fetchKeys(edges, provider, wanted.url) : undefined
  if (hasKey || !fetching) return { list: known?.list }
  const isThere = await Promise.race([fetching.then(() => true), after(patienceMs)])
  return isThere ? { list: kept.get(provider.id)?.list } : 'not_yet'
}

/** Of providers that somebody is connected to, so that the first that they post can be proved at once. */
export async function prefetchKeys(
  edges: KeyEdges & { db: Pick<Database, 'asWriter'>; findProvider(id: string): Provider | undefined },
): Promise<void> {
  for (const id of await edges.db.asWriter(listConnectedProviders)) {
    const provider = edges.findProvider(id)
    const wanted = provider?.webhook?.publicKeys
    if (provider && wanted && isDue(edges, provider, true)) await fetchKeys(edges, provider, wanted.url)
  }
}

function isDue({ clock }: KeyEdges, { id, webhook }: Provider, hasKey: boolean): boolean {
  if (underWay.has(id)) return true
  const age = clock.now() - (kept.get(id)?.at ?? Number.NEGATIVE_INFINITY)
  const isOld = age >= (webhook?.publicKeys?.hours ?? 0) * hourMs || (!hasKey && age >= againMs)
  return isOld && clock.now() - (failedAt.get(id) ?? Number.NEGATIVE_INFINITY) >= againMs
}

/** Never throws, and once at a time. What is known may still be right; what is signed with another key is refused. */
function fetchKeys({ calls, clock, log }: KeyEdges, provider: Provider, url: string): Promise<void> {
  const { id } = provider
  const ask = async () => {
    try {
      const { body } = await (await calls.openApp(provider)).get(url)
      kept.set(id, { list: body, at: clock.now() })
    } catch (error) {
      log.warn({ err: error, provider: id }, 'the keys that a provider signs with could not be fetched')
      failedAt.set(id, clock.now())
    } finally {
      underWay.delete(id)
    }
  }
  const known = underWay.get(id)
  if (known) return known
  const asking = ask()
  underWay.set(id, asking)
  return asking
}

const after = (ms: number): Promise<false> => new Promise((resolve) => setTimeout(resolve, ms, false).unref())
