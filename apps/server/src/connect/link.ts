/** Connecting without a browser of the person's: at the emulated clouds of the demo, where somebody else walks through the page. */
import { createHash, randomBytes } from 'node:crypto'
import { findProvider } from '@tributary/providers'
import { authorizationUrl, ProviderError } from '@tributary/providers/kit'
import type { Database } from '../platform/db/database.ts'
import { saveConnection } from './save-connection.ts'
import { type SignInEdges, signInWithCode } from './sign-in-to.ts'
import type { Vault } from './vault.ts'
import { oauth2Of } from './ways-in.ts'

export interface LinkEdges extends SignInEdges {
  db: Database
  vault: Vault
}

/** Answers false when the provider has no app that was lent. Signed in again to the same account, the connection goes on with new tokens. */
export type Link = (
  of: { userId: string; provider: string; redirectUri: string },
  walk: (authorizeUrl: string) => Promise<URL>,
) => Promise<boolean>

export const createLink =
  (edges: LinkEdges): Link =>
  async ({ userId, provider: id, redirectUri }, walk) => {
    const { apps, db, vault, clock } = edges
    const provider = findProvider(id)
    const auth = provider && oauth2Of(provider)
    const app = provider && (await apps.find(provider, true))
    if (!provider || !auth || !app) return false
    const [state, verifier] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')]
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const asked = Object.keys(auth.scopes)
    const standIns = apps.standInsOf(provider, { isDemo: true })
    const url = authorizationUrl(
      auth,
      { clientId: app.keys.clientId, redirectUri, state, scopes: asked, challenge },
      standIns,
    )
    const back = (await walk(url.href)).searchParams
    const code = back.get('code')
    if (!code || back.get('state') !== state) throw new ProviderError('bad_data', `${provider.name} gave no code`)
    const brought = { code, verifier, redirectUri, region: provider.regions?.[0]?.id ?? null, asked, parameters: back }
    const answer = await signInWithCode(edges, provider, auth, app, brought)
    if (answer.kind !== 'ok') throw new ProviderError('bad_data', `${provider.name} gave no token`)
    await db.write({ userId }, (tx) =>
      saveConnection(tx, vault, { userId, provider, signedIn: answer.signedIn, at: new Date(clock.now()) }),
    )
    return true
  }
