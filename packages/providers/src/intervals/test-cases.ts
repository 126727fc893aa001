/** What is intervals.icu’s alone, and mistakes that it would be easy to make. */
import { expect } from 'vitest'
import type { Provider } from '../kit/provider.ts'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import { misread, reask, retell, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import { rideOf, sampleOf, sleepOf } from '../kit/testing/test-recordings.ts'
import { refusedFile } from '../kit/testing/test-refused-file.ts'
import { momentOf, offsetIn } from '../kit/zone.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000
const noon = Date.parse('2026-11-08T11:00:00Z')
const planned = { planned: true }

/** Every entry of the calendar with other members. */
const respell = (provider: Provider, members: object): Provider =>
  reask(provider, 'events', { body: (body) => (body as object[]).map((event) => ({ ...event, ...members })) })

export const cases: readonly Case[] = [
  refusedFile('activities', rideOf('ride', now - 30 * hour), (id) => `/api/v1/activity/${id}/fit-file`, [
    ['auth', { status: 401 }],
    ['scope', { status: 403 }],
  ]),
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
    fact: 'a day has its figures in the units of the page, and what was felt on a scale of four is none of them',
    recordings: [
      sampleOf('body_mass', noon, 61.4),
      sampleOf('blood_glucose', noon, 5.1),
      sampleOf('vo2max', noon, 52),
      sampleOf('body_fat', noon, 21.3),
      sleepOf('night', noon - 8 * hour),
      sampleOf('hrv_sdnn', noon - 8 * hour, 88),
      {
        ...sampleOf('pressure', noon, 0),
        readings: [{ kind: 'event', metric: 'blood_pressure', start: noon, value: { systolic: 116, diastolic: 74 } }],
      },
    ],
    async holds(connection) {
      const shelf = await connection.pull(['wellness'])
      const days = [...shelf.days].map(([metric, days]) => [metric, days.get('2026-11-08')])
      expect(Object.fromEntries(days)).toEqual({
        body_mass: 61.4,
        blood_glucose: 5.1,
        vo2max: 52,
        body_fat: 21.3,
        hrv_sdnn: 88,
        sleep_total: 1_800,
      })
      const start = momentOf(Date.parse('2026-11-08T00:00:00Z'), connection.timeZone)
      expect([...shelf.events.values()]).toMatchObject([{ start, value: { systolic: 116, diastolic: 74 } }])
    },
    mistakes: [
      {
        mistake: 'mmol are taken for milligrams',
        spoil: (provider) =>
          retell(provider, 'wellness', (told) =>
            told.kind === 'day' && told.metric === 'blood_glucose' ? { ...told, unit: 'mg/dL' } : told,
          ),
      },
      {
        mistake: 'one variability is taken for the other',
        spoil: (provider) =>
          retell(provider, 'wellness', (told) =>
            told.kind === 'day' && told.metric === 'hrv_sdnn' ? { ...told, metric: 'hrv_rmssd' } : told,
          ),
      },
      {
        mistake: 'a day begins where UTC’s does',
        spoil: (provider) =>
          retell(provider, 'wellness', (told) =>
            told.kind === 'event' ? { ...told, start: Date.parse('2026-11-08T00:00:00Z') } : told,
          ),
      },
      {
        mistake: 'a stress of two in four is one of two in a hundred',
        spoil: (provider) =>
          withFeed(provider, 'wellness', ({ read }) => ({
            *read(record, context) {
              yield* read(record, context)
              yield { kind: 'day', metric: 'stress_score', date: '2026-11-08', value: 2 }
            },
          })),
      },
    ],
  },
  {
    fact: 'dates are the athlete’s own: where it is tomorrow already, today’s activity is of tomorrow',
    recordings: [rideOf('east', now - hour, { offset: 840, extra: { manual: true } })],
    async holds(connection) {
      const [ride] = (await connection.pull(['activities'])).of('workout')
      expect(ride).toMatchObject({ start: now - hour, offset: 840 })
    },
    mistakes: [
      {
        mistake: 'they are taken for those of UTC',
        spoil: (provider) =>
          reask(provider, 'activities', {
            query: (query) => ('newest' in query ? { ...query, newest: '2026-11-10' } : query),
          }),
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
