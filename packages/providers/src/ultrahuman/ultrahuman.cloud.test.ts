import { clouds, type Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'
import { expect } from 'vitest'
import type { Provider } from '../kit/provider.ts'
import { matchCloud } from '../kit/testing/test-cloud-checks.ts'
import { differences, secondsOf, sessionsIn, valuesIn } from '../kit/testing/test-cloud-match.ts'
import { misread, reask, rehttp, retell, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { ultrahuman } from './index.ts'

/** In Stockholm it is the next day already. */
const now = '2026-11-10T23:34:00Z'
const hour = 3_600_000
const day = 24 * hour
const device = { name: 'Ultrahuman Ring AIR', manufacturer: 'Ultrahuman', model: 'Ring AIR', serial: 'UH-9127' }
const ago = (ms: number) => Date.parse(now) - ms
const whole = (t: number) => Math.floor(t / 1_000) * 1_000
const when = ({ start, end }: SessionReading) => [whole(start), whole(end)]

function compare(shelf: Shelf, recordings: readonly Recording[]): void {
  for (const [metric, within] of [
    ['heart_rate', 0.5],
    ['steps', 0.5],
    ['skin_temperature', 0.005],
    ['blood_glucose', 0.5 / 18],
  ] as const) {
    const measured = new Map([...valuesIn(recordings, metric)].map(([t, v]) => [whole(t), v]))
    expect(measured.size, metric).toBeGreaterThan(0)
    expect(differences(measured, shelf.values.get(metric), within).slice(0, 5), metric).toEqual([])
  }
  const nights = sessionsIn(recordings, 'sleep')
  const told = shelf.of('sleep')
  expect(told.map(when)).toEqual(nights.map(when))
  for (const [i, { parts }] of nights.entries())
    for (const stage of ['light', 'deep', 'rem'])
      expect(told[i]?.totals[`sleep_${stage}`]).toBeCloseTo(secondsOf(parts, stage), -0.5)
}

/** An hour asleep in the afternoon of a day that has its night as well. */
const nap = (start: number): Recording => ({
  key: 'nap',
  device,
  readings: [
    {
      kind: 'session',
      type: 'sleep',
      start,
      end: start + hour,
      externalId: 'nap',
      totals: {},
      parts: [{ kind: 'stage', label: 'light', start, end: start + hour }],
    },
  ],
})

const warmth: Recording = {
  key: 'warmth',
  device,
  readings: [{ kind: 'sample', metric: 'skin_temperature', t: ago(2 * day), value: 34.62 }],
}

const pulse = (value: number): Recording => ({
  key: 'pulse',
  device,
  readings: [{ kind: 'sample', metric: 'heart_rate', t: ago(2 * day), value }],
})
const pulseIn = (shelf: Shelf) => shelf.values.get('heart_rate')?.get(whole(ago(2 * day)))

type Item = { type: string; nth?: number; object: Record<string, unknown> }
const changed = (type: string, change: (object: Item['object']) => Item['object']) => (provider: Provider) =>
  misread(provider, 'metrics', (record) => {
    const item = record as Item
    return item.type === type ? { ...item, object: change(item.object) } : item
  })

matchCloud({
  provider: ultrahuman,
  make: clouds.ultrahuman,
  now,
  compare,
  oddities: [nap(ago(2 * day + 9 * hour)), warmth],
  asideFor: /RMSSD or SDNN/,
  isZoneless: true,
  late: { feeds: ['metrics'], recording: nap(ago(2 * day)), arrived: (shelf) => shelf.sessions.size === 1 },
  corrected: { feeds: ['metrics'], first: pulse(51), second: pulse(48), tell: pulseIn, now: 48 },
  limit: { limits: [3], feed: 'metrics', waitMs: undefined }, // nothing is said
  oldRefreshToken: 'refused',
  cases: [
    {
      fact: 'a list that stands in nothing is a list too',
      recordings: [pulse(51)],
      traits: ['bare_list'],
      async holds(connection) {
        expect(pulseIn(await connection.pull())).toBe(51)
      },
      mistakes: [
        {
          mistake: 'it is looked for inside of something',
          spoil: (provider) =>
            reask(provider, 'metrics', { body: (body) => (Array.isArray(body) ? { items: body } : body) }),
        },
      ],
    },
    {
      fact: 'a day that has not begun where the ring is holds nothing, and is no trouble',
      recordings: [pulse(51)],
      async holds(connection) {
        const at = connection.clock.now()
        expect(pulseIn(await connection.pull(['metrics'], { from: at - 3 * day, to: at + day }))).toBe(51)
      },
      mistakes: [
        {
          mistake: 'its 404 is taken for trouble',
          spoil: (provider) => rehttp(provider, 'metrics', (path, query) => [path, query]),
        },
      ],
    },
    {
      fact: 'a night has its stages in their places',
      recordings: [nap(ago(2 * day))],
      async holds(connection) {
        const { start = 0, parts = [] } = (await connection.pull()).of('sleep')[0] ?? {}
        expect(parts.map((part) => [part.label, part.start - start, part.end - start])).toEqual([['light', 0, hour]])
      },
      mistakes: [
        {
          mistake: 'seconds are taken for milliseconds',
          spoil: (provider) =>
            retell(provider, 'metrics', (told) =>
              told.kind === 'session'
                ? { ...told, parts: told.parts.map((part) => ({ ...part, start: part.start / 1_000 })) }
                : told,
            ),
        },
      ],
    },
  ],
  faults: [
    {
      mistake: 'the secret of the app is sent in the header',
      seenBy: 'signs in',
      spoil: (provider) => withAuth(provider, { client: 'basic' }),
    },
    {
      mistake: 'a type is known by one spelling only',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        withFeed(provider, 'metrics', ({ read }) => ({
          read: (record, context) => ((record as Item).type === 'Sleep' ? [] : read(record, context)),
        })),
    },
    {
      mistake: 'a variability that nobody named is taken for RMSSD',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'metrics', (record) => {
          const item = record as Item
          return item.type === 'hrv' ? { ...item, type: 'hr' } : item
        }),
    },
    {
      mistake: 'a day has one sleep, so that a nap takes the place of the night',
      seenBy: 'brings a fortnight',
      spoil: (provider) => misread(provider, 'metrics', (record) => ({ ...(record as Item), nth: undefined })),
    },
    {
      mistake: 'days are those of UTC',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        withFeed(provider, 'metrics', ({ fetch }) => ({
          fetch: (http, window, context) => {
            if (!fetch) throw new Error('it cannot be asked')
            return fetch(http, window, { ...context, timeZone: 'UTC' })
          },
        })),
    },
    {
      mistake: 'one call is taken for the whole stretch',
      seenBy: 'brings a fortnight',
      spoil: (provider) => reask(provider, 'metrics', { query: () => ({ date: '2026-11-10' }) }),
    },
    {
      mistake: 'what the list is wrapped in is taken for it',
      seenBy: 'brings a fortnight',
      spoil: (provider) => reask(provider, 'metrics', { body: () => ({ data: [] }) }),
    },
    {
      mistake: 'mg/dL are taken for mmol/L',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        retell(provider, 'metrics', (told) =>
          told.kind === 'series' && told.metric === 'blood_glucose' ? { ...told, unit: 'mmol/L' } : told,
        ),
    },
    {
      mistake: 'seconds of a stage are taken for minutes',
      seenBy: 'brings a fortnight',
      spoil: changed('Sleep', ({ sleep_stages, ...rest }) => ({
        ...rest,
        sleep_stages: (sleep_stages as { stage_time: number }[]).map((stage) => ({
          ...stage,
          stage_time: stage.stage_time * 60,
        })),
      })),
    },
    {
      mistake: 'nothing before the cursor is looked at again',
      seenBy: 'brings what came late',
      spoil: (provider) => withFeed(provider, 'metrics', () => ({ lookBackDays: 0 })),
    },
  ],
})
