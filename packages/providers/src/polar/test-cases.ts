/** What is Polar’s alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import { z } from 'zod'
import { ProviderError } from '../kit/errors.ts'
import { type Case, faultOf } from '../kit/testing/test-cloud-checks.ts'
import { reask, rehttp, withFeed } from '../kit/testing/test-mistakes.ts'
import { rideOf, sampleOf } from '../kit/testing/test-recordings.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000

export const cases: readonly Case[] = [
  {
    fact: 'a person is registered before anything is asked, and what they upload then is given',
    recordings: [],
    traits: [],
    async holds(connection) {
      await connection.cloud.record(connection.cloudAccount, rideOf('ride', now - hour))
      expect((await connection.pull(['exercises'])).of('workout')).toHaveLength(1)
    },
    mistakes: [
      {
        mistake: 'they are not',
        spoil: (provider) => ({
          ...provider,
          account: async (_, token) => ({ account: token?.account ?? '', profile: {} }),
        }),
      },
    ],
  },
  {
    fact: 'what there is nothing of is 204 here, 404 there and an empty list elsewhere',
    recordings: [],
    async holds(connection) {
      expect((await connection.pull()).size).toBe(0)
    },
    mistakes: [
      {
        mistake: '404 is a fault',
        spoil: (provider) => rehttp(provider, 'physical_info', (path, query) => [path, query, {}]),
      },
      {
        mistake: '204 is taken for an answer',
        spoil: (provider) => reask(provider, 'spo2', { body: (body) => body ?? { nothing: 'here' } }),
      },
    ],
  },
  {
    fact: 'names are spelt with hyphens and underscores in one object',
    recordings: [
      rideOf('ride', now - 30 * hour),
      ...[130, 131, 132].map((v, i) => sampleOf('heart_rate', now - 30 * hour + i * 1_000, v, String(i))),
    ],
    async holds(connection) {
      const { values } = await connection.pull(['exercises'])
      expect(values.get('heart_rate')?.size).toBeGreaterThan(0)
    },
    mistakes: [
      {
        mistake: 'underscores are expected everywhere',
        spoil: (provider) =>
          withFeed(provider, 'exercises', ({ raw }) => ({
            raw: z.preprocess((record) => {
              const row = record as { samples?: Record<string, unknown>[] }
              const samples = row.samples?.map(({ 'sample-type': _, ...one }) => one)
              return { ...row, samples }
            }, raw) as typeof raw,
          })),
      },
    ],
  },
  {
    fact: 'consents that are missing are no dead token',
    async holds(connection) {
      connection.cloud.setTraits(connection.cloudAccount, ['registered', 'no_consents'])
      expect((await faultOf(connection.pull(['sleep'])))?.fault).toBe('scope')
    },
    mistakes: [
      {
        mistake: '403 is taken for a dead token',
        spoil: (provider) => ({
          ...provider,
          fault: (status, ...more) =>
            status === 403 ? new ProviderError('auth', 'no') : provider.fault?.(status, ...more),
        }),
      },
    ],
  },
]
