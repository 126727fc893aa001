/** What is COROS’ alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import { type Case, faultOf } from '../kit/testing/test-cloud-checks.ts'
import { misread, reask } from '../kit/testing/test-mistakes.ts'
import { rideOf, sleepOf } from '../kit/testing/test-recordings.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000

export const cases: readonly Case[] = [
  {
    fact: 'an answer with status 200 may be a refusal',
    traits: ['not_permitted'],
    async holds(connection) {
      expect((await faultOf(connection.pull(['daily'])))?.fault).toBe('scope')
    },
    mistakes: [
      {
        mistake: 'the status is taken for all there is to know',
        spoil: (provider) => reask(provider, 'daily', { body: () => ({ result: '0000', data: {} }) }),
      },
    ],
  },
  {
    fact: 'of several sports in a row each leg is a workout, with its own file',
    recordings: [
      rideOf('tri', now - 30 * hour, {
        end: now - 27 * hour,
        extra: { legs: ['swimming_open_water', 'cycling', 'running'] },
      }),
    ],
    async holds(connection) {
      const shelf = await connection.pull(['workouts'])
      expect(shelf.of('workout').map(({ activity }) => activity)).toEqual(['swimming_open_water', 'cycling', 'running'])
      const ids = [...shelf.sessions.keys()]
      expect(ids.map((id) => id.split(':')[1])).toEqual(['1', '2', '3'])
      expect(shelf.files.map(({ externalId }) => externalId)).toEqual(ids)
    },
    mistakes: [
      {
        mistake: 'the whole is told, and its legs are not',
        spoil: (provider) =>
          misread(provider, 'workouts', (record) => ({ ...(record as object), triathlonItemList: null })),
      },
      {
        mistake: 'a file is looked for at the whole',
        spoil: (provider) =>
          reask(provider, 'workouts', {
            body: (body) => {
              const { data, ...rest } = body as { data?: unknown }
              if (!Array.isArray(data)) return body
              return { ...rest, data: data.map((one) => ({ ...one, triathlonItemList: null })) }
            },
          }),
      },
    ],
  },
  {
    fact: 'times of sleep are those of the wall',
    recordings: [sleepOf('night', now - 10 * hour, { end: now - 4 * hour })],
    async holds(connection) {
      const shelf = await connection.pull(['daily'])
      expect(shelf.of('sleep').map(({ start, end }) => [start, end])).toEqual([[now - 10 * hour, now - 4 * hour]])
    },
    mistakes: [
      {
        mistake: 'they are read as UTC',
        spoil: (provider) =>
          misread(provider, 'daily', (record) => ({ ...(record as object), startTimezone: 0, endTimezone: 0 })),
      },
    ],
  },
]
