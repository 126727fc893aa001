/** Opens connections: every request carries the token and goes through the egress guard; an answer that the token has ended renews it once. */
import {
  type AppKeys,
  type Carry,
  createProviderHttp,
  faultOf,
  type Provider,
  ProviderError,
  parseJson,
  type Received,
  type Sent,
} from '@tributary/providers/kit'
import type { Egress } from '../platform/egress/egress.ts'
import { EgressRefused } from '../platform/egress/refused.ts'
import type { CallOptions, Calls } from './calls.ts'
import { type Opener, signed } from './carry.ts'
import { learnAccount } from './learn-account.ts'
import { createRenew, type Renew, type RenewEdges } from './renew-tokens.ts'
import type { Held } from './vault.ts'

/** What an activity's file may be; JSON is far below. */
const maxBytes = 32 * 1024 * 1024

export function createCalls(edges: RenewEdges): { calls: Calls; renew: Renew } {
  const { egress, apps, vault, clock } = edges
  const renew = createRenew({
    ...edges,
    afterRenewal: async (held, path) => {
      const http = httpOf(held, await appFor(held), {}, async () => held)
      await http.get(path).catch((error: unknown) => {
        // The provider only lets go of the old token later; the new one is good.
        edges.log.warn(
          { err: error, connection: held.ref.connectionId },
          'a new token could not be shown to its provider',
        )
      })
    },
  })

  const appFor = async ({ provider, row }: Held): Promise<AppKeys | undefined> =>
    (await apps.find(provider, row.is_demo))?.keys

  function httpOf(
    first: Held,
    app: AppKeys | undefined,
    { signal, around }: CallOptions,
    refresh: (ended?: number) => Promise<Held>,
  ) {
    const { provider, row } = first
    const carry: Carry = async (sent) => {
      if (sent.withoutToken) return send(egress, sent, signal)
      const held = await refresh()
      const answer = await send(egress, signed(sent, openerOf(held), app, clock), signal)
      if (!isTokenEnded(provider, answer, clock.now())) return answer
      const renewed = await refresh(held.row.token_version)
      const second = await send(egress, signed(sent, openerOf(renewed), app, clock), signal)
      if (renewed.credentials && isTokenEnded(provider, second, clock.now()))
        await vault.needSignIn(
          renewed,
          'key_refused',
          `${provider.name} does not accept this key any more: give it a new one`,
        )
      return second
    }
    const standIns = apps.standInsOf(provider, { region: row.region, isDemo: row.is_demo })
    return createProviderHttp(provider, around ? around(carry) : carry, standIns, () => clock.now())
  }

  const calls: Calls = {
    async open(ref, options = {}) {
      const held = await vault.read(ref)
      const { provider, row } = held
      // A pasted key is not renewed, but somebody may have given another one since.
      const refresh = held.credentials ? () => vault.read(ref) : (ended?: number) => renew(ref, ended)
      const http = httpOf(held, await appFor(held), options, refresh)
      const learned = row.provider_account ? undefined : await learnAccount(edges, ref, http)
      const { account = row.provider_account, scopes = row.granted_scopes } = learned ?? {}
      return { provider, http, account, scopes }
    },
    async openApp(provider, { signal, around } = {}) {
      const app = await apps.find(provider)
      const carry: Carry = (sent) =>
        send(
          egress,
          { ...sent, headers: { ...(sent.withoutToken ? {} : provider.headers?.(app?.keys)), ...sent.headers } },
          signal,
        )
      const isDemo = app?.origin === 'demo'
      return createProviderHttp(provider, around ? around(carry) : carry, apps.standInsOf(provider, { isDemo }), () =>
        clock.now(),
      )
    },
    appOf: async (provider) => (await apps.find(provider))?.keys,
  }
  return { calls, renew }
}

const openerOf = (held: Held): Opener => ({ ...held, account: held.row.provider_account })

/** A 401 that is about the token, and not, as some use it, about a scope; or what a provider says in its place with a good status. */
function isTokenEnded(provider: Provider, { status, headers, bytes }: Received, now: number): boolean {
  if (status === 401) return faultOf(provider, status, textOf(bytes), headers, now).fault === 'auth'
  return status < 300 && provider.isTokenEnded?.(textOf(bytes)) === true
}

function textOf(bytes: Uint8Array): unknown {
  try {
    return bytes.length ? parseJson(new TextDecoder().decode(bytes)) : undefined
  } catch {
    return undefined // a page instead of JSON says nothing more than its status
  }
}

export async function send(egress: Egress, sent: Sent, signal?: AbortSignal): Promise<Received> {
  const { method, url, headers, body } = sent
  try {
    return await egress.request({
      method,
      url,
      headers,
      maxBytes,
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (error instanceof EgressRefused) throw new ProviderError('bad_data', error.message, { cause: error })
    throw error
  }
}
