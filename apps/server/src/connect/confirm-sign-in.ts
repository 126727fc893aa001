/** The yes of a person whose sign-in came back in another browser, or to an account that somebody else here has. Only by who asked, where the answer came to. */
import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { hashToken } from '../platform/tokens.ts'
import { mayAnswer } from './await-yes.ts'
import { languageOf } from './language.ts'
import { providerCalled } from './provider-called.ts'
import { type SignedIn, saveConnection } from './save-connection.ts'
import { showConnection } from './show-connection.ts'
import { statePlace } from './state-place.ts'
import { deleteState, findPending } from './states.queries.ts'

export const getPendingSignIn = handle(routes.getPendingSignIn, async (call, { sealing, clock }) => {
  const provider = providerCalled(call.params.type)
  const { userId } = call.caller
  return call.read(async (tx) => {
    const state = await findPending(tx, userId, hashToken(call.params.token), provider.id, new Date(clock.now()))
    if (!state?.sealed_answer || !state.confirm_reason || !mayAnswer(call, state)) throw new Problem('not_found')
    const place = statePlace(userId, state.state_hash, provider.id, 'sealed_answer')
    const { account, profile } = JSON.parse(await sealing.open(tx, place, state.sealed_answer)) as SignedIn
    const { confirm_reason: reason, expires_at } = state
    return {
      provider: provider.id,
      provider_name: provider.name,
      provider_account: account,
      profile,
      reason,
      expires_at: expires_at.toISOString(),
    }
  })
})

export const confirmSignIn = handle(routes.confirmSignIn, async (call, { sealing, clock, connect, runner }) => {
  const provider = providerCalled(call.params.type)
  const { userId } = call.caller
  const language = languageOf(undefined, call.request.headers['accept-language'])
  const connection = await call.write(
    async (tx) => {
      const at = new Date(clock.now())
      const state = await findPending(tx, userId, hashToken(call.body.token), provider.id, at)
      if (!state?.sealed_answer || !mayAnswer(call, state)) throw new Problem('not_found')
      if (!(await deleteState(tx, userId, state.state_hash))) throw new Problem('not_found')
      const place = statePlace(userId, state.state_hash, provider.id, 'sealed_answer')
      const signedIn = JSON.parse(await sealing.open(tx, place, state.sealed_answer)) as SignedIn
      const row = await saveConnection(tx, connect.vault, { userId, provider, signedIn, at })
      return showConnection(tx, row, language)
    },
    { target: provider.id },
  )
  runner.wake()
  return connection
})

export const declineSignIn = handle(routes.declineSignIn, async (call, { clock }) => {
  const provider = providerCalled(call.params.type)
  const { userId } = call.caller
  return call.write(
    async (tx) => {
      const state = await findPending(tx, userId, hashToken(call.params.token), provider.id, new Date(clock.now()))
      if (!state || !mayAnswer(call, state)) throw new Problem('not_found')
      await deleteState(tx, userId, state.state_hash)
      return undefined
    },
    { target: provider.id },
  )
})
