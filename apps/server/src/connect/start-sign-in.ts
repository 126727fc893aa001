import { type BodyOf, routes } from '@tributary/protocol'
import { providers } from '@tributary/providers'
import type { Provider } from '@tributary/providers/kit'
import type { Parts } from '../parts.ts'
import type { Call } from '../platform/http/call.ts'
import { Answer, handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { isPlaceToReturnTo, originOf } from './addresses.ts'
import { findSessionById } from './connect-sessions.queries.ts'
import { isAccountTaken } from './connections.queries.ts'
import { languageOf } from './language.ts'
import { providerCalled } from './provider-called.ts'
import { asProblem } from './provider-problem.ts'
import { saveConnection } from './save-connection.ts'
import { sendAway } from './send-away.ts'
import { showConnection } from './show-connection.ts'
import { signInWithKey } from './sign-in-to.ts'
import { takeCredentials } from './take-credentials.ts'
import { keyAuthOf, otherWaysInto, type PageAuth, pageAuthOf } from './ways-in.ts'

type Start = typeof routes.startSignIn

export const startSignIn = handle(routes.startSignIn, async (call, parts) => {
  const provider = providerCalled(call.params.type)
  const session = await sessionOf(call)
  if (session?.providers && !session.providers.includes(provider.id))
    throw new Problem('provider_unknown', 'This connect session is not for that provider')
  const { body } = call
  const region = regionOf(provider, body.region)
  if (body.credentials) return connectByKey(call, parts, provider, body.credentials, region)
  const auth = pageAuthOf(provider, body.auth_kind)
  if (!auth || !isOpen(provider, auth, parts.clock.now())) throw new Problem('sign_in_not_taken', notTaken(provider))
  const missing = await parts.connect.apps.lacking(provider)
  if (missing.length)
    throw new Problem('provider_not_configured', `An operator has to set ${missing.join(' and ')} first`, {
      missing_settings: missing,
    })
  const returnTo = body.return_to ?? session?.return_to ?? null
  const origin = originOf(call.request, parts.config)
  if (returnTo !== null && !isPlaceToReturnTo(returnTo, origin, session?.allowed_origins))
    throw new Problem('return_to_not_allowed')
  return sendAway(call, parts, provider, auth, { returnTo, region, origin })
})

/** A pasted key is tried before it is kept. */
async function connectByKey(
  call: Call<Start>,
  parts: Parts,
  provider: Provider,
  given: NonNullable<BodyOf<Start>['credentials']>,
  region: string | null,
) {
  const { connect, clock, egress, runner } = parts
  const auth = keyAuthOf(provider)
  if (!auth) throw new Problem('sign_in_not_taken', `${provider.name} takes no keys`)
  const credentials = takeCredentials(auth, given)
  const { userId } = call.caller
  await call.repeatIfKept()
  const signedIn = await signInWithKey(
    { apps: connect.apps, clock, egress },
    provider,
    auth,
    credentials,
    region,
  ).catch(asProblem)
  const language = languageOf(undefined, call.request.headers['accept-language'])
  const { status } = call.contract.orReturns
  const connection = await call.write(
    async (tx) => {
      if (await isAccountTaken(tx, provider.id, signedIn.account, userId)) throw new Problem('account_taken')
      const at = new Date(clock.now())
      const row = await saveConnection(tx, connect.vault, { userId, provider, signedIn, at })
      return showConnection(tx, row, language)
    },
    { target: provider.id, status },
  )
  runner.wake()
  return new Answer(status, connection)
}

function regionOf({ regions = [], name }: Provider, wanted: string | undefined): string | null {
  if (wanted === undefined) return regions[0]?.id ?? null
  const region = regions.find(({ id }) => id === wanted)
  if (!region)
    throw new Problem(
      'invalid_request',
      `/region: ${name} has ${regions.map(({ id }) => id).join(', ') || 'no regions'}`,
      {
        errors: [{ pointer: '/region', detail: 'is not one of this provider' }],
      },
    )
  return region.id
}

/** Its usual way, or another whose day has not come. */
const isOpen = (provider: Provider, auth: PageAuth, now: number): boolean =>
  auth === provider.auth || otherWaysInto(provider, now).some((other) => other.auth === auth)

const notTaken = (provider: Provider): string =>
  keyAuthOf(provider)
    ? `${provider.name} takes \`credentials\``
    : (provider.access?.en ?? `Data of ${provider.name} come without a sign-in`)

async function sessionOf(call: Call<Start>) {
  const { connectSessionId, userId } = call.caller
  return connectSessionId ? call.read((tx) => findSessionById(tx, userId, connectSessionId)) : undefined
}

/** Of all providers with a page of their own: whose answers ours must not be mixed up with. */
export const authorizeUrls = (): [id: string, url: string][] =>
  (providers as readonly Provider[]).flatMap((provider) => {
    const auth = pageAuthOf(provider)
    return auth ? [[provider.id, auth.authorizeUrl] as [string, string]] : []
  })
