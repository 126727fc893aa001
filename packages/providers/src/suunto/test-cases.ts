/** What is Suunto’s alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import { type Case, faultOf } from '../kit/testing/test-cloud-checks.ts'
import type { Connection } from '../kit/testing/test-cloud-match.ts'
import { credulous, deafTo, misread, reask, retell, withFeed } from '../kit/testing/test-mistakes.ts'
import { rideOf, sampleOf, sleepOf } from '../kit/testing/test-recordings.ts'
import { refusedFile } from '../kit/testing/test-refused-file.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000

const heart = async (connection: Connection) => {
  const [ride] = (await connection.pull(['workouts'])).of('workout')
  const { heart_rate_avg = 0, heart_rate_max = 0 } = ride?.totals ?? {}
  return [Math.round(heart_rate_avg), Math.round(heart_rate_max)]
}
const ofHundred = (
  metric: string,
  feed: string,
  traits: readonly string[],
  mistake: string,
  spoil: (value: number) => number,
): Case => ({
  fact: `${metric} is of a hundred, told as ${traits.length ? 'that' : 'a share'}`,
  recordings: [sampleOf(metric, now - 30 * hour, 97)],
  traits,
  async holds(connection) {
    const { values } = await connection.pull([feed])
    expect([...(values.get(metric)?.values() ?? [])]).toEqual([97])
  },
  mistakes: [
    {
      mistake: `${mistake}: ${metric}`,
      spoil: (provider) =>
        retell(provider, feed, (told) =>
          told.kind === 'sample' && told.metric === metric ? { ...told, value: spoil(told.value) } : told,
        ),
    },
  ],
})
const ofHundreds = [
  ['spo2', 'activity'],
  ['energy_reserve', 'recovery'],
].flatMap(([metric = '', feed = '']) => [
  ofHundred(metric, feed, [], 'a share is taken as it stands', (value) => value / 100),
  ofHundred(metric, feed, ['percent'], 'per cent are taken for a share', (value) => value * 100),
])

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
  {
    fact: 'the pulse of a night in beats a second is told in beats a minute',
    recordings: [
      sleepOf('night', now - 10 * hour),
      sampleOf('heart_rate', now - 10 * hour, 48, 'low'),
      sampleOf('heart_rate', now - 9.9 * hour, 54, 'high'),
    ],
    traits: ['hertz'],
    async holds(connection) {
      const [night] = (await connection.pull(['sleep'])).of('sleep')
      const { sleep_heart_rate_avg = 0, sleep_heart_rate_min = 0 } = night?.totals ?? {}
      expect([Math.round(sleep_heart_rate_avg), Math.round(sleep_heart_rate_min)]).toEqual([51, 48])
    },
    mistakes: [
      {
        mistake: 'the night’s is taken as it stands',
        spoil: (provider) =>
          retell(provider, 'sleep', (told) => {
            if (told.kind !== 'session') return told
            const { sleep_heart_rate_avg = 0 } = told.totals
            return { ...told, totals: { ...told.totals, sleep_heart_rate_avg: sleep_heart_rate_avg / 60 } }
          }),
      },
    ],
  },
  ...ofHundreds,
  {
    fact: 'a night that grew is the same night',
    recordings: [sleepOf('night', now - 10 * hour)],
    async holds(connection) {
      const cursor = connection.clock.now()
      const shelf = await connection.pull(['sleep'])
      const grown = sleepOf('night', now - 10 * hour, { end: now - 9 * hour })
      await connection.cloud.record(connection.cloudAccount, grown)
      shelf.add(await connection.again(['sleep'], cursor))
      expect(shelf.of('sleep').map(({ start, end }) => [start, end])).toEqual([[now - 10 * hour, now - 9 * hour]])
    },
    mistakes: [
      {
        mistake: 'a night is known by when it ended',
        spoil: (provider) =>
          retell(provider, 'sleep', (told) =>
            told.kind === 'session' ? { ...told, externalId: `sleep:${told.end}` } : told,
          ),
      },
    ],
  },
  {
    fact: 'a quota that is used up is waited for, and a key of the operator’s that is refused is no dead token',
    async holds(connection) {
      const refused = async (status: number, message: string) => {
        const body = JSON.stringify({ statusCode: status, message })
        connection.cloud.failNext('/247samples/sleep', { kind: 'status', status, body })
        return faultOf(connection.pull(['sleep']))
      }
      const quota = 'Out of call volume quota. Quota will be replenished in 01:02:03.'
      expect(await refused(403, quota)).toMatchObject({ fault: 'rate_limit', retryAfterMs: 3_723_000 })
      expect(await refused(401, 'Access denied due to missing subscription key.')).toMatchObject({
        fault: 'unavailable',
      })
    },
    mistakes: [
      {
        mistake: 'a status is taken for what it says elsewhere',
        spoil: (provider) => ({ ...provider, fault: () => undefined }),
      },
    ],
  },
  {
    fact: 'an error in a good status is no empty list',
    async holds(connection) {
      const body = '{"error":{"code":"INTERNAL"},"payload":null,"metadata":null}'
      connection.cloud.failNext('/v3/workouts', { kind: 'status', status: 200, body })
      expect((await faultOf(connection.pull(['workouts'])))?.fault).toBe('bad_data')
    },
    mistakes: [
      {
        mistake: 'what is missing from an answer is nothing',
        spoil: (provider) =>
          reask(provider, 'workouts', {
            body: (body) => ({ error: null, payload: (body as { payload: unknown }).payload ?? [] }),
          }),
      },
    ],
  },
  {
    fact: 'the form that old apps are sent makes us look, with the app’s own credentials',
    recordings: [],
    traits: ['old_app'],
    async holds(connection) {
      const { cloud, cloudAccount, keys, posted, provider } = connection
      await cloud.record(cloudAccount, rideOf('ride', now - hour, { extra: { manual: true } }))
      const [post] = posted
      const [notice] = (post && provider.webhook?.read(post)) ?? []
      expect(post && provider.webhook?.verify(post, keys)).toEqual({ kind: 'hint' })
      if (notice?.kind !== 'changed') throw new Error('it says nothing')
      expect((await connection.one(notice.feed, notice.record ?? '')).sessions.size).toBe(1)
    },
    mistakes: [
      { mistake: 'what nobody signed is believed', spoil: credulous },
      { mistake: 'a form is not heard', spoil: (provider) => deafTo(provider, 'changed') },
    ],
  },
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
