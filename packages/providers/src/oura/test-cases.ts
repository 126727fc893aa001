/** What is Oura’s alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import { ProviderError } from '../kit/errors.ts'
import { type Case, faultOf } from '../kit/testing/test-cloud-checks.ts'
import { misread, reask, rehttp, retell, withFeed } from '../kit/testing/test-mistakes.ts'
import { sampleOf, sleepOf } from '../kit/testing/test-recordings.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000
const day = 24 * hour
const midnight = Date.parse('2026-11-08T23:00:00Z') // in Stockholm

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
  {
    fact: 'a night of the first day that is asked for is there',
    recordings: [sleepOf('night', midnight + hour, { end: midnight + 7 * hour })],
    async holds(connection) {
      const shelf = await connection.pull(['sleep'], { from: midnight + hour, to: midnight + day })
      expect(shelf.of('sleep')).toHaveLength(1)
    },
    mistakes: [
      {
        mistake: 'the first date is asked for as it is, and left out',
        spoil: (provider) => reask(provider, 'sleep', { query: (query) => ({ ...query, start_date: '2026-11-09' }) }),
      },
    ],
  },
  {
    fact: 'the pulse of two months is asked for a month at a time, by instants',
    recordings: [sampleOf('heart_rate', now - 50 * day, 61), sampleOf('heart_rate', now - 3 * day, 64, 'later')],
    async holds(connection) {
      const { values } = await connection.pull(['heartrate'], { from: now - 60 * day, to: now })
      expect([...(values.get('heart_rate')?.values() ?? [])]).toEqual([61, 64])
    },
    mistakes: [
      {
        mistake: 'all of it is asked for at once',
        spoil: (provider) => withFeed(provider, 'heartrate', () => ({ windowDays: 365 })),
      },
      {
        mistake: 'dates are sent, which mean nothing there',
        spoil: (provider) =>
          reask(provider, 'heartrate', { query: () => ({ start_date: '2026-09-01', end_date: '2026-11-11' }) }),
      },
    ],
  },
  {
    fact: 'a walking distance that was not walked is no distance',
    recordings: [sampleOf('steps', now - 3 * hour, 90), sampleOf('energy_active', now - 3 * hour, 4)],
    async holds(connection) {
      const { days } = await connection.pull(['daily_activity'])
      expect(days.get('distance_equivalent')?.size).toBe(1)
      expect(days.has('distance')).toBe(false)
    },
    mistakes: [
      {
        mistake: 'it is taken for a distance',
        spoil: (provider) =>
          retell(provider, 'daily_activity', (told) =>
            told.kind === 'day' && told.metric === 'distance_equivalent' ? { ...told, metric: 'distance' } : told,
          ),
      },
    ],
  },
  {
    fact: 'the lowest pulse of a night is not called a resting one',
    recordings: [
      sleepOf('night', now - 10 * hour, { end: now - 6 * hour }),
      sampleOf('heart_rate', now - 8 * hour, 47),
    ],
    async holds(connection) {
      const shelf = await connection.pull(['sleep'])
      expect(shelf.of('sleep')[0]?.totals['sleep_heart_rate_min']).toBe(47)
      expect(shelf.days.has('resting_heart_rate')).toBe(false)
    },
    mistakes: [
      {
        mistake: 'it is told as the resting heart rate',
        spoil: (provider) =>
          withFeed(provider, 'sleep', ({ read }) => ({
            *read(record, context) {
              yield* read(record, context)
              yield { kind: 'day', metric: 'resting_heart_rate', date: '2026-11-10', value: 47 }
            },
          })),
      },
    ],
  },
  {
    fact: 'a membership that lapsed gives nothing and ends nothing; what was measured comes when it is paid again',
    recordings: [sleepOf('night', now - 10 * hour, { end: now - 6 * hour })],
    traits: ['lapsed'],
    async holds(connection) {
      expect((await faultOf(connection.pull(['sleep'])))?.fault).toBe('scope')
      connection.cloud.setTraits(connection.cloudAccount, [])
      expect((await connection.pull(['sleep'])).of('sleep')).toHaveLength(1)
    },
    mistakes: [
      {
        mistake: 'whoever is refused must sign in again',
        spoil: (provider) => ({
          ...provider,
          fault: (status) => new ProviderError('auth', 'refused', { status }),
        }),
      },
      {
        mistake: 'a refusal is taken for an answer',
        spoil: (provider) =>
          rehttp(provider, 'sleep', (path, query, options) => [path, query, { ...options, expects: [403] }]),
      },
    ],
  },
  {
    fact: 'a list that the app may not have is said to be that, and says nothing of the others',
    async holds(connection) {
      connection.cloud.failNext('/v2/usercollection/daily_stress', { kind: 'status', status: 401 })
      expect((await faultOf(connection.pull(['daily_stress'])))?.fault).toBe('scope')
      connection.cloud.failNext('/v2/usercollection/interbeat_interval', { kind: 'status', status: 404 })
      expect(await faultOf(connection.pull(['interbeat_interval']))).toBeUndefined()
    },
    mistakes: [
      {
        mistake: 'the token is taken for dead',
        spoil: (provider) => rehttp(provider, 'daily_stress', (path, query) => [path, query]),
      },
      {
        mistake: 'a list that is not there is taken for trouble',
        spoil: (provider) => rehttp(provider, 'interbeat_interval', (path, query) => [path, query]),
      },
    ],
  },
]
