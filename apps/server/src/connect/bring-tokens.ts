/** Makes tokens that were brought from elsewhere a connection's own, or says in it why they open nothing here. */
import { findProvider } from '@tributary/providers'
import type { Write } from '../platform/db/database.ts'
import { must } from '../platform/must.ts'
import { type Brought, type Standing, standingOf } from './brought-tokens.ts'
import { addFeeds, setBrought } from './connections.queries.ts'
import { dateOrNull } from './tokens.ts'
import type { Vault } from './vault.ts'

export interface BroughtPlace {
  userId: string
  connectionId: string
  provider: string
}

/** In the caller's transaction: a connection and what opens it come together or not at all. */
export type BringTokens = (tx: Write, of: BroughtPlace, brought: Brought) => Promise<Standing['kind']>

export const createBringTokens =
  (vault: Pick<Vault, 'seal'>): BringTokens =>
  async (tx, of, brought) => {
    const provider = must(findProvider(of.provider), 'a connection that is brought has a provider')
    const standing = standingOf(provider, brought)
    if (standing.kind === 'opens') {
      const { tokens, credentials, authKind, scopes } = standing
      const expiresAt = dateOrNull(tokens?.expiresAt)
      const renewIdleAt = dateOrNull(tokens?.renewIdleAt)
      const state = { status: 'active', authKind, scopes, expiresAt, renewIdleAt, code: null, message: null } as const
      await setBrought(tx, of, state)
      if (tokens) await vault.seal(tx, of, 'tokens', tokens)
      if (credentials) await vault.seal(tx, of, 'credentials', credentials)
      await addFeeds(tx, of.userId, of.connectionId, Object.keys(provider.feeds))
    }
    const ended = { scopes: [], expiresAt: null, renewIdleAt: null }
    if (standing.kind === 'replaced') {
      const { auth, words } = standing.by
      const why = { code: 'sign_in_replaced', message: words.en } as const
      await setBrought(tx, of, { ...ended, ...why, status: 'needs_reauth', authKind: auth.kind })
    }
    if (standing.kind === 'no_sign_in') {
      const why = { code: 'no_sign_in', message: provider.access?.en ?? null } as const
      await setBrought(tx, of, { ...ended, ...why, status: 'pending', authKind: 'none' })
    }
    return standing.kind
  }
