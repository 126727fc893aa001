/** A sign-in that came to a good end, but is kept sealed until the person has said yes to it, where it came to. */
import { randomBytes } from 'node:crypto'
import type { Parts } from '../parts.ts'
import type { Write } from '../platform/db/database.ts'
import type { Call } from '../platform/http/call.ts'
import { hashToken } from '../platform/tokens.ts'
import { isMarked } from './browser-cookie.ts'
import type { SignedIn } from './save-connection.ts'
import { statePlace } from './state-place.ts'
import { keepForConfirmation, type StateRow } from './states.queries.ts'

export const connectPage = '/connect'

/** How long a person may take to say it. */
export const yesGoodForMs = 600_000

export interface AwaitedYes {
  /** Behind the #, which no server is told: the token alone is worth nothing, but it is this browser's. */
  href: string
  expiresAt: Date
}

interface Waiting {
  reason: NonNullable<StateRow['confirm_reason']>
  signedIn: SignedIn
  /** Of the browser that the answer came to; `noBrowser` when a program was told. */
  browserHash: Buffer
}

export async function awaitYes(
  tx: Write,
  { sealing, clock }: Pick<Parts, 'sealing' | 'clock'>,
  state: Pick<StateRow, 'user_id' | 'state_hash' | 'provider' | 'asked_by' | 'return_to'>,
  { reason, signedIn, browserHash }: Waiting,
): Promise<AwaitedYes> {
  const { user_id: userId, state_hash: stateHash, provider } = state
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(clock.now() + yesGoodForMs)
  const sealed = await sealing.seal(
    tx,
    statePlace(userId, stateHash, provider, 'sealed_answer'),
    JSON.stringify(signedIn),
  )
  const confirmHash = hashToken(token)
  await keepForConfirmation(tx, { userId, stateHash, confirmHash, reason, sealed, browserHash, expiresAt })
  return { href: placeOfYes(state, token), expiresAt }
}

/** A page of the hub; of a guest, who has no sign-in here, the connect page that they came by, as it was. */
function placeOfYes(
  { provider, asked_by: askedBy, return_to: returnTo }: Parameters<typeof awaitYes>[2],
  token: string,
) {
  if (askedBy !== 'connect') return `/connections/confirm/${provider}#${token}`
  const isOurs = returnTo?.startsWith(`${connectPage}?`)
  const search = new URLSearchParams(isOurs ? new URL(returnTo ?? '', 'http://ours.invalid').search : '')
  search.set('confirm', provider)
  return `${connectPage}?${search}#confirm=${token}`
}

/**
 * Whether this is who asked, where the answer came to. A token that was lured out of somebody opens nothing elsewhere, and one that is sent
 * to somebody connects nothing for them. Where a program was told there is no browser to know: the token was its alone.
 */
export function mayAnswer(
  { caller, request }: Pick<Call, 'caller' | 'request'>,
  { asked_by: askedBy, browser_hash: browserHash }: StateRow,
): boolean {
  const isWhoAsked = (askedBy === 'connect') === (caller.connectSessionId !== undefined)
  return isWhoAsked && (browserHash.length === 0 || isMarked(request, browserHash))
}
