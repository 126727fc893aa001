import { clouds, type Recording } from '@tributary/emulators/clouds'
import { expect } from 'vitest'
import type { Provider } from '../kit/provider.ts'
import { matchCloud } from '../kit/testing/test-cloud-checks.ts'
import { differences, valuesIn } from '../kit/testing/test-cloud-match.ts'
import { forgetful, misread, reask, retell, withFeed } from '../kit/testing/test-mistakes.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { dexcom } from './index.ts'
import { cases } from './test-cases.ts'

const now = '2026-11-10T12:04:00Z'
const hour = 3_600_000
const day = 24 * hour
const device = { name: 'Dexcom G7', manufacturer: 'Dexcom', model: 'G7', serial: 'G7-1' }
const ago = (ms: number) => Date.parse(now) - ms
const whole = (t: number) => Math.floor(t / 1_000) * 1_000

/** Every five minutes; meals lift it, nights lower it. In mmol/L, between what the sensor can tell. */
function sensor(key: string, from: number, to: number, lift = 0): Recording {
  const n = Math.floor((to - from) / 300_000)
  const t = Float64Array.from({ length: n }, (_, i) => from + i * 300_000)
  const v = t.map((at) => 6.2 + lift + 1.8 * Math.sin((at / day) * 6.283) + 0.9 * Math.sin((at / hour) * 1.7))
  return { key, device, readings: [{ kind: 'series', metric: 'blood_glucose', t, v }] }
}

/** Dexcom holds back three hours outside of the United States. */
const heldBackMs = 3 * hour

/** Of whole mg/dL. */
const half = 0.5 / 18

function compare(shelf: Shelf, recordings: readonly Recording[]): void {
  expect(shelf.things.get('g7')?.seen).toBe(Math.max(...(shelf.values.get('blood_glucose')?.keys() ?? [])))
  const given = [...valuesIn(recordings, 'blood_glucose')].filter(([t]) => t >= ago(14 * day) && t <= ago(heldBackMs))
  expect(given.length).toBeGreaterThan(3_900)
  const measured = new Map(given.map(([t, v]) => [whole(t), v]))
  expect(differences(measured, shelf.values.get('blood_glucose'), half).slice(0, 5)).toEqual([])
}

const late = sensor('late', ago(40 * hour), ago(39 * hour))
const first = (shelf: Shelf) => {
  const [value] = shelf.values.get('blood_glucose')?.values() ?? []
  return value === undefined ? undefined : Math.round(value * 10) / 10
}
const level = (key: string, value: number): Recording => ({
  key,
  device,
  readings: [{ kind: 'sample', metric: 'blood_glucose', t: ago(30 * hour), value }],
})

/** One entry of each kind. */
const entries = (t: number): Recording => ({
  key: 'entries',
  device,
  readings: [
    { kind: 'sample', metric: 'carbohydrates_intake', t, value: 42 },
    { kind: 'sample', metric: 'insulin_delivery', t: t + 300_000, value: 3.5 },
    { kind: 'event', metric: 'blood_glucose', start: t + 600_000, value: { value: 6 } },
    { kind: 'event', metric: 'symptom', start: t + 1_200_000, value: { value: 'illness' } },
    {
      kind: 'session',
      type: 'workout',
      activity: 'other',
      start: t + hour,
      end: t + 1.5 * hour,
      externalId: 'walk',
      totals: {},
      parts: [],
    },
  ],
})

const withoutId = (provider: Provider): Provider =>
  retell(provider, 'events', (told) => {
    if (told.kind !== 'sample') return told
    const { recordId: _, ...rest } = told
    return rest
  })

matchCloud({
  provider: dexcom,
  make: clouds.dexcom,
  now,
  recordings: [sensor('fortnight', ago(14 * day) + 60_000, ago(0))],
  compare,
  late: { feeds: ['egvs'], recording: late, arrived: (shelf) => shelf.values.get('blood_glucose')?.size === 12 },
  corrected: { feeds: ['egvs'], first: level('one', 6), second: level('one', 7), tell: first, now: 7 },
  entries: { feeds: ['events'], first: entries(ago(30 * hour)), moved: entries(ago(27 * hour)) },
  limit: { limits: [3], feed: 'egvs', waitMs: undefined }, // nothing is said
  oldRefreshToken: 'refused',
  cases,
  faults: [
    {
      mistake: 'the refresh token that comes back is not kept',
      seenBy: 'stays connected through many refreshes',
      spoil: forgetful,
    },
    {
      mistake: 'mg/dL are taken for mmol/L',
      seenBy: 'brings a fortnight',
      spoil: (provider) => misread(provider, 'egvs', (record) => ({ ...(record as object), unit: 'mmol/L' })),
    },
    {
      mistake: 'the clock that the person saw is read as UTC',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'egvs', (record) => ({
          ...(record as object),
          systemTime: (record as { displayTime: string }).displayTime,
        })),
    },
    {
      mistake: 'the window is in local time',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        reask(provider, 'egvs', {
          query: ({ startDate, ...query }) => ({
            ...query,
            startDate: new Date(Date.parse(`${startDate}Z`) + hour).toISOString().slice(0, 19),
          }),
        }),
    },
    {
      mistake: 'an instant with its Z is asked for',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        reask(provider, 'egvs', { query: ({ endDate, ...query }) => ({ ...query, endDate: `${endDate}Z` }) }),
    },
    {
      mistake: 'more than thirty days are asked for at once',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        reask(provider, 'egvs', { query: (query) => ({ ...query, startDate: '2026-09-01T00:00:00' }) }),
    },
    {
      mistake: 'the speed of the change is taken for the glucose',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        retell(provider, 'egvs', (told) =>
          told.kind === 'sample' && told.metric === 'glucose_trend_rate'
            ? { ...told, metric: 'blood_glucose', unit: 'mg/dL' }
            : told,
        ),
    },
    {
      mistake: 'values that were entered have no id, so that a moved one stays where it was',
      seenBy: 'moves what was moved',
      spoil: withoutId,
    },
    {
      mistake: 'values that were entered have no id, so that a deleted one stays',
      seenBy: 'lets go of what was deleted',
      spoil: withoutId,
    },
    {
      mistake: 'a deleted entry is read like any other',
      seenBy: 'lets go of what was deleted',
      spoil: (provider) => misread(provider, 'events', (record) => ({ ...(record as object), eventStatus: 'created' })),
    },
    {
      mistake: 'nothing before the cursor is looked at again',
      seenBy: 'brings what came late',
      spoil: (provider) => withFeed(provider, 'egvs', () => ({ lookBackDays: 0 })),
    },
  ],
})
