/** What is Withings’ alone, and mistakes that it would be easy to make. */

import type { Recording } from '@tributary/emulators/clouds'
import { expect } from 'vitest'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import { misread, retell, withFeed } from '../kit/testing/test-mistakes.ts'
import { sampleOf } from '../kit/testing/test-recordings.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000

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
          withFeed(provider, 'intraday', ({ fetch }) => ({
            fetch: (http, ...more) => {
              if (!fetch) throw new Error('it cannot be asked')
              const post: typeof http.post = async (...asked) => {
                const answer = await http.post(...asked)
                const { body } = answer.body as { body?: { series?: unknown } }
                return Array.isArray(body?.series) ? { ...answer, body: { status: 0, body: 'nothing' } } : answer
              }
              return fetch({ ...http, post }, ...more)
            },
          })),
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
