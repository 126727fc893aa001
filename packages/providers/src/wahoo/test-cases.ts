/** What is Wahoo’s alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import { misread, rehttp, retell, withFeed } from '../kit/testing/test-mistakes.ts'
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
    fact: 'a workout to come is a plan, with what its plan says and as long as its way',
    recordings: [
      rideOf('ladder', now + 26 * hour, {
        title: 'Ladder',
        extra: { planned: true, plan: 'Up and down', route: 24_310 },
      }),
      rideOf('either', now + 50 * hour, { title: 'Either', extra: { planned: true, plans: ['Indoors', 'Outdoors'] } }),
      rideOf('bare', now + 74 * hour, { title: 'Bare', extra: { planned: true } }),
    ],
    async holds(connection) {
      const shelf = await connection.pull(['workouts'])
      expect(shelf.sessions.size).toBe(0)
      const told = [...shelf.plans.values()].map(({ externalId: _, ...plan }) => plan)
      const plan = { kind: 'plan', activity: 'cycling', duration: 1_800 } as const
      expect(told).toHaveLength(3)
      expect(told).toEqual(
        expect.arrayContaining([
          {
            ...plan,
            date: '2026-11-11',
            start: now + 26 * hour,
            title: 'Ladder',
            description: 'Up and down',
            distance: 24_310,
          },
          { ...plan, date: '2026-11-12', start: now + 50 * hour, title: 'Either', description: 'Indoors' },
          { ...plan, date: '2026-11-13', start: now + 74 * hour, title: 'Bare' },
        ]),
      )
      const lists = connection.requests.filter((request) => /v1\/(plans|routes)/.test(request))
      expect(lists, 'each list once').toHaveLength(2)
    },
    mistakes: [
      {
        mistake: 'what lies ahead is beyond the stretch that is asked for',
        spoil: (provider) =>
          withFeed(provider, 'workouts', ({ fetch }) => ({
            async *fetch(http, window, context) {
              for await (const page of fetch?.(http, window, context) ?? [])
                yield page.filter((one) => !(Date.parse((one as { starts?: string }).starts ?? '') >= window.to))
            },
          })),
      },
      {
        mistake: 'only the plan that was chosen counts, not those it may be chosen from',
        spoil: (provider) =>
          misread(provider, 'workouts', (record) => {
            const { plans = [], plan_id, ...row } = record as { plans?: { id: number }[]; plan_id: number }
            return { ...row, plan_id, plans: plans.filter(({ id }) => id === plan_id) }
          }),
      },
      {
        mistake: 'minutes are taken for seconds',
        spoil: (provider) =>
          retell(provider, 'workouts', (told) =>
            told.kind === 'plan' ? { ...told, duration: (told.duration ?? 0) / 60 } : told,
          ),
      },
      {
        mistake: 'the way is not asked for',
        spoil: (provider) => misread(provider, 'workouts', (record) => ({ ...(record as object), route: undefined })),
      },
    ],
  },
  {
    fact: 'a plan that its person took out of the calendar is gone, and one that was moved is where it is now',
    recordings: [
      rideOf('gone', now + 26 * hour, { extra: { planned: true } }),
      rideOf('moved', now + 26 * hour, { extra: { planned: true } }),
    ],
    async holds(connection) {
      const shelf = await connection.pull(['workouts'])
      const ids = [...shelf.plans.keys()]
      expect(ids).toHaveLength(2)
      const { clock, cloud, cloudAccount } = connection
      const cursor = clock.now()
      const moved = rideOf('moved', now + 50 * hour, { extra: { planned: true } })
      await cloud.record(cloudAccount, moved)
      const later = await connection.again(['workouts'], cursor)
      const kept = [...later.plans.values()].find(({ start }) => start === now + 50 * hour)
      await cloud.deleteRecord(cloudAccount, ids.find((id) => id !== kept?.externalId) ?? '')
      shelf.add(await connection.again(['workouts'], cursor))
      expect([...shelf.plans.values()].map(({ externalId, date }) => [externalId, date])).toEqual([
        [kept?.externalId, '2026-11-12'],
      ])
    },
    mistakes: [
      {
        mistake: 'what a calendar does not hold any more stays',
        spoil: (provider) =>
          withFeed(provider, 'workouts', ({ read }) => ({
            *read(record, context) {
              for (const told of read(record, context)) if (told.kind !== 'calendar') yield told
            },
          })),
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
