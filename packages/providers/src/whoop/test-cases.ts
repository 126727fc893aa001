/** What is WHOOP’s alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import { misread, rehttp, withFeed } from '../kit/testing/test-mistakes.ts'
import { sleepOf } from '../kit/testing/test-recordings.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000

const night = sleepOf('night', now - 10 * hour, { end: now - 4 * hour })

export const cases: readonly Case[] = [
  {
    fact: 'a sleep is told before it is scored, and its figures when they are there',
    recordings: [],
    async holds(connection) {
      const read = async () => {
        const shelf = await connection.pull(['sleep'])
        return shelf.of('sleep').map(({ start, totals }) => [start, totals['sleep_light']])
      }
      await connection.cloud.record(connection.cloudAccount, night)
      expect(await read()).toEqual([[now - 10 * hour, undefined]])
      connection.clock.advance(1_200_000)
      expect(await read()).toEqual([[now - 10 * hour, 6 * 3_600]])
    },
    mistakes: [
      {
        mistake: 'what has no score is passed over',
        spoil: (provider) =>
          withFeed(provider, 'sleep', ({ read }) => ({
            read: (record, context) =>
              (record as { score_state: string }).score_state === 'SCORED' ? read(record, context) : [],
          })),
      },
      {
        mistake: 'what was read once is not read again',
        spoil: (provider) =>
          withFeed(provider, 'sleep', () => ({ version: () => ({ key: 'it', rank: -performance.now() }) })),
      },
    ],
  },
  {
    fact: 'a nap is no night, and its cycle is that of the night before it',
    recordings: [night, sleepOf('nap', now - 2 * hour, { isNap: true, end: now - hour })],
    async holds(connection) {
      const shelf = await connection.pull(['sleep'])
      expect(shelf.of('sleep').map(({ isNap = false }) => isNap)).toEqual([false, true])
    },
    mistakes: [
      {
        mistake: 'a nap is taken for a night',
        spoil: (provider) => misread(provider, 'sleep', (record) => ({ ...(record as object), nap: false })),
      },
    ],
  },
  {
    fact: 'a notice of a recovery names the night, and by that it is found',
    recordings: [],
    async holds(connection) {
      await connection.cloud.record(connection.cloudAccount, night)
      connection.clock.advance(1_200_000)
      await connection.cloud.catchUp()
      const notices = connection.posted.flatMap((post) => connection.provider.webhook?.read(post) ?? [])
      const notice = notices.find((one) => one.kind === 'changed' && one.feed === 'recovery')
      const shelf = await connection.one('recovery', notice?.kind === 'changed' ? (notice.record ?? '') : '')
      expect([...(shelf.days.get('recovery_score')?.keys() ?? [])]).toEqual(['2026-11-10'])
    },
    mistakes: [
      {
        mistake: 'the id is taken for that of a cycle',
        spoil: (provider) =>
          rehttp(provider, 'recovery', (path, query, options) => [
            path.replace(/^.*\/activity\/sleep\/(.*)$/, '/v2/cycle/$1/sleep'),
            query,
            options,
          ]),
      },
      {
        mistake: 'recoveries are not listened for',
        spoil: (provider) => {
          const { webhook } = provider
          if (!webhook) throw new Error('it takes no posts')
          const read: typeof webhook.read = (post) =>
            webhook.read(post).filter((one) => !('feed' in one) || one.feed !== 'recovery')
          return { ...provider, webhook: { ...webhook, read } }
        },
      },
    ],
  },
  {
    fact: 'a night that cannot be scored is a night all the same, without a recovery',
    recordings: [sleepOf('unscored', now - 10 * hour, { end: now - 4 * hour, extra: { unscorable: true } })],
    async holds(connection) {
      const shelf = await connection.pull(['sleep', 'recovery'])
      expect(shelf.of('sleep').map(({ totals }) => totals['sleep_light'])).toEqual([undefined])
      expect(shelf.days.has('recovery_score')).toBe(false)
    },
    mistakes: [
      {
        mistake: 'a night has a score',
        spoil: (provider) =>
          withFeed(provider, 'sleep', ({ read }) => ({
            read: (record, context) => ((record as { score?: object }).score ? read(record, context) : []),
          })),
      },
    ],
  },
  {
    fact: 'of two versions of a night the one that was written later counts',
    recordings: [night],
    async holds(connection) {
      const light = async () =>
        (await connection.pull(['sleep'])).of('sleep').map(({ totals }) => totals['sleep_light'])
      expect(await light()).toEqual([6 * 3_600])
      connection.clock.advance(1_200_000)
      await connection.cloud.record(connection.cloudAccount, sleepOf('night', now - 10 * hour, { end: now - 5 * hour }))
      expect(await light()).toEqual([5 * 3_600])
    },
    mistakes: [
      {
        mistake: 'the version that was written first counts',
        spoil: (provider) =>
          withFeed(provider, 'sleep', () => ({
            version: (record) => {
              const { id, updated_at } = record as { id: string; updated_at: string }
              return { key: id, rank: -Date.parse(updated_at) }
            },
          })),
      },
    ],
  },
  {
    fact: 'requests say who asks: those of nobody are turned away',
    recordings: [night],
    async holds(connection) {
      expect((await connection.pull(['sleep'])).size).toBeGreaterThan(0)
    },
    mistakes: [
      {
        mistake: 'the name of the runtime is sent',
        spoil: (provider) =>
          rehttp(provider, 'sleep', (path, query, options) => [
            path,
            query,
            { ...options, headers: { 'user-agent': 'node' } },
          ]),
      },
      {
        mistake: 'the first version is asked, which is gone',
        spoil: (provider) =>
          rehttp(provider, 'sleep', (path, query, options) => [path.replace('/v2/', '/v1/'), query, options]),
      },
    ],
  },
]
