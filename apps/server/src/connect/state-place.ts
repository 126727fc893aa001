import type { SealedPlace } from '../platform/sealing.ts'

export const statePlace = (
  userId: string,
  stateHash: Buffer,
  provider: string,
  column: 'sealed_verifier' | 'sealed_answer',
): SealedPlace => ({ userId, table: 'oauth_states', row: stateHash.toString('hex'), column, provider })
