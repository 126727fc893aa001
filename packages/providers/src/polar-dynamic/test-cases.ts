/** What is the Dynamic API’s alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import { reask, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import { rideOf, sampleOf, sleepOf } from '../kit/testing/test-recordings.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000

const ride = rideOf('ride', now - 30 * hour)
const beats = [130, 131, 132].map((v, i) => sampleOf('heart_rate', now - 30 * hour + i * 1_000, v, String(i)))
const night = sleepOf('night', now - 10 * hour, { end: now - 4 * hour })

export const cases: readonly Case[] = [
  {
    fact: 'who is refused what a session measured on its way has the session all the same',
    recordings: [ride, ...beats],
    traits: ['featureless'],
    async holds(connection) {
      const shelf = await connection.pull(['training_sessions'])
      expect(shelf.of('workout').map(({ totals }) => totals['distance'])).toEqual([9_000])
      expect(shelf.values.get('heart_rate')).toBeUndefined()
    },
    mistakes: [
      {
        mistake: 'the refusal is taken for a fault',
        spoil: (provider) =>
          withFeed(provider, 'training_sessions', ({ fetch }) => ({
            fetch: (http, ...more) =>
              fetch?.({ ...http, get: (path, query) => http.get(path, query, { expects: [404] }) }, ...more) ?? none(),
          })),
      },
    ],
  },
  {
    fact: 'lists are read with one name around them and with two',
    recordings: [ride, night],
    traits: ['wrapped'],
    async holds(connection) {
      const shelf = await connection.pull(['training_sessions', 'sleep', 'nightly_recharge'])
      expect([shelf.of('workout').map(({ activity }) => activity), shelf.of('sleep').length]).toEqual([['cycling'], 1])
      expect(connection.requests.filter((one) => one.includes('recharge') && one.includes('features'))).toHaveLength(1)
    },
    mistakes: [
      {
        mistake: 'the outer name is taken for the list',
        spoil: (provider) =>
          reask(provider, 'nightly_recharge', {
            body: (body) => ({
              nightlyRechargeResults: [(body as Record<string, unknown>)?.['nightlyRechargeResults']],
            }),
          }),
      },
    ],
  },
  {
    fact: 'the number of an account counts before its e-mail, where a token tells one',
    recordings: [],
    traits: ['tells_user_id'],
    async holds(connection) {
      expect(connection.account).toBe('53110277')
    },
    mistakes: [
      {
        mistake: 'the number is not looked at',
        spoil: (provider) => withAuth(provider, { readToken: undefined }),
      },
    ],
  },
  {
    fact: 'the watch has the number by which the older API knows it',
    recordings: [
      { ...night, device: { name: 'Polar Vantage V3', manufacturer: 'Polar', model: 'V3', serial: '0B1C22EE' } },
    ],
    async holds(connection) {
      const shelf = await connection.pull(['sleep'])
      expect([...shelf.sources.values()].map((source) => [source?.manufacturer, source?.serial])).toEqual([
        ['Polar', '0B1C22EE'],
      ])
    },
    mistakes: [
      {
        mistake: 'the UUID is taken for the number',
        spoil: (provider) =>
          withFeed(provider, 'sleep', ({ source }) => ({
            source: (record) => {
              const named = source?.(record)
              return named && { ...named, serial: `0e030000-0084-0000-0000-0000${named.serial}` }
            },
          })),
      },
    ],
  },
  {
    fact: 'numbers that are written as text are numbers',
    recordings: [ride],
    async holds(connection) {
      const shelf = await connection.pull(['training_sessions'])
      expect(shelf.of('workout')[0]?.extra?.['recovery_ms']).toBe(1_800_000)
    },
    mistakes: [
      {
        mistake: 'only what is written as a number is one',
        spoil: (provider) =>
          reask(provider, 'training_sessions', {
            body: (body) =>
              JSON.parse(JSON.stringify(body), (name, value) => (name === 'recoveryTimeMillis' ? null : value)),
          }),
      },
    ],
  },
]

async function* none() {}
