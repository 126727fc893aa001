import { clouds, type Recording } from '@tributary/emulators/clouds'
import type { SessionPart, SessionReading } from '@tributary/protocol'
import { expect } from 'vitest'
import { dateOf } from '../kit/tell.ts'
import { matchCloud } from '../kit/testing/test-cloud-checks.ts'
import { differences, sessionsIn, valuesIn } from '../kit/testing/test-cloud-match.ts'
import { altered, credulous, misread, obliging, retell, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { withings } from './index.ts'
import { cases } from './test-cases.ts'

const now = '2026-11-10T12:04:00Z'
const hour = 3_600_000
const day = 24 * hour
const device = { name: 'Withings Body Comp', manufacturer: 'Withings', model: 'Body Comp', serial: '9f1c' }
const ago = (ms: number) => Date.parse(now) - ms
const whole = (t: number) => Math.floor(t / 1_000) * 1_000

/** Stockholm is an hour east of UTC all fortnight. */
const dateAt = (t: number) => dateOf(t, 60)

/** Grams, hundredths of a per cent: what a measure's power of ten can say. */
const measured = [
  ['body_mass', 0.0005],
  ['body_fat', 0.005],
  ['muscle_mass', 0.0005],
  ['bone_mass', 0.0005],
] as const

function compare(shelf: Shelf, recordings: readonly Recording[]): void {
  for (const [metric, within] of measured) {
    const values = [...valuesIn(recordings, metric)].filter(([t]) => t >= ago(14 * day))
    expect(values.length, metric).toBeGreaterThan(0)
    expect(
      differences(new Map(values.map(([t, v]) => [whole(t), v])), shelf.values.get(metric), within),
      metric,
    ).toEqual([])
  }
  const masses = valuesIn(recordings, 'body_mass')
  const waters = [...valuesIn(recordings, 'body_water')].filter(([t]) => t >= ago(14 * day))
  const kilograms = new Map(waters.map(([t, percent]) => [whole(t), ((masses.get(t) ?? 0) * percent) / 100]))
  expect(differences(kilograms, shelf.values.get('body_water_mass'), 0.0006), 'water').toEqual([])
  const pressures = recordings
    .flatMap(({ readings }) => readings.filter((one) => one.kind === 'event'))
    .filter(({ start }) => start >= ago(14 * day))
    .map(({ start, value }) => [whole(start), value['systolic'], value['diastolic']])
  const told = [...shelf.events.values()].map((one) =>
    one.kind === 'event' ? [one.start, one.value['systolic'], one.value['diastolic']] : [],
  )
  expect(told.sort(byTime)).toEqual(pressures.sort(byTime))
  for (const metric of ['steps', 'floors_climbed'])
    expect(differences(sums(recordings, metric), shelf.days.get(metric), 0.5), metric).toEqual([])
  const distance = sums(recordings, 'distance_walking_running')
  expect(differences(distance, shelf.days.get('distance'), 0.06), 'distance').toEqual([])
  const when = ({ start, end, offset }: SessionReading) => [whole(start), whole(end), offset]
  expect(shelf.of('sleep').map(when)).toEqual(sessionsIn(recordings, 'sleep').map(when))
}

const byTime = ([a]: readonly unknown[], [b]: readonly unknown[]) => Number(a) - Number(b)

/** By date, of every date that has steps. */
function sums(recordings: readonly Recording[], metric: string): Map<string, number> {
  const all = new Map([...valuesIn(recordings, 'steps').keys()].map((t) => [dateAt(t), 0]))
  for (const [t, v] of valuesIn(recordings, metric)) all.set(dateAt(t), (all.get(dateAt(t)) ?? 0) + v)
  return all
}

function weighing(key: string, t: number, value: number): Recording {
  return { key, device, readings: [{ kind: 'sample', metric: 'body_mass', t, value }] }
}

/** Two hours with two stages. */
function night(key: string, start: number, deepMinutes = 60): Recording {
  const turn = start + deepMinutes * 60_000
  const stage = (label: string, from: number, to: number): SessionPart => ({
    kind: 'stage',
    label,
    start: from,
    end: to,
  })
  const session: SessionReading = {
    kind: 'session',
    type: 'sleep',
    start,
    end: start + 2 * hour,
    offset: 60,
    externalId: key,
    totals: {},
    parts: [stage('deep', start, turn), stage('light', turn, start + 2 * hour)],
  }
  return { key, device: { ...device, model: 'Sleep Analyzer', serial: 'c704' }, readings: [session] }
}

interface Said {
  status?: number
}

const first = night('night', ago(2 * day))
const masses = (shelf: Shelf) => shelf.values.get('body_mass')?.size ?? 0
const asStored = (shelf: Shelf) => [
  shelf.of('sleep')[0]?.totals['sleep_deep'],
  shelf.of('sleep')[0]?.totals['sleep_efficiency'],
  shelf.of('sleep')[0]?.parts.map(({ label }) => label),
]

matchCloud({
  provider: withings,
  make: clouds.withings,
  now,
  compare,
  pages: {
    feed: 'measures',
    recordings: Array.from({ length: 230 }, (_, i) => weighing(`w${i}`, ago((i + 1) * hour), 70 + i / 100)),
    asks: /POST \/measure/,
    atLeast: 3,
    count: masses,
  },
  late: {
    feeds: ['measures'],
    recording: weighing('late', ago(5 * day), 71.25),
    arrived: (shelf) => shelf.values.get('body_mass')?.get(ago(5 * day)) === 71.25,
  },
  corrected: {
    feeds: ['sleep'],
    first,
    second: night('night', ago(2 * day), 90),
    tell: asStored,
    now: [5_400, 100, ['deep', 'light']],
  },
  limit: { limits: [3], feed: 'measures', waitMs: 60_000 },
  notices: {
    recording: weighing('new', ago(hour), 71),
    feed: 'measures',
    // The path is the secret: beyond it there is only the form that a notice has.
    forgeries: (post) => [
      altered(post, { body: (text) => text.replace('userid=', 'userid=x') }),
      altered(post, { body: () => '{"userid":1,"appli":1}' }),
    ],
  },
  oldRefreshToken: 'refused',
  cases,
  faults: [
    { mistake: 'anybody is believed', seenBy: 'believes only its brand', spoil: credulous },
    { mistake: 'what anybody posts is followed', seenBy: 'believes only its brand', spoil: obliging },
    {
      mistake: 'the zone of today is taken for that of the day',
      seenBy: 'keeps its hours where clocks change',
      spoil: (provider) =>
        misread(provider, 'workouts', (record) => ({ ...(record as object), timezone: 'Etc/GMT-1' })),
    },
    {
      mistake: 'the action is missing from the token request',
      seenBy: 'signs in',
      spoil: (provider) => withAuth(provider, { tokenParameters: undefined }),
    },
    {
      mistake: 'the token is looked for outside the body',
      seenBy: 'signs in',
      spoil: (provider) => withAuth(provider, { readToken: undefined }),
    },
    {
      mistake: 'scopes are joined with a space',
      seenBy: 'signs in',
      spoil: (provider) => withAuth(provider, { scopeSeparator: ' ' }),
    },
    {
      mistake: 'a refused grant is looked for in the status of HTTP',
      seenBy: 'notices that it was thrown out',
      spoil: (provider) => withAuth(provider, { refusesGrant: undefined }),
    },
    {
      mistake: 'a wrong secret is taken for a refused grant, as it has the same status',
      seenBy: 'a wrong secret of the operator ends nothing',
      spoil: (provider) =>
        withAuth(provider, { refusesApp: () => false, refusesGrant: (_: number, { status }: Said) => status === 503 }),
    },
    {
      mistake: 'the power of ten is passed over',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'measures', (record) => {
          const { measures, ...rest } = record as { measures: { unit: number }[] }
          return { ...rest, measures: measures.map((one) => ({ ...one, unit: 0 })) }
        }),
    },
    {
      mistake: 'the water inside of cells is taken for all of it',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'measures', (record) => {
          const { measures, ...rest } = record as { measures: { type: number }[] }
          return { ...rest, measures: measures.map((one) => (one.type === 169 ? { ...one, type: 77 } : one)) }
        }),
    },
    {
      mistake: 'floors are taken for metres',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        retell(provider, 'activity', (told) =>
          told.kind === 'day' && told.metric === 'floors_climbed' ? { ...told, value: told.value / 3 } : told,
        ),
    },
    {
      mistake: 'a share is taken for per cent',
      seenBy: 'replaces what was corrected',
      spoil: (provider) =>
        retell(provider, 'sleep', (told) => {
          if (told.kind !== 'session') return told
          const { sleep_efficiency = 0, ...totals } = told.totals
          return { ...told, totals: { ...totals, sleep_efficiency: sleep_efficiency / 100 } }
        }),
    },
    {
      mistake: 'seconds are taken for milliseconds',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        retell(provider, 'measures', (told) => (told.kind === 'sample' ? { ...told, t: told.t / 1_000 } : told)),
    },
    {
      mistake: 'the list is taken for whole after its first page',
      seenBy: 'reads every page',
      spoil: (provider) =>
        withFeed(provider, 'measures', ({ fetch }) => ({
          async *fetch(http, window, context) {
            for await (const page of fetch?.(http, window, context) ?? []) {
              yield page
              return
            }
          },
        })),
    },
    {
      mistake: 'nothing before the cursor is looked at again',
      seenBy: 'brings what came late',
      spoil: (provider) => withFeed(provider, 'measures', () => ({ lookBackDays: 0 })),
    },
  ],
})
