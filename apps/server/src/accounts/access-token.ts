/** Access tokens: HS256 JWTs of 15 minutes (RFC 9068 `at+jwt`). One algorithm, one key, and nothing in the header is believed. */
import { hkdfSync } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '../platform/clock.ts'
import { Problem } from '../platform/problem.ts'

export const accessTokenSeconds = 15 * 60

const name = 'tributary'

export interface AccessClaims {
  userId: string
  signInId: string
  expiresAtMs: number
}

export interface AccessTokens {
  make(userId: string, signInId: string): Promise<string>
  /** Throws `token_invalid` for everything that we did not make for this purpose, or that has ended. */
  read(token: string): Promise<AccessClaims>
}

export function createAccessTokens(secret: string, clock: Clock): AccessTokens {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'tributary access token v1', 32))
  return {
    make: (userId, signInId) => {
      const issuedAt = Math.floor(clock.now() / 1_000)
      return new SignJWT({ sid: signInId })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .setSubject(userId)
        .setIssuer(name)
        .setAudience(name)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + accessTokenSeconds)
        .sign(key)
    },
    read: async (token) => {
      const { payload } = await jwtVerify<{ sid: unknown }>(token, key, {
        algorithms: ['HS256'],
        issuer: name,
        audience: name,
        typ: 'at+jwt',
        requiredClaims: ['sub', 'sid', 'iat', 'exp'],
        currentDate: new Date(clock.now()),
      }).catch(refuse)
      const { sub, sid, exp } = payload
      if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number')
        throw new Problem('token_invalid')
      return { userId: sub, signInId: sid, expiresAtMs: exp * 1_000 }
    },
  }
}

function refuse(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw new Problem('token_invalid', 'The access token has ended: refresh it')
  if (error instanceof errors.JOSEError) throw new Problem('token_invalid')
  throw error
}
