/** What is Strava’s alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import { deafTo } from '../kit/testing/test-mistakes.ts'

export const cases: readonly Case[] = [
  {
    fact: 'somebody who takes the access away on Strava’s site is gone',
    recordings: [],
    async holds(connection) {
      const { webhook } = connection.provider
      await connection.subscribe()
      await connection.cloud.revoke(connection.cloudAccount, connection.app.clientId)
      const notices = connection.posted.flatMap((post) => webhook?.read(post) ?? [])
      expect(notices).toMatchObject([{ kind: 'left', account: connection.account }])
    },
    mistakes: [{ mistake: 'it is not heard', spoil: (provider) => deafTo(provider, 'left') }],
  },
]
