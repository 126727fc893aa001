/** What is Oura’s alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import { misread } from '../kit/testing/test-mistakes.ts'
import { sleepOf } from '../kit/testing/test-recordings.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000

export const cases: readonly Case[] = [
  {
    fact: 'a rest that was taken for a sleep is none',
    recordings: [
      sleepOf('night', now - 10 * hour, { end: now - 6 * hour }),
      sleepOf('rest', now - 3 * hour, { extra: { rest: true } }),
    ],
    async holds(connection) {
      const shelf = await connection.pull(['sleep'])
      expect(shelf.of('sleep').map(({ start }) => start)).toEqual([now - 10 * hour])
    },
    mistakes: [
      {
        mistake: 'every period is a sleep',
        spoil: (provider) => misread(provider, 'sleep', (record) => ({ ...(record as object), type: 'sleep' })),
      },
    ],
  },
]
