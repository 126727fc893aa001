/** What is COROS’ alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import { type Case, faultOf } from '../kit/testing/test-cloud-checks.ts'
import { misread, reask, rehttp, retell, withFeed } from '../kit/testing/test-mistakes.ts'
import { rideOf, sampleOf, sleepOf } from '../kit/testing/test-recordings.ts'

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
    fact: 'the account is asked for where the token does not tell it, and that call alone carries a bearer',
    traits: ['no_open_id'],
    async holds(connection) {
      expect(connection.account).toBe(connection.cloudAccount)
    },
    mistakes: [
      {
        mistake: 'the token goes into the query there too',
        spoil: (provider) => ({
          ...provider,
          account: async (http) => {
            const { body } = await http.get('/v2/user')
            return { account: String((body as { data?: { openId?: string } }).data?.openId), profile: {} }
          },
        }),
      },
    ],
  },
  {
    fact: 'an address that has grown old, or is not told, is asked for anew, and a workout without a file is told without',
    recordings: [],
    async holds(connection) {
      const { cloud, cloudAccount, clock } = connection
      await cloud.record(cloudAccount, rideOf('old', now - 30 * hour))
      await cloud.record(cloudAccount, rideOf('unlisted', now - 20 * hour, { extra: { file: 'unlisted' } }))
      await cloud.record(cloudAccount, rideOf('none', now - 10 * hour, { extra: { file: 'none' } }))
      clock.advance(300_000)
      await cloud.catchUp()
      clock.advance(2 * hour)
      const shelf = await connection.takePosted()
      const [old, unlisted, none] = shelf.of('workout')
      expect(shelf.files.map(({ externalId }) => externalId)).toEqual([old?.externalId, unlisted?.externalId])
      expect(none?.extra).toMatchObject({ file_missing: expect.any(String) })
    },
    mistakes: [
      {
        mistake: 'the storage’s 403 is taken for a scope that is missing',
        spoil: (provider) =>
          rehttp(provider, 'workouts', (path, query, options) => [
            path,
            query,
            options?.withoutToken ? { ...options, expects: [] } : options,
          ]),
      },
      {
        mistake: 'what is not told is not asked for',
        spoil: (provider) =>
          rehttp(provider, 'workouts', (path, query, options) => [path.replace('detail', 'no'), query, options]),
      },
    ],
  },
  {
    fact: 'energy that is told in kcal is not taken for small calories; a day may be a text',
    recordings: [rideOf('ride', now - 30 * hour), sampleOf('steps', now - 30 * hour, 90)],
    traits: ['kcal', 'texts'],
    async holds(connection) {
      const shelf = await connection.pull()
      expect(shelf.of('workout').map(({ totals }) => totals['energy_active'])).toEqual([240])
      expect(shelf.days.get('steps')?.get('2026-11-09')).toBe(90)
    },
    mistakes: [
      {
        mistake: 'all energy is taken for small calories',
        spoil: (provider) =>
          retell(provider, 'workouts', (told) =>
            told.kind === 'session'
              ? { ...told, totals: { ...told.totals, energy_active: (told.totals['energy_active'] ?? 0) / 1_000 } }
              : told,
          ),
      },
    ],
  },
  {
    fact: 'a nought in a day is no figure',
    recordings: [sampleOf('steps', now - 30 * hour, 90)],
    async holds(connection) {
      const shelf = await connection.pull(['daily'])
      expect([...shelf.days.keys()]).toEqual(['steps'])
    },
    mistakes: [
      {
        mistake: 'the heart is said to have rested at nothing',
        spoil: (provider) =>
          withFeed(provider, 'daily', ({ read }) => ({
            *read(record, context) {
              yield* read(record, context)
              const { rhr = 0 } = record as { rhr?: number }
              if (!rhr) yield { kind: 'day', metric: 'resting_heart_rate', date: '2026-11-09', value: rhr }
            },
          })),
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
