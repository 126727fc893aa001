/** What is Strava’s alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import { recordsOf } from '../kit/testing/index.ts'
import { type Case, faultOf } from '../kit/testing/test-cloud-checks.ts'
import type { Connection } from '../kit/testing/test-cloud-match.ts'
import { deafTo, misread, reask, rehttp, retell } from '../kit/testing/test-mistakes.ts'
import { rideOf } from '../kit/testing/test-recordings.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000

/** As a list that tells nothing keeps them. */
const kept = (connection: Connection, name: string): Promise<unknown[]> => {
  const window = { from: connection.clock.now() - 48 * hour, to: connection.clock.now() }
  return recordsOf(connection.provider.feeds[name]?.fetch?.(connection.http, window, connection.context))
}

const ride = rideOf('ride', now - 30 * hour)
const [session] = ride.readings
const start = session?.kind === 'session' ? session.start : 0
/** A quarter of an hour easily, and one as hard as it gets. */
const hard = {
  ...ride,
  readings: [
    ...ride.readings,
    {
      kind: 'series' as const,
      metric: 'heart_rate',
      t: Float64Array.of(start, start + 900_000),
      v: Float64Array.of(120, 195),
    },
  ],
}
const told = async (connection: Connection) => {
  const [id = ''] = (await connection.pull(['activities'])).ids
  return (await connection.one('activities', id)).sessions.get(id)
}

export const cases: readonly Case[] = [
  {
    fact: 'somebody who takes the access away on Strava’s site is gone',
    recordings: [],
    async holds(connection) {
      const { webhook } = connection.provider
      await connection.subscribe()
      await connection.cloud.revoke(connection.cloudAccount, connection.app.clientId)
      const notices = connection.posted.flatMap((post) => webhook?.read(post) ?? [])
      expect(notices).toMatchObject([{ kind: 'left', account: connection.account }])
    },
    mistakes: [{ mistake: 'it is not heard', spoil: (provider) => deafTo(provider, 'left') }],
  },
  {
    fact: 'whose Strava is not paid for has no zones, and their activity is told all the same',
    recordings: [hard],
    async holds(connection) {
      const activity = await told(connection)
      expect(activity?.totals['distance']).toBe(9_000)
      expect(activity?.extra).not.toHaveProperty('heartrate_zones')
      expect(connection.cloud.log.map(({ status }) => status)).toContain(402)
    },
    mistakes: [
      {
        mistake: '402 is taken for a fault',
        spoil: (provider) =>
          rehttp(provider, 'activities', (path, query, options) => [
            path,
            query,
            { ...options, expects: options?.expects?.filter((status) => status !== 402) ?? [] },
          ]),
      },
    ],
  },
  {
    fact: 'time in zones stays with its activity, and the highest zone has no end',
    recordings: [hard],
    traits: ['subscriber'],
    async holds(connection) {
      const zones = (await told(connection))?.extra?.['heartrate_zones']
      expect(zones).toEqual([
        { min: 0, max: 115, seconds: 0 },
        { min: 115, max: 152, seconds: 900 },
        { min: 152, max: 171, seconds: 0 },
        { min: 171, max: 190, seconds: 0 },
        { min: 190, seconds: 900 },
      ])
    },
    mistakes: [
      {
        mistake: '−1 is taken for the end of the highest zone',
        spoil: (provider) =>
          misread(provider, 'activities', (record) => {
            const raw = record as { zones?: { distribution_buckets: { min: number; max: number }[] }[] }
            const ended = raw.zones?.map((zone) => ({
              ...zone,
              distribution_buckets: zone.distribution_buckets.map((one) => ({ ...one, max: Math.abs(one.max) })),
            }))
            return { ...raw, ...(ended ? { zones: ended } : {}) }
          }),
      },
    ],
  },
  {
    fact: 'power that no meter measured says so',
    recordings: [
      rideOf('guessed', now - 30 * hour, { totals: { distance: 9_000, power_avg: 180 }, extra: { estimated: true } }),
    ],
    async holds(connection) {
      expect((await told(connection))?.extra).toMatchObject({ power_estimated: true })
    },
    mistakes: [
      {
        mistake: 'what Strava worked out is taken for measured',
        spoil: (provider) =>
          misread(provider, 'activities', (record) => {
            const raw = record as { activity: object }
            return { ...raw, activity: { ...raw.activity, device_watts: true } }
          }),
      },
    ],
  },
  {
    fact: 'a start that its athlete hides stays where it was, whatever the wall clock shows',
    recordings: [rideOf('hidden', now - 30 * hour, { extra: { hide_start_time: true } })],
    async holds(connection) {
      expect(await told(connection)).toMatchObject({ start, offset: 60 })
    },
    mistakes: [
      {
        mistake: 'the wall clock is believed',
        spoil: (provider) =>
          retell(provider, 'activities', (told) =>
            told.kind === 'session' ? { ...told, start: Math.floor(told.start / 86_400_000) * 86_400_000 } : told,
          ),
      },
    ],
  },
  {
    fact: 'the id of a route, larger than a number can tell, is kept to its last digit',
    async holds(connection) {
      const routes = (await kept(connection, 'routes')) as { id_str: string }[]
      expect(routes.map(({ id_str }) => id_str)).toEqual([`31415926${connection.cloudAccount}001`])
    },
    mistakes: [
      {
        mistake: 'the id is taken for a number',
        spoil: (provider) =>
          reask(provider, 'routes', {
            body: (body) =>
              (body as { id_str: string }[]).map((one) => ({ ...one, id_str: String(Number(one.id_str)) })),
          }),
      },
      {
        mistake: 'pages are counted from nought',
        spoil: (provider) =>
          reask(provider, 'routes', { query: (query) => ({ ...query, page: Number(query['page']) - 1 }) }),
      },
    ],
  },
  {
    fact: 'the profile is kept with its zones, of which the last has no end, and with each of its bikes and shoes',
    async holds(connection) {
      const [profile] = (await kept(connection, 'profile')) as [
        { zones: { heart_rate: { zones: { max: number }[] } }; gear: { name: string }[] },
      ]
      expect(profile.zones.heart_rate.zones.map(({ max }) => max)).toEqual([115, 152, 171, 190, -1])
      expect(profile.gear.map(({ name }) => name)).toEqual(['Everyday bike', 'Everyday shoes'])
    },
    mistakes: [
      {
        mistake: 'things that one has are not asked for one by one',
        spoil: (provider) =>
          reask(provider, 'profile', { body: (body) => ({ ...(body as object), bikes: null, shoes: null }) }),
      },
    ],
  },
  {
    fact: 'a profile that was not shared is a missing scope, and no dead token',
    choice: { without: ['profile:read_all'] },
    async holds(connection) {
      expect(connection.feeds).not.toContain('profile')
      expect((await faultOf(connection.pull(['profile'])))?.fault).toBe('scope')
    },
    mistakes: [
      {
        mistake: '401 is taken for a dead token',
        spoil: (provider) => ({ ...provider, fault: () => undefined }),
      },
    ],
  },
  {
    fact: 'totals are asked for one’s own alone, and are told as nothing: the activities say it',
    recordings: [hard],
    async holds(connection) {
      expect(await kept(connection, 'totals')).toMatchObject([{ all_ride_totals: { count: 1, distance: 9_000 } }])
      expect((await connection.pull(['totals'])).size).toBe(0)
    },
    mistakes: [
      {
        mistake: 'whose they are is not said',
        spoil: (provider) =>
          rehttp(provider, 'totals', (path, query, options) => [path.replace(/\d+/, '0'), query, options]),
      },
    ],
  },
]
