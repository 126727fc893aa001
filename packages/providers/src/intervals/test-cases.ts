/** What is intervals.icu’s alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import { withAuth } from '../kit/testing/test-mistakes.ts'

export const cases: readonly Case[] = [
  {
    fact: 'an app with a wrong secret is 404, which ends nobody’s connection',
    async holds(connection) {
      connection.app.clientSecret = 'wrong'
      const asked = {
        grant: 'authorization_code',
        code: 'x',
        redirectUri: 'https://hub.example',
        verifier: 'v',
      } as const
      expect((await connection.token(asked)).kind).not.toBe('refused')
    },
    mistakes: [
      {
        mistake: 'every refusal ends the connection',
        spoil: (provider) => withAuth(provider, { refusesGrant: (status: number) => status >= 400 }),
      },
    ],
  },
]
