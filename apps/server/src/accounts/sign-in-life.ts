/** How long a sign-in lasts: thirty days after its last use, and never longer than ninety (ASVS 5.0, 7.3). */
const dayMs = 86_400_000
export const idleMs = 30 * dayMs
export const absoluteMs = 90 * dayMs

export interface SignInLife {
  kind: 'tokens' | 'cookie'
  last_used_at: Date
  expires_at: Date
  ended_at: Date | null
  disabled_at: Date | null
}

export function signInIsOver(signIn: SignInLife, nowMs: number): boolean {
  if (signIn.ended_at || signIn.disabled_at || signIn.expires_at.getTime() <= nowMs) return true
  // Of the other kind the refresh tokens say when it was idle for too long.
  return signIn.kind === 'cookie' && signIn.last_used_at.getTime() + idleMs <= nowMs
}
