/** A sign-in that came to a good end, but is kept sealed until the person has said yes to it. */
import { randomBytes } from 'node:crypto'
import type { Parts } from '../parts.ts'
import type { Write } from '../platform/db/database.ts'
import { hashToken } from '../platform/tokens.ts'
import type { SignedIn } from './save-connection.ts'
import { statePlace } from './state-place.ts'
import { keepForConfirmation, type StateRow } from './states.queries.ts'

const goodForMs = 600_000

export interface AwaitedYes {
  /** Behind the #, which no server is told: the token alone is worth nothing, but it is this browser's. */
  href: string
  expiresAt: Date
}

export async function awaitYes(
  tx: Write,
  { sealing, clock }: Pick<Parts, 'sealing' | 'clock'>,
  state: Pick<StateRow, 'user_id' | 'state_hash' | 'provider'>,
  reason: NonNullable<StateRow['confirm_reason']>,
  signedIn: SignedIn,
): Promise<AwaitedYes> {
  const { user_id: userId, state_hash: stateHash, provider } = state
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(clock.now() + goodForMs)
  const sealed = await sealing.seal(
    tx,
    statePlace(userId, stateHash, provider, 'sealed_answer'),
    JSON.stringify(signedIn),
  )
  await keepForConfirmation(tx, { userId, stateHash, confirmHash: hashToken(token), reason, sealed, expiresAt })
  return { href: `/connections/confirm/${provider}#${token}`, expiresAt }
}
