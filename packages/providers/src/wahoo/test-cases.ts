/** What is Wahoo’s alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import { misread, rehttp } from '../kit/testing/test-mistakes.ts'
import { rideOf } from '../kit/testing/test-recordings.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000

const figures = { duration: 1_800, active_duration: 1_700, distance: 9_000.25 }

export const cases: readonly Case[] = [
  {
    fact: 'decimals are texts',
    recordings: [rideOf('ride', now - 30 * hour, { totals: figures, extra: { manual: true } })],
    async holds(connection) {
      const [ride] = (await connection.pull(['workouts'])).of('workout')
      expect(ride?.totals).toMatchObject(figures)
    },
    mistakes: [
      {
        mistake: 'a text is no number',
        spoil: (provider) =>
          misread(provider, 'workouts', (record) => {
            const row = record as { workout_summary: Record<string, unknown> }
            const summary = Object.entries(row.workout_summary).filter(
              ([name, v]) => !/accum|avg/.test(name) || typeof v === 'number',
            )
            return { ...row, workout_summary: Object.fromEntries(summary) }
          }),
      },
    ],
  },
  {
    fact: 'what is only planned is no workout yet',
    recordings: [rideOf('plan', now - hour, { extra: { planned: true } })],
    async holds(connection) {
      expect((await connection.pull(['workouts'])).size).toBe(0)
    },
    mistakes: [
      {
        mistake: 'a summary that is not there is taken for an empty one',
        spoil: (provider) =>
          misread(provider, 'workouts', (record) => {
            const row = record as { workout_summary: object | null }
            return { ...row, workout_summary: row.workout_summary ?? {} }
          }),
      },
    ],
  },
  {
    fact: 'several sports in a row and the change between them are told as what they are',
    recordings: [
      rideOf('all', now - 30 * hour, { extra: { workout_type_id: 62, manual: true } }),
      rideOf('change', now - 29 * hour, { extra: { workout_type_id: 63, manual: true } }),
      rideOf('unheard of', now - 28 * hour, { extra: { workout_type_id: 24, manual: true } }),
    ],
    async holds(connection) {
      const shelf = await connection.pull(['workouts'])
      expect(shelf.of('workout').map(({ activity }) => activity)).toEqual(['multisport', 'transition', 'other'])
    },
    mistakes: [
      {
        mistake: 'a number is taken for the one before it',
        spoil: (provider) =>
          misread(provider, 'workouts', (record) => {
            const row = record as { workout_type_id: number }
            return { ...row, workout_type_id: row.workout_type_id - 1 }
          }),
      },
    ],
  },
  {
    fact: 'a workout that was removed is 410, and passed over',
    recordings: [rideOf('ride', now - 30 * hour, { extra: { manual: true } })],
    async holds(connection) {
      const [id = ''] = (await connection.pull(['workouts'])).ids
      expect((await connection.one('workouts', id)).size).toBe(1)
      await connection.cloud.deleteRecord(connection.cloudAccount, id)
      expect((await connection.one('workouts', id)).size).toBe(0)
    },
    mistakes: [
      {
        mistake: '410 is a fault',
        spoil: (provider) => rehttp(provider, 'workouts', (path, query) => [path, query, { expects: [404] }]),
      },
    ],
  },
]
