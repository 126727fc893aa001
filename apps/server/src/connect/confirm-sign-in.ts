/** The yes of a person whose sign-in came back in another browser, or to an account that somebody else here has. Only by who asked, where the answer came to. */
import { routes } from '@tributary/protocol'
import type { Clock } from '../platform/clock.ts'
import type { Read } from '../platform/db/database.ts'
import type { Call } from '../platform/http/call.ts'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import type { Sealing } from '../platform/sealing.ts'
import { hashToken } from '../platform/tokens.ts'
import { mayAnswer } from './await-yes.ts'
import { languageOf } from './language.ts'
import { providerCalled } from './provider-called.ts'
import { type SignedIn, saveConnection } from './save-connection.ts'
import { showConnection } from './show-connection.ts'
import { statePlace } from './state-place.ts'
import { deleteState, findPending, type StateRow } from './states.queries.ts'

export const getPendingSignIn = handle(routes.getPendingSignIn, async (call, { sealing, clock }) => {
  const provider = providerCalled(call.params.type)
  return call.read(async (tx) => {
    const state = await findAnswerable(tx, call, provider.id, call.params.token, clock)
    const { confirm_reason: reason, expires_at } = state
    if (!reason) throw new Problem('not_found')
    const { account, profile } = await answerIn(tx, sealing, state)
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
      const state = await findAnswerable(tx, call, provider.id, call.body.token, clock)
      if (!(await deleteState(tx, userId, state.state_hash))) throw new Problem('not_found')
      const signedIn = await answerIn(tx, sealing, state)
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
  return call.write(
    async (tx) => {
      const state = await findAnswerable(tx, call, provider.id, call.params.token, clock)
      await deleteState(tx, state.user_id, state.state_hash)
      return undefined
    },
    { target: provider.id },
  )
})

type Answerable = StateRow & { sealed_answer: string }

/** What a token leads to, for who may answer it. */
async function findAnswerable(
  tx: Read,
  call: Pick<Call, 'caller' | 'request'>,
  provider: string,
  token: string,
  clock: Pick<Clock, 'now'>,
): Promise<Answerable> {
  const state = await findPending(tx, call.caller.userId, hashToken(token), provider, new Date(clock.now()))
  if (!state?.sealed_answer || !mayAnswer(call, state)) throw new Problem('not_found')
  return { ...state, sealed_answer: state.sealed_answer }
}

async function answerIn(tx: Read, sealing: Pick<Sealing, 'open'>, state: Answerable): Promise<SignedIn> {
  const place = statePlace(state.user_id, state.state_hash, state.provider, 'sealed_answer')
  return JSON.parse(await sealing.open(tx, place, state.sealed_answer))
}
