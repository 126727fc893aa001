/** A definition as it came: judged, and told field by field where it is wrong. */
import { isDeepStrictEqual } from 'node:util'
import { CustomDefinition, customProvider } from '@tributary/providers/custom'
import type { KeyAuth, Provider } from '@tributary/providers/kit'
import { faultsOf } from '../platform/http/validate.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { keyAuthOf } from './ways-in.ts'

export interface ReadDefinition {
  definition: CustomDefinition
  provider: Provider
  auth: KeyAuth
}

export function readDefinition(given: unknown): ReadDefinition {
  const parsed = CustomDefinition.safeParse(given)
  if (parsed.success) {
    const provider = customProvider(parsed.data, 'custom')
    return { definition: parsed.data, provider, auth: must(keyAuthOf(provider), 'a custom API is signed in to by key') }
  }
  const errors = faultsOf(parsed.error, 'body').map((fault) => ({ ...fault, pointer: `/definition${fault.pointer}` }))
  const [first] = errors
  throw new Problem('invalid_request', first && `${first.pointer}: ${first.detail}`, { errors })
}

/** As people write it: the database gives fields back in an order of its own. */
export const inOrder = (stored: CustomDefinition): CustomDefinition => CustomDefinition.safeParse(stored).data ?? stored

/** What was given for one server, or one way in, is never sent to another without its person's word. */
export const wantsNewCredentials = (before: CustomDefinition, now: CustomDefinition): boolean =>
  new URL(before.base_url).origin !== new URL(now.base_url).origin || !isDeepStrictEqual(before.auth, now.auth)

/** Lists that read the same as before; a new title changes nothing. */
export function unchangedFeeds(before: CustomDefinition, now: CustomDefinition): string[] {
  if (before.base_url !== now.base_url) return []
  const kept = new Map(before.feeds.map((feed) => [feed.id, { ...feed, title: '' }]))
  return now.feeds.filter((feed) => isDeepStrictEqual(kept.get(feed.id), { ...feed, title: '' })).map(({ id }) => id)
}
