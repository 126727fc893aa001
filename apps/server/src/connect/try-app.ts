/** Whether the operator's app is known at its provider, as far as it tells without a person. */
import { randomBytes } from 'node:crypto'
import { type Provider, ProviderError, readTokenOutcome, tellsApartApp, tokenRequest } from '@tributary/providers/kit'
import type { Parts } from '../parts.ts'
import { EgressRefused } from '../platform/egress/refused.ts'
import type { Call } from '../platform/http/call.ts'
import { Problem } from '../platform/problem.ts'
import { originOf, redirectUriOf } from './addresses.ts'
import { oauth2Of } from './ways-in.ts'

type Tried = { result: 'accepted' | 'refused' | 'unreachable' | 'unclear'; detail: string }

/** A code that nobody gave out: who refuses it knows the app, who refuses the app does not get that far. */
export async function tryApp(
  provider: Provider,
  { connect, calls, clock, egress, config }: Parts,
  call: Pick<Call, 'request'>,
): Promise<Tried> {
  const app = await connect.apps.find(provider)
  const auth = oauth2Of(provider)
  if (!app || !auth) throw new Problem('provider_not_configured')
  const redirectUri = redirectUriOf(originOf(call.request, config), provider.id)
  const grant = {
    grant: 'authorization_code' as const,
    code: 'a-code-that-cannot-be-right',
    redirectUri,
    verifier: randomBytes(32).toString('base64url'),
  }
  const standIns = connect.apps.standInsOf(provider, { isDemo: app.origin === 'demo' })
  try {
    const answer = await egress.request({
      ...tokenRequest(auth, app.keys, grant, standIns),
      timeoutMs: 15_000,
      maxBytes: 1_000_000,
    })
    const { kind } = readTokenOutcome(auth, answer)
    if (kind === 'app' || (kind === 'failed' && answer.status === 401))
      return {
        result: 'refused',
        detail: `${provider.name} does not know this client id, or the secret is not its own.`,
      }
    if (kind === 'refused' && tellsApartApp(auth)) {
      await provider.proveApp?.(await calls.openApp(provider), app.keys, clock.now())
      return { result: 'accepted', detail: `${provider.name} knows this app and its secret.` }
    }
    return {
      result: 'unclear',
      detail: `${provider.name} answered ${answer.status}, which says nothing of the app. Try to sign in.`,
    }
  } catch (error) {
    if (error instanceof ProviderError && error.fault !== 'unavailable')
      return { result: 'unclear', detail: `${error.message}, which says nothing of the app. Try to sign in.` }
    if (!(error instanceof ProviderError) && !(error instanceof EgressRefused)) throw error
    return { result: 'unreachable', detail: error.message }
  }
}
