/** How long a sign-in lasts: thirty days after its last use, and never longer than ninety (ASVS 5.0, 7.3). */
const dayMs = 86_400_000
export const idleMs = 30 * dayMs
export const absoluteMs = 90 * dayMs

export interface SignInLife {
  last_used_at: Date
  expires_at: Date
  ended_at: Date | null
  disabled_at: Date | null
}

/** A refresh token is never younger than the last use of its sign-in, so both kinds end by the same rule. */
export function signInIsOver(signIn: SignInLife, nowMs: number): boolean {
  const { last_used_at, expires_at, ended_at, disabled_at } = signIn
  if (ended_at || disabled_at) return true
  return Math.min(expires_at.getTime(), last_used_at.getTime() + idleMs) <= nowMs
}
