/** What is Withings’ alone, and mistakes that it would be easy to make. */

import type { Recording } from '@tributary/emulators/clouds'
import { expect } from 'vitest'
import { z } from 'zod'
import type { Feed } from '../kit/feed.ts'
import { type Case, faultOf } from '../kit/testing/test-cloud-checks.ts'
import { deafTo, misread, repost, retell, withFeed } from '../kit/testing/test-mistakes.ts'
import { rideOf, sampleOf } from '../kit/testing/test-recordings.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000

/** As of a thing of Withings' own. */
const worn = (recording: Recording): Recording => ({
  ...recording,
  device: { name: 'W', manufacturer: 'Withings', model: 'ScanWatch', serial: 'S' },
})

const scale = (t: number, value: number): Recording => sampleOf('body_mass', t, value)

export const cases: readonly Case[] = [
  {
    fact: 'what is empty is written as a list, and is no trouble',
    recordings: [],
    async holds(connection) {
      expect((await connection.pull()).size).toBe(0)
    },
    mistakes: [
      {
        mistake: 'a map is expected in any case',
        spoil: (provider) =>
          repost(provider, 'intraday', {
            body: (body) => {
              const { series } = (body as { body: { series?: unknown } }).body
              return Array.isArray(series) ? { status: 0, body: 'nothing' } : body
            },
          }),
      },
    ],
  },
  {
    fact: 'a weighing that may be of somebody else is put aside, with the reason',
    recordings: [scale(now - hour, 71)],
    traits: ['shared_scale'],
    asideFor: /several people of this scale/,
    async holds(connection) {
      const shelf = await connection.pull(['measures'])
      expect([shelf.size, connection.aside.length]).toEqual([0, 1])
    },
    mistakes: [
      {
        mistake: 'it is believed',
        spoil: (provider) => misread(provider, 'measures', (record) => ({ ...(record as object), attrib: 0 })),
      },
      {
        mistake: 'it is thrown away',
        spoil: (provider) =>
          misread(provider, 'measures', (record) => ({ ...(record as object), measures: [], attrib: 0 })),
      },
    ],
  },
  {
    fact: 'what is aimed at is not weighed',
    recordings: [scale(now - hour, 71)],
    async holds(connection) {
      const { values } = await connection.pull(['measures'])
      expect([...(values.get('body_mass')?.values() ?? [])]).toEqual([71])
    },
    mistakes: [
      {
        mistake: 'goals are asked for as well, and believed',
        spoil: (provider) =>
          misread(repost(provider, 'measures', { form: ({ category: _, ...form }) => form }), 'measures', (record) => ({
            ...(record as object),
            category: 1,
          })),
      },
    ],
  },
  {
    fact: 'figures come when they are named',
    recordings: [worn(sampleOf('steps', now - 3 * hour, 90)), worn(rideOf('ride', now - 6 * hour))],
    async holds(connection) {
      const shelf = await connection.pull(['activity', 'workouts'])
      expect(shelf.days.get('steps')?.get('2026-11-10')).toBe(90)
      expect(shelf.of('workout')[0]?.totals['distance']).toBe(9_000)
    },
    mistakes: ['activity', 'workouts'].map((feed) => ({
      mistake: `those of ${feed} are not named`,
      spoil: (provider) => repost(provider, feed, { form: ({ data_fields: _, ...form }) => form }),
    })),
  },
  {
    fact: 'values through the day come a day at a time',
    recordings: [60, 30, 3].map((hours) => worn(sampleOf('heart_rate', now - hours * hour, hours + 50, `at ${hours}`))),
    async holds(connection) {
      const { values } = await connection.pull(['intraday'])
      expect([...(values.get('heart_rate')?.values() ?? [])]).toEqual([110, 80, 53])
    },
    mistakes: [
      {
        mistake: 'a week is asked for, of which the first day comes',
        spoil: (provider) => withFeed(provider, 'intraday', () => ({ windowDays: 7 })),
      },
    ],
  },
  {
    fact: 'a model is a name in one list and a number in another',
    recordings: [worn(rideOf('ride', now - 6 * hour)), worn(sampleOf('steps', now - 3 * hour, 90))],
    async holds(connection) {
      const shelf = await connection.pull(['workouts', 'activity'])
      expect([shelf.of('workout').length, shelf.days.get('steps')?.size]).toEqual([1, 1])
    },
    mistakes: ['workouts', 'activity'].map((feed) => ({
      mistake: `it is a name in ${feed} too`,
      spoil: (provider) =>
        withFeed(provider, feed, ({ raw }) => ({
          raw: z.intersection(raw, z.looseObject({ model: z.string() })) as unknown as Feed['raw'],
        })),
    })),
  },
  {
    fact: 'a success of HTTP may be a refusal',
    recordings: [scale(now - hour, 71)],
    async holds(connection) {
      const kinds: (string | undefined)[] = []
      for (const status of [401, 277, 601, 503, 522]) {
        connection.cloud.failNext('/measure', {
          kind: 'status',
          status: 200,
          body: JSON.stringify({ status, body: {} }),
        })
        kinds.push((await faultOf(connection.pull(['measures'])))?.fault)
      }
      expect(kinds).toEqual(['auth', 'scope', 'rate_limit', 'bad_data', 'unavailable'])
    },
    mistakes: [
      {
        mistake: 'the status inside is not looked at',
        spoil: (provider) => repost(provider, 'measures', { body: (body) => ({ ...(body as object), status: 0 }) }),
      },
    ],
  },
  {
    fact: 'who takes us out of their account has left',
    async holds(connection) {
      await connection.subscribe()
      await connection.throwOut()
      const notices = connection.posted.flatMap((post) => connection.provider.webhook?.read(post) ?? [])
      expect(notices).toMatchObject([{ kind: 'left', account: connection.account }])
    },
    mistakes: [{ mistake: 'it is not listened for', spoil: (provider) => deafTo(provider, 'left') }],
  },
  {
    fact: 'a day that another maker’s app told Withings as well is counted once',
    recordings: [
      {
        ...sampleOf('steps', now - 3 * hour, 90),
        device: { name: 'W', manufacturer: 'Withings', model: 'Pulse', serial: 'P' },
      },
      {
        ...sampleOf('steps', now - 3 * hour, 100, 'of the app'),
        device: { name: 'A', manufacturer: 'Apple', model: 'Health', serial: 'A' },
      },
    ],
    async holds(connection) {
      const shelf = await connection.pull(['activity'])
      expect(shelf.days.get('steps')?.get('2026-11-10')).toBe(90)
      expect(shelf.tellers.get('steps')?.size).toBe(1)
    },
    mistakes: [
      {
        mistake: 'every row is taken',
        spoil: (provider) => misread(provider, 'activity', (record) => ({ ...(record as object), brand: 1 })),
      },
    ],
  },
  {
    fact: 'oxygen is per cent, also where it is told as a share',
    recordings: [sampleOf('spo2', now - 3 * hour, 97)],
    traits: ['oxygen_shares'],
    async holds(connection) {
      const { values } = await connection.pull(['measures'])
      expect([...(values.get('spo2')?.values() ?? [])]).toEqual([97])
    },
    mistakes: [
      {
        mistake: 'a share is taken as it stands',
        spoil: (provider) =>
          retell(provider, 'measures', (told) =>
            told.kind === 'sample' && told.metric === 'spo2' ? { ...told, value: told.value / 100 } : told,
          ),
      },
    ],
  },
  {
    fact: 'a notice is a form, and names the person and what to look for',
    async holds(connection) {
      const { webhook } = connection.provider
      await connection.subscribe()
      await connection.cloud.record(connection.cloudAccount, scale(now - hour, 71))
      const [notice] = connection.posted.flatMap((post) => webhook?.read(post) ?? [])
      expect(notice).toMatchObject({ kind: 'changed', account: connection.account, feed: 'measures' })
    },
    mistakes: [
      {
        mistake: 'JSON is expected',
        spoil: (provider) => {
          const { webhook } = provider
          if (!webhook) throw new Error('it takes no posts')
          return {
            ...provider,
            webhook: { ...webhook, read: (post) => JSON.parse(new TextDecoder().decode(post.body)) },
          }
        },
      },
    ],
  },
]
