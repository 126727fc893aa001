/** What is the Dynamic API’s alone, and mistakes that it would be easy to make. */
import type { Recording } from '@tributary/emulators/clouds'
import { expect } from 'vitest'
import type { Case } from '../kit/testing/test-cloud-checks.ts'
import { misread, reask, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import { rideOf, sampleOf, sleepOf } from '../kit/testing/test-recordings.ts'

const now = Date.parse('2026-11-10T12:04:00Z')
const hour = 3_600_000
const at = Date.parse

const ride = rideOf('ride', now - 30 * hour)
const beats = [130, 131, 132].map((v, i) => sampleOf('heart_rate', now - 30 * hour + i * 1_000, v, String(i)))
const night = sleepOf('night', now - 10 * hour, { end: now - 4 * hour })

const stepsOf = (key: string, serial: string, value: number): Recording => ({
  key,
  device: { name: `Watch ${serial}`, manufacturer: 'Polar', model: 'Watch', serial },
  readings: [{ kind: 'sample', metric: 'steps', t: at('2026-11-09T08:00:00Z'), value, duration: 60_000 }],
})

/** The second begins half a minute later, so that no minute of one hides one of the other. */
const later = (samples: object, i: number) => {
  const { stepSamples } = samples as { stepSamples: { startTime: string } }
  return { stepSamples: { ...stepSamples, startTime: i ? '00:00:30' : stepSamples.startTime } }
}

export const cases: readonly Case[] = [
  {
    fact: 'who is refused what a session measured on its way has the session all the same',
    recordings: [ride, ...beats],
    traits: ['featureless'],
    async holds(connection) {
      const shelf = await connection.pull(['training_sessions'])
      expect(shelf.of('workout').map(({ totals }) => totals['distance'])).toEqual([9_000])
      expect(shelf.values.get('heart_rate')).toBeUndefined()
    },
    mistakes: [
      {
        mistake: 'the refusal is taken for a fault',
        spoil: (provider) =>
          withFeed(provider, 'training_sessions', ({ fetch }) => ({
            fetch: (http, ...more) =>
              fetch?.({ ...http, get: (path, query) => http.get(path, query, { expects: [404] }) }, ...more) ?? none(),
          })),
      },
    ],
  },
  {
    fact: 'lists are read with one name around them and with two',
    recordings: [ride, night],
    traits: ['wrapped'],
    async holds(connection) {
      const shelf = await connection.pull(['training_sessions', 'sleep', 'nightly_recharge'])
      expect([shelf.of('workout').map(({ activity }) => activity), shelf.of('sleep').length]).toEqual([['cycling'], 1])
      expect(connection.requests.filter((one) => one.includes('recharge') && one.includes('features'))).toHaveLength(1)
    },
    mistakes: [
      {
        mistake: 'the outer name is taken for the list',
        spoil: (provider) =>
          reask(provider, 'nightly_recharge', {
            body: (body) => ({
              nightlyRechargeResults: [(body as Record<string, unknown>)?.['nightlyRechargeResults']],
            }),
          }),
      },
    ],
  },
  {
    fact: 'the number of an account counts before its e-mail, where a token tells one',
    recordings: [],
    traits: ['tells_user_id'],
    async holds(connection) {
      expect(connection.account).toBe('53110277')
    },
    mistakes: [
      {
        mistake: 'the number is not looked at',
        spoil: (provider) => withAuth(provider, { readToken: undefined }),
      },
    ],
  },
  {
    fact: 'the watch has the number by which the older API knows it',
    recordings: [
      { ...night, device: { name: 'Polar Vantage V3', manufacturer: 'Polar', model: 'V3', serial: '0B1C22EE' } },
    ],
    async holds(connection) {
      const shelf = await connection.pull(['sleep'])
      expect([...shelf.sources.values()].map((source) => [source?.manufacturer, source?.serial])).toEqual([
        ['Polar', '0B1C22EE'],
      ])
    },
    mistakes: [
      {
        mistake: 'the UUID is taken for the number',
        spoil: (provider) =>
          withFeed(provider, 'sleep', ({ source }) => ({
            source: (record) => {
              const named = source?.(record)
              return named && { ...named, serial: `0e030000-0084-0000-0000-0000${named.serial}` }
            },
          })),
      },
    ],
  },
  {
    fact: 'what two watches counted stays apart, and is never added up',
    recordings: [stepsOf('one', 'A1', 400), stepsOf('other', 'B2', 300)],
    async holds(connection) {
      const shelf = await connection.pull(['activity'])
      expect([...(shelf.tellers.get('steps') ?? [])].sort()).toEqual(['000000A1', '000000B2'])
      expect([400, 300]).toContain(shelf.days.get('steps')?.get('2026-11-09'))
      expect([400, 300]).toContain(shelf.values.get('steps')?.get(at('2026-11-09T08:00:00Z')))
    },
    mistakes: [
      {
        mistake: 'steps are added across watches',
        spoil: (provider) =>
          withFeed(provider, 'activity', ({ fetch }) => ({
            async *fetch(http, window, context) {
              for await (const rows of fetch?.(http, window, context) ?? none()) {
                const days = rows as readonly { date: string; activitySamples: readonly object[] }[]
                yield [...Map.groupBy(days, ({ date }) => date)].map(([date, own]) => ({
                  date,
                  activitySamples: own.flatMap(({ activitySamples }) => activitySamples).map(later),
                }))
              }
            },
          })),
      },
    ],
  },
  {
    fact: 'beats, efforts, tests and temperatures are at their moments, where the clock is ahead of UTC',
    recordings: [
      sampleOf('rr_interval', at('2026-11-08T23:30:01Z'), 940),
      sampleOf('met', at('2026-11-08T23:31:00Z'), 2.125),
      sampleOf('hrv_rmssd', at('2026-11-09T06:02:00Z'), 61),
      sampleOf('skin_temperature', at('2026-11-09T06:02:00Z'), 33.4),
      sampleOf('body_temperature', at('2026-11-09T09:00:00Z'), 36.9),
    ],
    async holds(connection) {
      const shelf = await connection.pull(['beats', 'activity', 'tests', 'temperature'])
      expect(Object.fromEntries([...shelf.values].map(([metric, values]) => [metric, [...values]]))).toEqual({
        rr_interval: [[at('2026-11-08T23:30:01Z'), 940]],
        met: [[at('2026-11-08T23:31:00Z'), 2.125]],
        hrv_rmssd: [[at('2026-11-09T06:02:00Z'), 61]],
        skin_temperature: [[at('2026-11-09T06:02:00Z'), 33.4]],
        body_temperature: [[at('2026-11-09T09:00:00Z'), 36.9]],
      })
    },
    mistakes: [
      {
        mistake: 'beats are counted from midnight in UTC',
        spoil: (provider) =>
          withFeed(provider, 'beats', ({ read }) => ({
            read: (record, context) => read(record, { ...context, timeZone: 'UTC' }),
          })),
      },
      {
        mistake: 'minutes are counted from midnight in UTC',
        spoil: (provider) =>
          withFeed(provider, 'activity', ({ read }) => ({
            read: (record, context) => read(record, { ...context, timeZone: 'UTC' }),
          })),
      },
      {
        mistake: 'a test’s time is taken for UTC',
        spoil: (provider) =>
          withFeed(provider, 'tests', ({ read }) => ({
            read: (record, context) => read(record, { ...context, timeZone: 'UTC' }),
          })),
      },
      {
        mistake: 'a temperature’s time is taken for the wall clock’s',
        spoil: (provider) =>
          misread(provider, 'temperature', (record) => {
            const row = record as { startTime: string }
            return { ...row, startTime: new Date(at(row.startTime) - hour).toISOString() }
          }),
      },
      {
        mistake: 'every temperature is the body’s',
        spoil: (provider) =>
          misread(provider, 'temperature', (record) => ({ ...(record as object), measurementType: undefined })),
      },
    ],
  },
  {
    fact: 'things are those that records name, with what they are called and what they run',
    recordings: [night],
    async holds(connection) {
      const shelf = await connection.pull(['sleep', 'user_devices'])
      const named = [...shelf.sources.values()].map((source) => source?.key)
      expect([...shelf.things.keys()]).toEqual(named)
    },
    mistakes: [
      {
        mistake: 'a thing goes by its UUID',
        spoil: (provider) =>
          withFeed(provider, 'user_devices', () => ({
            source: (record) => {
              const { uuid } = (record as { deviceReference: { uuid: string } }).deviceReference
              return { key: uuid, name: 'Polar' }
            },
          })),
      },
    ],
  },
  {
    fact: 'numbers that are written as text are numbers',
    recordings: [ride],
    async holds(connection) {
      const shelf = await connection.pull(['training_sessions'])
      expect(shelf.of('workout')[0]?.extra?.['recovery_ms']).toBe(1_800_000)
    },
    mistakes: [
      {
        mistake: 'only what is written as a number is one',
        spoil: (provider) =>
          reask(provider, 'training_sessions', {
            body: (body) =>
              JSON.parse(JSON.stringify(body), (name, value) => (name === 'recoveryTimeMillis' ? null : value)),
          }),
      },
    ],
  },
]

async function* none() {}
