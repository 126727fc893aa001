/** The keys that some providers sign with: fetched when they are needed, kept for as long as the provider says, by this process. */
import type { HookRequest, Provider } from '@tributary/providers/kit'
import type { HookEdges } from './take-hook.ts'

interface Kept {
  list: unknown
  at: number
}

const kept = new Map<string, Kept>()
/** When they could last not be had. */
const failedAt = new Map<string, number>()
const hourMs = 3_600_000
/** Anybody may post what asks for a key that is not there: it is looked for once in a while only. */
const againMs = 60_000

/** Undefined when the provider signs with none, or they cannot be had now: the request is then refused, and delivered again. */
export async function publicKeysFor(
  { calls, clock, log }: Pick<HookEdges, 'calls' | 'clock' | 'log'>,
  provider: Provider,
  request: HookRequest,
): Promise<unknown> {
  const wanted = provider.webhook?.publicKeys
  if (!wanted || request.method !== 'POST') return undefined
  const known = kept.get(provider.id)
  const age = clock.now() - (known?.at ?? 0)
  const isFresh = known && age < wanted.hours * hourMs && (wanted.knows(known.list, request) || age < againMs)
  if (isFresh) return known.list
  if (clock.now() - (failedAt.get(provider.id) ?? Number.NEGATIVE_INFINITY) < againMs) return known?.list
  try {
    const { body } = await (await calls.openApp(provider)).get(wanted.url)
    kept.set(provider.id, { list: body, at: clock.now() })
    return body
  } catch (error) {
    log.warn({ err: error, provider: provider.id }, 'the keys that a provider signs with could not be fetched')
    failedAt.set(provider.id, clock.now())
    return known?.list // what is known may still be right; what is signed with another key is refused
  }
}
