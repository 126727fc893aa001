/** What is Suunto’s alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import type { Connection } from '../kit/testing/test-cloud-match.ts'
import { misread, retell, withFeed } from '../kit/testing/test-mistakes.ts'
import { rideOf, sampleOf } from '../kit/testing/test-recordings.ts'
import { refusedFile } from '../kit/testing/test-refused-file.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000

const heart = async (connection: Connection) => {
  const [ride] = (await connection.pull(['workouts'])).of('workout')
  const { heart_rate_avg = 0, heart_rate_max = 0 } = ride?.totals ?? {}
  return [Math.round(heart_rate_avg), Math.round(heart_rate_max)]
}
const ofOxygen = (traits: readonly string[], mistake: string, spoil: (value: number) => number): Case => ({
  fact: `oxygen is per cent, told as ${traits.length ? 'that' : 'a share'}`,
  recordings: [sampleOf('spo2', now - 30 * hour, 97)],
  traits,
  async holds(connection) {
    const { values } = await connection.pull(['activity'])
    expect([...(values.get('spo2')?.values() ?? [])]).toEqual([97])
  },
  mistakes: [
    {
      mistake,
      spoil: (provider) =>
        retell(provider, 'activity', (told) =>
          told.kind === 'sample' && told.metric === 'spo2' ? { ...told, value: spoil(told.value) } : told,
        ),
    },
  ],
})

export const cases: readonly Case[] = [
  refusedFile('workouts', rideOf('ride', now - 30 * hour), (key) => `/v3/workouts/${key}/fit`, [
    ['auth', { status: 401 }],
    ['unavailable', { status: 401, body: '{"message":"Access denied due to invalid subscription key."}' }],
    ['rate_limit', { status: 403, body: '{"message":"Out of call volume quota."}' }],
  ]),
  {
    fact: 'a pulse in beats a second is told in beats a minute',
    recordings: [rideOf('ride', now - 30 * hour)],
    traits: ['hertz'],
    async holds(connection) {
      expect(await heart(connection)).toEqual([131, 150])
    },
    mistakes: [
      {
        mistake: 'it is taken as it stands',
        spoil: (provider) =>
          retell(provider, 'workouts', (told) => {
            if (told.kind !== 'session') return told
            const { heart_rate_avg = 0, heart_rate_max = 0, ...totals } = told.totals
            return {
              ...told,
              totals: { ...totals, heart_rate_avg: heart_rate_avg / 60, heart_rate_max: heart_rate_max / 60 },
            }
          }),
      },
    ],
  },
  ofOxygen([], 'a share is taken as it stands', (value) => value / 100),
  ofOxygen(['percent'], 'per cent are taken for a share', (value) => value * 100),
  {
    fact: 'one workout is an object where many are a list',
    recordings: [rideOf('ride', now - 30 * hour, { extra: { manual: true } })],
    async holds(connection) {
      const [key = ''] = (await connection.pull(['workouts'])).ids
      expect((await connection.one('workouts', key)).ids).toEqual([key])
    },
    mistakes: [
      {
        mistake: 'a list is expected in any case',
        spoil: (provider) =>
          withFeed(provider, 'workouts', ({ fetchOne }) => ({
            async *fetchOne(http, key, context) {
              for await (const page of fetchOne?.(http, key, context) ?? []) yield [page]
            },
          })),
      },
    ],
  },
  {
    fact: 'a workout that does not say when it ended did so when its time was up',
    recordings: [rideOf('ride', now - 30 * hour, { extra: { manual: true, no_stop: true } })],
    async holds(connection) {
      const [ride] = (await connection.pull(['workouts'])).of('workout')
      expect((ride?.end ?? 0) - (ride?.start ?? 0)).toBe(1_800_000)
    },
    mistakes: [
      {
        mistake: 'it ended when it began',
        spoil: (provider) => misread(provider, 'workouts', (record) => ({ ...(record as object), totalTime: null })),
      },
    ],
  },
  {
    fact: 'two watches are two who told of the day, and are not added up',
    recordings: [sampleOf('steps', now - 30 * hour, 90)],
    traits: ['two_watches'],
    async holds(connection) {
      const shelf = await connection.pull(['days'])
      expect(shelf.days.get('steps')?.get('2026-11-09')).toBe(90)
      expect(shelf.tellers.get('steps')?.size).toBe(2)
    },
    mistakes: [
      {
        mistake: 'who told is not looked at',
        spoil: (provider) => withFeed(provider, 'days', () => ({ source: () => undefined })),
      },
    ],
  },
]
