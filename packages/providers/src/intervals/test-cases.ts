/** What is intervals.icu’s alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import type { Provider } from '../kit/provider.ts'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import { misread, reask, retell, withAuth } from '../kit/testing/test-mistakes.ts'
import { rideOf } from '../kit/testing/test-recordings.ts'
import { momentOf, offsetIn } from '../kit/zone.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000
const planned = { planned: true }

/** Every entry of the calendar with other members. */
const respell = (provider: Provider, members: object): Provider =>
  reask(provider, 'events', { body: (body) => (body as object[]).map((event) => ({ ...event, ...members })) })

export const cases: readonly Case[] = [
  {
    fact: 'workouts and races of the calendar are plans at the athlete’s own time; nothing else of it is',
    recordings: [
      rideOf('tempo', now + 26 * hour, { title: 'Tempo', offset: 60, extra: { ...planned, what: '3 × 10 min' } }),
      rideOf('race', now + 50 * hour, { title: 'Cup', extra: { ...planned, category: 'RACE_A', all_day: true } }),
      rideOf('note', now + 50 * hour, { title: 'Sleep more', extra: { ...planned, category: 'NOTE' } }),
      rideOf('hidden', now + 50 * hour, { title: 'Surprise', extra: { ...planned, hidden: true } }),
    ],
    async holds(connection) {
      const shelf = await connection.pull(['events'])
      expect(shelf.sessions.size).toBe(0)
      const told = [...shelf.plans.values()].map(({ externalId: _, ...plan }) => plan)
      const plan = { kind: 'plan', activity: 'cycling', duration: 1_800, distance: 9_000 } as const
      const wall = Date.parse('2026-11-11T15:04:00Z')
      expect(told).toEqual([
        {
          ...plan,
          date: '2026-11-11',
          start: momentOf(wall, connection.timeZone),
          title: 'Tempo',
          description: '3 × 10 min',
        },
        { ...plan, date: '2026-11-12', title: 'Cup' },
      ])
    },
    mistakes: [
      {
        mistake: 'the calendar is read to today',
        spoil: (provider) => reask(provider, 'events', { query: (query) => ({ ...query, newest: '2026-11-10' }) }),
      },
      {
        mistake: 'all that stands in a calendar is meant to be done',
        spoil: (provider) => respell(provider, { category: 'WORKOUT' }),
      },
      {
        mistake: 'a local time is read as UTC',
        spoil: (provider) =>
          retell(provider, 'events', (told) =>
            told.kind === 'plan' && told.start
              ? { ...told, start: told.start + (offsetIn('Europe/Berlin', told.start) ?? 0) * 60_000 }
              : told,
          ),
      },
      {
        mistake: 'one without a time is at midnight',
        spoil: (provider) =>
          retell(provider, 'events', (told) =>
            told.kind === 'plan' ? { ...told, start: told.start ?? Date.parse(told.date) } : told,
          ),
      },
      {
        mistake: 'what a coach hides is told',
        spoil: (provider) => respell(provider, { hide_from_athlete: false }),
      },
    ],
  },
  {
    fact: 'a plan that was taken out of the calendar is gone with the next look, and no other',
    recordings: [
      rideOf('gone', now + 26 * hour, { extra: planned }),
      rideOf('stays', now + 50 * hour, { extra: planned }),
    ],
    async holds(connection) {
      const shelf = await connection.pull(['events'])
      const [gone = '', stays] = [...shelf.plans.keys()]
      const cursor = connection.clock.now()
      await connection.cloud.deleteRecord(connection.cloudAccount, gone)
      shelf.add(await connection.again(['events'], cursor))
      expect([...shelf.plans.keys()]).toEqual([stays])
    },
    mistakes: [
      {
        mistake: 'what a calendar does not hold any more stays',
        spoil: (provider) =>
          misread(provider, 'events', (record) => {
            const { calendar } = record as { calendar?: object }
            return calendar ? { calendar: { ...calendar, to: '2026-11-10' } } : record
          }),
      },
      {
        mistake: 'a calendar is said to hold nothing',
        spoil: (provider) =>
          retell(provider, 'events', (told) => (told.kind === 'calendar' ? { ...told, externalIds: [] } : told)),
      },
    ],
  },
  {
    fact: 'an app with a wrong secret is 404, which ends nobody’s connection',
    async holds(connection) {
      connection.app.clientSecret = 'wrong'
      const asked = {
        grant: 'authorization_code',
        code: 'x',
        redirectUri: 'https://hub.example',
        verifier: 'v',
      } as const
      expect((await connection.token(asked)).kind).toBe('app')
    },
    mistakes: [
      {
        mistake: 'every refusal ends the connection',
        spoil: (provider) =>
          withAuth(provider, { refusesApp: () => false, refusesGrant: (status: number) => status >= 400 }),
      },
    ],
  },
]
