import { clouds, type Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'
import { expect, test } from 'vitest'
import { dateOf } from '../kit/tell.ts'
import { matchCloud, type Planted } from '../kit/testing/test-cloud-checks.ts'
import {
  connect,
  daysIn,
  differences,
  figures,
  secondsOf,
  sessionsIn,
  valuesIn,
} from '../kit/testing/test-cloud-match.ts'
import { altered, credulous, misread, rehttp, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { garmin } from './index.ts'
import { ago, cases, now, ride, whole, withoutPosts } from './test-cases.ts'

const hour = 3_600_000
const day = 24 * hour

/** Stockholm is an hour east of UTC all fortnight. */
const dateAt = (t: number) => dateOf(t, 60)
const when = ({ start, offset }: SessionReading) => [whole(start), offset]

function compare(shelf: Shelf, recordings: readonly Recording[]): void {
  const isIn = ({ start }: SessionReading) => start >= ago(14 * day)
  const workouts = sessionsIn(recordings, 'workout').filter(isIn)
  const told = shelf.of('workout')
  expect(told.map(when)).toEqual(workouts.map(when))
  expect(told.map(({ activity }) => activity)).toEqual(workouts.map(({ activity }) => activity))
  for (const [i, { totals, track }] of workouts.entries()) {
    const one = told[i] as SessionReading
    const { distance, heart_rate_avg, heart_rate_max, energy_active, elevation_gain, speed_avg } = totals
    const measured = { distance, heart_rate_avg, heart_rate_max, energy_active, elevation_gain, speed_avg }
    const said = Object.fromEntries(Object.keys(measured).map((name) => [name, one.totals[name]]))
    expect(differences(figures(measured), figures(said), 0.51)).toEqual([])
    expect(one.track?.t.length ?? 0).toBe(track?.t.length ?? 0)
  }
  expect(new Set(shelf.files.map(({ externalId }) => externalId))).toEqual(
    new Set(told.map(({ externalId }) => externalId)),
  )
  const nights = sessionsIn(recordings, 'sleep').filter((night) => isIn(night) && !night.isNap)
  expect(shelf.of('sleep').map(when)).toEqual(nights.map(when))
  for (const [i, { parts }] of nights.entries())
    for (const stage of ['light', 'deep', 'rem'])
      expect(shelf.of('sleep')[i]?.totals[`sleep_${stage}`]).toBeCloseTo(secondsOf(parts, stage), -0.5)
  sameDays(shelf, recordings)
}

function sameDays(shelf: Shelf, recordings: readonly Recording[]): void {
  // A day is asked for by its beginning: the one on which the fortnight begins lies before it.
  const first = dateAt(ago(14 * day))
  for (const metric of ['steps', 'energy_active']) {
    const sums = new Map([...valuesIn(recordings, 'steps').keys()].map((t) => [dateAt(t), 0]))
    for (const [t, v] of valuesIn(recordings, metric))
      if (sums.has(dateAt(t))) sums.set(dateAt(t), (sums.get(dateAt(t)) ?? 0) + v)
    sums.delete(first)
    const days = new Map([...(shelf.days.get(metric) ?? [])].filter(([date]) => date !== first && sums.has(date)))
    expect(differences(sums, days, 0.5), metric).toEqual([])
  }
  const resting = [...daysIn(recordings, 'resting_heart_rate')].filter(([date]) => date > first)
  const said = new Map([...(shelf.days.get('resting_heart_rate') ?? [])].filter(([date]) => date > first))
  expect(differences(new Map(resting), said)).toEqual([])
  const heart = [...valuesIn(recordings, 'heart_rate')].filter(([t]) => dateAt(t) > first)
  const pulses = shelf.values.get('heart_rate')
  const lost = heart.filter(([t, v]) => Math.abs((pulses?.get(whole(t)) ?? 0) - v) > 0.51)
  expect(lost.slice(0, 3)).toEqual([])
}

const distances = (shelf: Shelf) => shelf.of('workout').map(({ totals }) => totals['distance'])

const pinged: readonly Planted[] = [
  {
    mistake: 'what an address holds is never fetched',
    seenBy: 'brings what came late',
    spoil: (provider) => withoutPosts(provider, (_, item) => 'callbackURL' in (item as object)),
  },
  {
    mistake: 'an address is asked for without what it says',
    seenBy: 'brings what came late',
    spoil: (provider) => rehttp(provider, 'activities', (path) => [path.split('?')[0] ?? '', undefined, undefined]),
  },
  {
    mistake: 'edits are not heard',
    seenBy: 'replaces what was corrected',
    spoil: (provider) => withoutPosts(provider, (key) => key === 'manuallyUpdatedActivities'),
  },
  {
    mistake: 'a file is fetched twice, and is there once',
    seenBy: 'brings a fortnight',
    spoil: (provider) =>
      withFeed(provider, 'activity_files', ({ fetchOne }) => ({
        async *fetchOne(http, record, context) {
          for await (const _ of fetchOne?.(http, record, context) ?? []);
          yield* fetchOne?.(http, record, context) ?? []
        },
      })),
  },
]

for (const traits of [[], ['ping']])
  matchCloud({
    provider: garmin,
    make: clouds.garmin,
    now,
    traits,
    compare,
    late: {
      feeds: ['activities'],
      recording: ride('late', ago(5 * day)),
      arrived: (shelf) => shelf.sessions.size === 1,
    },
    corrected: {
      feeds: ['activities'],
      first: ride('ride', ago(30 * hour)),
      second: ride('ride', ago(30 * hour), 9_400),
      tell: distances,
      now: [9_400],
    },
    limit: { limits: [0], feed: 'activities', waitMs: undefined }, // nothing is said
    notices: {
      recording: ride('new', ago(hour)),
      feed: 'activities',
      begin: () => Promise.resolve(), // the operator enters the address in Garmin's own tool
      deletes: false, // Garmin tells of none
      isProven: true,
      forgeries: (post) => [
        altered(post, { headers: { 'garmin-client-id': `${post.headers['garmin-client-id']}~` } }),
        altered(post, { headers: { 'garmin-client-id': undefined } }),
      ],
    },
    oldRefreshToken: 'refused',
    scope: { choice: { without: ['HEALTH_EXPORT'] }, feed: 'dailies' },
    ...(traits.length ? {} : { cases }),
    faults: traits.length
      ? pinged
      : [
          { mistake: 'anybody is believed', seenBy: 'believes only its brand', spoil: credulous },
          {
            mistake: 'the zone of today is taken for that of the day',
            seenBy: 'keeps its hours where clocks change',
            spoil: (provider) => {
              const today = { startTimeOffsetInSeconds: 3_600 }
              const listed = misread(provider, 'activities', (record) => ({ ...(record as object), ...today }))
              return misread(listed, 'activity_details', (record) => {
                const { summary, ...rest } = record as { summary: object }
                return { ...rest, summary: { ...summary, ...today } }
              })
            },
          },
          {
            mistake: 'edits are not heard',
            seenBy: 'replaces what was corrected',
            spoil: (provider) => withoutPosts(provider, (key) => key === 'manuallyUpdatedActivities'),
          },
          {
            mistake: '412 is taken for a bad request of ours',
            seenBy: 'knows a missing scope from a dead token',
            spoil: (provider) => ({ ...provider, fault: () => undefined }) as unknown as typeof provider,
          },
          {
            mistake: 'no challenge is sent',
            seenBy: 'signs in',
            spoil: (provider) => withAuth(provider, { pkce: false }),
          },
          {
            mistake: 'what a token says of scopes is taken for permissions',
            seenBy: 'signs in',
            spoil: (provider) => ({
              ...provider,
              account: async (http, token) => {
                const { scopes: _, ...account } = (await provider.account?.(http, token)) ?? {
                  account: '',
                  profile: {},
                }
                return { ...account, scopes: ['CONNECT_READ', 'PARTNER_READ'] }
              },
            }),
          },
          {
            mistake: 'the offset is passed over',
            seenBy: 'brings a fortnight',
            spoil: (provider) =>
              misread(provider, 'sleeps', (record) => ({ ...(record as object), startTimeOffsetInSeconds: 0 })),
          },
          {
            mistake: 'a week’s mean of the pulse is taken for the resting one',
            seenBy: 'brings a fortnight',
            spoil: (provider) =>
              misread(provider, 'dailies', (record) => ({
                ...(record as object),
                restingHeartRateInBeatsPerMinute: 63,
              })),
          },
          {
            mistake: 'the first telling of an activity counts, not the last',
            seenBy: 'replaces what was corrected',
            spoil: (provider) =>
              withFeed(provider, 'activities', () => ({ version: () => ({ key: 'one', rank: -performance.now() }) })),
          },
          {
            mistake: 'files are not fetched',
            seenBy: 'brings a fortnight',
            spoil: (provider) =>
              withFeed(provider, 'activity_files', () => ({
                // biome-ignore lint/correctness/useYield: it brings nothing
                async *fetchOne() {
                  return
                },
              })),
          },
          {
            mistake: 'what is posted is never read',
            seenBy: 'brings what came late',
            spoil: (provider) =>
              ({ ...provider, webhook: { ...provider.webhook, read: () => [] } }) as unknown as typeof provider,
          },
        ],
  })

test('asked for more than there is, it learns where the past begins and asks from there', async () => {
  const person = { name: 'Mira', email: 'm@example.org', timeZone: 'UTC', recordings: [ride('old', ago(100 * day))] }
  const connection = await connect({ provider: garmin, make: clouds.garmin, now, person })
  const { http, context } = connection
  connection.clock.advance(734) // no clock stands at a whole second
  const early = { from: ago(5 * 365 * day + 5 * day), to: ago(5 * 365 * day - 20 * day) }
  expect(await garmin.feeds.activities.requestHistory?.(http, early, context)).toBe('nothing_earlier')
  expect(connection.cloud.log.filter(({ path }) => path.includes('backfill')).map(({ status }) => status)).toEqual([
    400, 202,
  ])
})
