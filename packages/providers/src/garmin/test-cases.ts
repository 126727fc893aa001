/** What is Garmin's alone, and mistakes that it would be easy to make. */
import type { Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'
import { expect } from 'vitest'
import { z } from 'zod'
import type { Provider } from '../kit/provider.ts'
import { isUnread, readRecord } from '../kit/read-records.ts'
import { type Case, faultOf } from '../kit/testing/test-cloud-checks.ts'
import type { Connection } from '../kit/testing/test-cloud-match.ts'
import { deafTo, misread, rehttp, retell, withFeed } from '../kit/testing/test-mistakes.ts'
import { sleepOf } from '../kit/testing/test-recordings.ts'
import { halfHourRide } from '../kit/testing/test-rides.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'

const hour = 3_600_000
const day = 24 * hour
export const now = '2026-11-10T12:04:00Z'
const device = {
  name: 'Garmin Forerunner 965',
  manufacturer: 'Garmin',
  model: 'Forerunner 965',
  serial: '3411205877',
}
export const ago = (ms: number) => Date.parse(now) - ms
export const whole = (t: number) => Math.floor(t / 1_000) * 1_000

/** Half an hour on a bicycle. */
export const ride = (key: string, start: number, distance = 9_000): Recording =>
  halfHourRide(device, key, start, {
    totals: { duration: 1_800, distance, heart_rate_avg: 131, energy_active: 240 },
    extra: { manual: true },
  })

const sample = (metric: string, t: number, value: number, key = metric): Recording => ({
  key,
  device,
  readings: [{ kind: 'sample', metric, t, value, duration: 60_000 }],
})
/** Ten past and twenty past eleven, of the day that is not over. */
const [early, late] = [Date.parse('2026-11-10T10:10:00Z'), Date.parse('2026-11-10T10:20:00Z')]
const told = async (connection: Connection): Promise<Shelf> => {
  await connection.cloud.catchUp()
  return connection.takePosted()
}
const history = (connection: Connection) => {
  const window = { from: ago(20 * day), to: ago(10 * day) }
  const { feeds } = connection.provider
  return feeds['dailies']?.requestHistory?.(connection.http, window, connection.context)
}

/** A session of two minutes that is no activity. */
const moment = (word: string): Recording => {
  const [session] = ride(word, early).readings as [SessionReading]
  return { ...ride(word, early), readings: [{ ...session, end: early + 120_000, extra: { [word]: true } }] }
}

/** So many minutes of light sleep, and ten awake. */
const night = (validation: string, minutes: number): Recording => {
  const [woke, end] = [early + minutes * 60_000, early + (minutes + 10) * 60_000]
  return sleepOf('night', early, {
    end,
    extra: { validation },
    parts: [
      { kind: 'stage', label: 'light', start: early, end: woke },
      { kind: 'stage', label: 'awake', start: woke, end },
    ],
  })
}

/** Blind to one spelling of a field. */
const without = (provider: Provider, feed: string, field: string): Provider =>
  withFeed(provider, feed, ({ raw }) => ({
    raw: z.preprocess((record) => {
      const { [field]: _, ...rest } = record as Record<string, unknown>
      return rest
    }, raw) as typeof raw,
  }))

const permissionsIn = ({ auth }: Provider) => (auth.kind === 'oauth2' ? auth.scopes : {})

/** Opens what was posted, and closes it again with something else in it. */
const reposted = (connection: Connection, change: (body: Record<string, unknown[]>) => object) => {
  for (const [i, post] of connection.posted.entries()) {
    const body = JSON.parse(new TextDecoder().decode(post.body)) as Record<string, unknown[]>
    connection.posted[i] = { ...post, body: new TextEncoder().encode(JSON.stringify(change(body))) }
  }
}
const leg = (key: string, start: number, extra: Record<string, unknown>): Recording => {
  const { readings, ...rest } = ride(key, start)
  const [session] = readings as [SessionReading]
  return { ...rest, readings: [{ ...session, extra: { manual: true, ...extra } }] }
}

export const cases: readonly Case[] = [
  {
    fact: 'the longest telling of a day counts, whatever came last',
    recordings: [],
    async holds(connection) {
      for (const [t, value] of [
        [early, 100],
        [late, 20],
      ] as const)
        await connection.cloud.record(connection.cloudAccount, sample('steps', t, value, String(t)))
      connection.posted.reverse()
      expect((await told(connection)).days.get('steps')?.get('2026-11-10')).toBe(120)
    },
    mistakes: [
      {
        mistake: 'the last telling of a day counts, not the longest',
        spoil: (provider) => withFeed(provider, 'dailies', () => ({ version: () => ({ key: 'day', rank: 0 }) })),
      },
    ],
  },
  {
    fact: 'the longest telling of a quarter of an hour counts, whatever came last',
    recordings: [],
    async holds(connection) {
      const quarter = Date.parse('2026-11-10T10:00:00Z')
      for (const minute of [2, 7])
        await connection.cloud.record(
          connection.cloudAccount,
          sample('steps', quarter + minute * 60_000, 50, `minute ${minute}`),
        )
      connection.posted.reverse()
      expect([...((await told(connection)).values.get('steps')?.values() ?? [])]).toEqual([100])
    },
    mistakes: [
      {
        mistake: 'the last telling of a quarter of an hour counts, not the longest',
        spoil: (provider) => withFeed(provider, 'epochs', () => ({ version: () => ({ key: 'quarter', rank: 0 }) })),
      },
    ],
  },
  {
    fact: 'the surest telling of a night counts, whatever came last; one is asleep as long as its stages are',
    recordings: [],
    async holds(connection) {
      for (const [validation, minutes] of [
        ['AUTO_TENTATIVE', 40],
        ['ENHANCED_FINAL', 30],
      ] as const)
        await connection.cloud.record(connection.cloudAccount, night(validation, minutes))
      connection.posted.reverse()
      const [slept] = (await told(connection)).of('sleep')
      expect(slept?.extra).toMatchObject({ validation: 'ENHANCED_FINAL' })
      expect(slept?.totals).toMatchObject({ sleep_total: 1_800, sleep_awake: 600, duration: 2_400 })
    },
    mistakes: [
      {
        mistake: 'the last telling of a night counts, not the surest',
        spoil: (provider) => withFeed(provider, 'sleeps', () => ({ version: () => ({ key: 'night', rank: 0 }) })),
      },
      {
        mistake: 'the time that is stated is taken for the time asleep',
        spoil: (provider) =>
          retell(provider, 'sleeps', (told) =>
            told.kind === 'session'
              ? { ...told, totals: { ...told.totals, sleep_total: Number(told.extra?.['stated_duration']) } }
              : told,
          ),
      },
    ],
  },
  {
    fact: 'a snapshot spells its offset in its own way, and tells both kinds of variability apart',
    recordings: [],
    async holds(connection) {
      const { cloud, cloudAccount, provider, context } = connection
      for (const [metric, value] of [
        ['heart_rate', 60],
        ['hrv_rmssd', 48],
        ['hrv_sdnn', 61],
      ] as const)
        await cloud.record(cloudAccount, sample(metric, early, value))
      await cloud.record(cloudAccount, moment('snapshot'))
      const { health_snapshot: feed } = provider.feeds
      const notices = connection.posted.flatMap((post) => provider.webhook?.read(post) ?? [])
      const records = notices.flatMap((one) =>
        one.kind === 'records' && one.feed === 'health_snapshot' ? one.records : [],
      )
      const told = records.flatMap((record) => {
        const read = feed && readRecord(feed, record, context)
        return !read || isUnread(read) ? [] : read.told
      })
      const at = { kind: 'series', offset: 60, method: 'active', t: Float64Array.of(early) }
      expect(told).toEqual([
        { ...at, metric: 'heart_rate', v: Float64Array.of(60) },
        { ...at, metric: 'hrv_rmssd', v: Float64Array.of(48) },
        { ...at, metric: 'hrv_sdnn', v: Float64Array.of(61) },
      ])
    },
    mistakes: [
      {
        mistake: 'the offset is known by one spelling only',
        spoil: (provider) => without(provider, 'health_snapshot', 'offsetStartTimeInSeconds'),
      },
      {
        mistake: 'one variability is taken for the other',
        spoil: (provider) =>
          retell(provider, 'health_snapshot', (told) =>
            told.kind === 'series' && told.metric === 'hrv_sdnn' ? { ...told, metric: 'hrv_rmssd' } : told,
          ),
      },
    ],
  },
  {
    fact: 'what a device noticed by itself is no workout; a cycle, whose form nobody publishes, is kept with that reason',
    recordings: [],
    asideFor: /does not publish/,
    async holds(connection) {
      for (const word of ['noticed', 'cycle']) await connection.cloud.record(connection.cloudAccount, moment(word))
      const kinds = connection.posted.map((post) => connection.provider.webhook?.read(post)[0])
      expect(kinds).toMatchObject([{ feed: 'move_iq' }, { feed: 'menstrual_cycle' }])
      expect((await told(connection)).size).toBe(0)
      expect(connection.aside).toHaveLength(1)
    },
    mistakes: [
      {
        mistake: 'a cycle is dropped without a word',
        spoil: (provider) => withFeed(provider, 'menstrual_cycle', () => ({ read: () => [] })),
      },
      {
        mistake: 'a guess of the device is a workout',
        spoil: (provider) =>
          withFeed(provider, 'move_iq', () => ({
            *read() {
              const [session] = ride('guess', early).readings
              if (session?.kind === 'session') yield session
            },
          })),
      },
    ],
  },
  {
    fact: 'several lists in one delivery are each read, also under the names they have for others’ devices',
    recordings: [],
    traits: ['mixed', 'third_party'],
    async holds(connection) {
      await connection.cloud.record(connection.cloudAccount, sample('steps', early, 90))
      expect(connection.posted).toHaveLength(1)
      const shelf = await told(connection)
      expect(shelf.days.get('steps')?.get('2026-11-10')).toBe(90)
      expect([...(shelf.values.get('steps')?.values() ?? [])]).toEqual([90])
    },
    mistakes: [
      {
        mistake: 'the first list of a delivery is taken for all of it',
        spoil: (provider) => withoutPosts(provider, (key) => !/dailies/i.test(key)),
      },
      {
        mistake: 'the names for others’ devices are not known',
        spoil: (provider) => withoutPosts(provider, (key) => key.startsWith('third-party')),
      },
    ],
  },
  {
    fact: 'codes of a stress that was not measured are no stress',
    recordings: [sample('stress_score', early, 31)],
    async holds(connection) {
      const shelf = await connection.pull(['stress_details'])
      expect([...(shelf.values.get('stress_score') ?? [])]).toEqual([[early, 31]])
    },
    mistakes: [
      {
        mistake: 'a code below nothing is a little stress',
        spoil: (provider) =>
          misread(provider, 'stress_details', (record) => {
            const row = record as { timeOffsetStressLevelValues: Record<string, number> }
            const values = Object.entries(row.timeOffsetStressLevelValues).map(([at, v]) => [at, Math.abs(v)])
            return { ...row, timeOffsetStressLevelValues: Object.fromEntries(values) }
          }),
      },
    ],
  },
  {
    fact: 'a quarter of an hour is as many records as kinds of movement, and their sum',
    recordings: [
      {
        ...ride('run', early),
        readings: [{ ...(ride('run', early).readings[0] as SessionReading), activity: 'running' }],
      },
      sample('steps', early - 300_000, 50, 'before'),
      sample('steps', early, 150),
    ],
    async holds(connection) {
      const shelf = await connection.pull(['epochs'])
      expect([...(shelf.values.get('steps')?.values() ?? [])].sort()).toEqual([150, 50])
    },
    mistakes: [
      {
        mistake: 'one record is taken for all of a quarter of an hour',
        spoil: (provider) =>
          retell(provider, 'epochs', (told) => (told.kind === 'sample' ? { ...told, t: whole(told.t) } : told)),
      },
    ],
  },
  {
    fact: 'of several sports in a row the legs are told, and not the whole once more',
    recordings: [
      leg('whole', ago(30 * hour), { isParent: true }),
      leg('swim', ago(30 * hour), { parent: 'whole/workout/0' }),
      leg('bike', ago(29 * hour), { parent: 'whole/workout/0' }),
    ],
    async holds(connection) {
      const shelf = await connection.pull(['activities'])
      expect(shelf.of('workout').map(({ start }) => start)).toEqual([ago(30 * hour), ago(29 * hour)].map(whole))
      expect(new Set(shelf.of('workout').map(({ extra }) => extra?.['part_of'])).size).toBe(1)
    },
    mistakes: [
      {
        mistake: 'the whole is told beside its legs',
        spoil: (provider) => misread(provider, 'activities', (record) => ({ ...(record as object), isParent: false })),
      },
    ],
  },
  {
    fact: 'names of an older version are understood',
    recordings: [sample('steps', early, 9), sample('stress_score', early, 31)],
    traits: ['old_spelling'],
    async holds(connection) {
      const shelf = await connection.pull(['dailies'])
      expect(shelf.days.get('stress_score')?.get('2026-11-10')).toBe(31)
    },
    mistakes: [
      {
        mistake: 'names are known by one spelling only',
        spoil: (provider) => without(provider, 'dailies', 'averageStresslevel'),
      },
    ],
  },
  {
    fact: 'a history that was not allowed is said to be, and one asked for twice is no trouble',
    async holds(connection) {
      expect([await history(connection), await history(connection)]).toEqual(['will_come', 'will_come'])
      connection.cloud.setTraits(connection.cloudAccount, ['no_history'])
      expect(await history(connection)).toBe('not_allowed')
    },
    mistakes: [
      {
        mistake: 'a stretch that was asked for before is a fault',
        spoil: (provider) => rehttp(provider, 'dailies', (path, query) => [path, query, { bytes: true, expects: [] }]),
      },
      {
        mistake: '403 is taken for a dead token',
        spoil: (provider) =>
          rehttp(provider, 'dailies', (path, query) => [path, query, { bytes: true, expects: [400, 409] }]),
      },
    ],
  },
  {
    fact: 'what was taken back, and given again, is heard of each time, and asked for',
    async holds(connection) {
      const { cloud, cloudAccount, http, provider } = connection
      const all = [...connection.scopes]
      const told = new Set<string>()
      for (const [traits, allowed] of [
        [['no_health'], all.filter((scope) => scope !== 'HEALTH_EXPORT')],
        [[], all],
      ]) {
        connection.clock.advance(60_000)
        cloud.setTraits(cloudAccount, traits ?? [])
        await cloud.catchUp()
        for (const post of connection.posted.splice(0))
          for (const { kind, id, account } of provider.webhook?.read(post) ?? [])
            if (kind === 'scopes' && account === connection.account) told.add(id)
        expect(await provider.granted?.(http)).toEqual(allowed)
      }
      expect(told.size).toBe(2)
      await cloud.revoke(cloudAccount, connection.app.clientId)
      expect((await faultOf(Promise.resolve(provider.granted?.(http))))?.fault).toBe('auth')
    },
    mistakes: [
      {
        mistake: 'a change of what is allowed is not heard',
        spoil: (provider) => deafTo(provider, 'scopes'),
      },
      {
        mistake: 'the second change is taken for the first, delivered again',
        spoil: (provider) =>
          withoutPosts(provider, (key, item) => {
            if (key === 'userPermissionsChange')
              Object.assign(item as object, { permissions: [], changeTimeInSeconds: 0 })
            return false
          }),
      },
      {
        mistake: 'what stood at the beginning is taken for what stands',
        spoil: (provider) => ({ ...provider, granted: async () => Object.keys(permissionsIn(provider)) }),
      },
    ],
  },
  {
    fact: 'an address that is none of Garmin’s is not asked, whoever names it',
    recordings: [],
    traits: ['ping'],
    async holds(connection) {
      await connection.cloud.record(connection.cloudAccount, sample('body_mass', early, 72))
      reposted(connection, (body) =>
        Object.fromEntries(
          Object.entries(body).map(([name, list]) => [
            name,
            (list as { callbackURL: string }[]).map((item) => ({
              ...item,
              callbackURL: item.callbackURL.replace('apis.garmin.com', 'evil.example'),
            })),
          ]),
        ),
      )
      const before = connection.requests.length
      expect((await faultOf(told(connection)))?.fault).toBe('bad_data')
      expect(connection.requests).toHaveLength(before)
    },
    mistakes: [
      {
        mistake: 'any address is asked',
        spoil: (provider) => ({ ...provider, origins: ['https://evil.example'] }),
      },
    ],
  },
  {
    fact: 'one bad item in a delivery costs the others nothing',
    recordings: [],
    asideFor: /./,
    async holds(connection) {
      await connection.cloud.record(connection.cloudAccount, sample('steps', early, 100))
      reposted(connection, (body) =>
        Object.fromEntries(
          Object.entries(body).map(([name, list]) => [
            name,
            [
              null,
              { userId: connection.account },
              {},
              ...list,
              { userId: connection.account, startTimeInSeconds: 'x' },
            ],
          ]),
        ),
      )
      expect((await told(connection)).days.get('steps')?.get('2026-11-10')).toBe(100)
    },
    mistakes: [
      {
        mistake: 'a delivery with a bad item is thrown away',
        spoil: (provider) => withoutPosts(provider, () => true),
      },
    ],
  },
]

/** Deaf to some of what is posted. */
export const withoutPosts = (provider: Provider, spoil: (key: string, item: unknown) => boolean): Provider => {
  const { webhook } = provider
  if (!webhook) throw new Error('it takes no posts')
  const read: typeof webhook.read = (request) => {
    const body = JSON.parse(new TextDecoder().decode(request.body)) as Record<string, unknown[]>
    const kept = Object.entries(body).map(([key, list]) => [key, list.filter((item) => !spoil(key, item))])
    return webhook.read({ ...request, body: new TextEncoder().encode(JSON.stringify(Object.fromEntries(kept))) })
  }
  return { ...provider, webhook: { ...webhook, read } }
}
