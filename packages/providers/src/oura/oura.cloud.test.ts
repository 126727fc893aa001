import { clouds, type Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'
import { expect } from 'vitest'
import { dateOf } from '../kit/tell.ts'
import { matchCloud } from '../kit/testing/test-cloud-checks.ts'
import {
  between,
  daysIn,
  differences,
  figures,
  meanOf,
  secondsOf,
  sessionsIn,
  valuesIn,
} from '../kit/testing/test-cloud-match.ts'
import { credulous, forgetful, misread, reask, retell, withAuth, withFeed } from '../kit/testing/test-mistakes.ts'
import type { Shelf } from '../kit/testing/test-shelf.ts'
import { oura } from './index.ts'
import { cases } from './test-cases.ts'

const now = '2026-11-10T12:04:00Z'
const hour = 3_600_000
const device = { name: 'Oura Ring Gen3', manufacturer: 'Oura', model: 'Ring Gen3', serial: 'A2-7731' }
const ago = (ms: number) => Date.parse(now) - ms
const whole = (t: number) => Math.floor(t / 1_000) * 1_000
const stageNames = ['sleep_light', 'sleep_deep', 'sleep_rem'] as const

/** Stockholm is an hour east of UTC all fortnight; a day of activity goes from four to four. */
const dateAt = (t: number) => dateOf(t, 60)
const activityDate = (t: number) => dateOf(t - 4 * hour, 60)

function compare(shelf: Shelf, recordings: readonly Recording[]): void {
  const nights = sessionsIn(recordings, 'sleep')
  const told = shelf.of('sleep')
  const [heart, hrv, breath, spo2] = ['heart_rate', 'hrv_rmssd', 'respiratory_rate', 'spo2'].map((metric) =>
    valuesIn(recordings, metric),
  ) as [Map<number, number>, Map<number, number>, Map<number, number>, Map<number, number>]
  expect(told.map(({ start, end, offset }) => [start, end, offset])).toEqual(
    nights.map(({ start, end, offset }) => [whole(start), whole(end), offset]),
  )
  const variability = new Map<string, number>()
  const oxygen = new Map<string, number>()
  for (const [i, night] of nights.entries()) {
    const one = told[i] as SessionReading
    const { start, end, parts } = night
    const stages = Object.fromEntries(stageNames.map((name) => [name, secondsOf(parts, name.slice('sleep_'.length))]))
    const asleep = Object.values(stages).reduce((sum, seconds) => sum + seconds, 0)
    const beats = between(heart, start, end - 1)
    const figuresOf = (totals: SessionReading['totals']) =>
      figures(
        Object.fromEntries(
          [...stageNames, 'sleep_total', 'sleep_time_in_bed', 'sleep_heart_rate_avg', 'sleep_heart_rate_min'].map(
            (name) => [name, totals[name]],
          ),
        ),
      )
    const measured = {
      ...stages,
      sleep_total: asleep,
      sleep_time_in_bed: (end - start) / 1_000,
      ...(beats.length ? { sleep_heart_rate_avg: meanOf(beats), sleep_heart_rate_min: Math.min(...beats) } : {}),
    }
    expect(differences(figuresOf(measured), figuresOf(one.totals), 1)).toEqual([])
    // Rows of thirty seconds cannot be nearer to the truth than that.
    for (const name of ['light', 'deep', 'rem'])
      expect(Math.abs(secondsOf(one.parts, name) - secondsOf(parts, name))).toBeLessThanOrEqual(15 * parts.length)
    if (!night.isNap && asleep > 10_800 && between(hrv, start, end).length)
      variability.set(dateAt(end), meanOf(between(hrv, start, end - 1)))
    if (!night.isNap && between(spo2, start, end).length) oxygen.set(dateAt(end), meanOf(between(spo2, start, end - 1)))
  }
  expect(differences(variability, shelf.days.get('hrv_rmssd'), 0.5), 'hrv').toEqual([])
  expect(differences(oxygen, shelf.days.get('spo2'), 0.01), 'spo2').toEqual([])
  for (const metric of ['sleep_score', 'readiness_score'])
    expect(differences(daysIn(recordings, metric), shelf.days.get(metric), 0.5), metric).toEqual([])
  sameDays(shelf, recordings)
  sameWorkouts(shelf, recordings)
  sameHeart(shelf, heart, nights)
  expect(breath.size).toBeGreaterThan(0)
}

function sameDays(shelf: Shelf, recordings: readonly Recording[]): void {
  const active = valuesIn(recordings, 'energy_active')
  for (const metric of ['steps', 'energy_active']) {
    const sums = new Map([...active.keys()].map((t) => [activityDate(t), 0]))
    for (const [t, v] of valuesIn(recordings, metric)) sums.set(activityDate(t), (sums.get(activityDate(t)) ?? 0) + v)
    expect(differences(sums, shelf.days.get(metric), 0.5), metric).toEqual([])
  }
  const warmth = daysIn(recordings, 'skin_temperature_deviation')
  expect(differences(warmth, shelf.days.get('skin_temperature_deviation')), 'warmth').toEqual([])
}

function sameWorkouts(shelf: Shelf, recordings: readonly Recording[]): void {
  const shown = ({ start, end, offset, title }: SessionReading) => [whole(start), whole(end), offset, title]
  expect(shelf.of('workout').map(shown)).toEqual(sessionsIn(recordings, 'workout').map(shown))
}

/** Every five minutes the value of that moment; and in each night means of five minutes from its start on. */
function sameHeart(shelf: Shelf, heart: ReadonlyMap<number, number>, nights: readonly SessionReading[]): void {
  const measured = new Map<number, number>()
  const seen = new Set<number>()
  for (const [t, v] of heart) {
    const grid = Math.floor(t / 300_000)
    if (seen.has(grid)) continue
    seen.add(grid)
    if (t >= ago(14 * 24 * hour)) measured.set(whole(t), v)
  }
  const said = new Map(shelf.values.get('heart_rate'))
  for (const { start, end } of nights)
    for (let t = start + 300_000; t < end; t += 300_000) {
      const value = said.get(whole(t))
      const beats = between(heart, t, t + 299_999)
      if (!beats.length || measured.has(whole(t))) continue
      expect(value, `at ${new Date(t).toISOString()}`).toBeCloseTo(meanOf(beats), 0)
      said.delete(whole(t))
    }
  const lost = differences(measured, said, 0.5).filter((one) => !one.includes('never measured'))
  expect(lost.slice(0, 3)).toEqual([])
}

/** A night of four hours with two stages. */
function night(key: string, start: number, deepMinutes = 60): Recording {
  const turn = start + deepMinutes * 60_000
  const session: SessionReading = {
    kind: 'session',
    type: 'sleep',
    start,
    end: start + 4 * hour,
    offset: 60,
    externalId: key,
    totals: {},
    parts: [
      { kind: 'stage', label: 'deep', start, end: turn },
      { kind: 'stage', label: 'light', start: turn, end: start + 4 * hour },
    ],
  }
  return { key, device, readings: [session] }
}

const late = night('late', ago(3 * 24 * hour + 11 * hour))
const deep = (shelf: Shelf) => shelf.of('sleep').map(({ totals }) => totals['sleep_deep'])
const noOffset = (text: unknown) => `${String(text).slice(0, 19)}Z`
type Items = { items: (number | null)[] }

matchCloud({
  provider: oura,
  make: clouds.oura,
  now,
  compare,
  pages: {
    feed: 'sleep',
    recordings: Array.from({ length: 60 }, (_, i) => night(`night ${i}`, ago((i + 1) * 5 * hour))),
    asks: /usercollection\/sleep\?/,
    atLeast: 2,
    count: (shelf) => shelf.sessions.size,
  },
  late: { feeds: ['sleep'], recording: late, arrived: (shelf) => shelf.sessions.size === 1 },
  corrected: {
    feeds: ['sleep'],
    first: late,
    second: night('late', ago(3 * 24 * hour + 11 * hour), 90),
    tell: deep,
    now: [5_400],
  },
  limit: { limits: [4, 1e6], feed: 'sleep', waitMs: 300_000 },
  scope: { choice: { without: ['workout'] }, feed: 'workout' },
  notices: { recording: late, feed: 'sleep', signature: 'x-oura-signature', staleMs: 7_200_000 },
  oldRefreshToken: 'refused',
  cases,
  faults: [
    {
      mistake: 'the refresh token that comes back is not kept',
      seenBy: 'stays connected through many refreshes',
      spoil: forgetful,
    },
    {
      mistake: 'scopes are joined with a comma',
      seenBy: 'signs in',
      spoil: (provider) => withAuth(provider, { scopeSeparator: ',' }),
    },
    {
      mistake: 'the last date is the day that it is, and today is left out',
      seenBy: 'brings a fortnight',
      spoil: (provider) => reask(provider, 'sleep', { query: (query) => ({ ...query, end_date: now.slice(0, 10) }) }),
    },
    {
      mistake: 'a bedtime’s offset is dropped',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'sleep', (record) => {
          const { bedtime_start, bedtime_end, ...rest } = record as Record<string, unknown>
          return { ...rest, bedtime_start: noOffset(bedtime_start), bedtime_end: noOffset(bedtime_end) }
        }),
    },
    {
      mistake: 'missing values are skipped, and the others move up',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        misread(provider, 'sleep', (record) => {
          const row = record as { heart_rate: Items }
          return { ...row, heart_rate: { ...row.heart_rate, items: row.heart_rate.items.filter((v) => v !== null) } }
        }),
    },
    {
      mistake: 'RMSSD is taken for SDNN',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        retell(provider, 'sleep', (told) =>
          told.kind === 'day' && told.metric === 'hrv_rmssd' ? { ...told, metric: 'hrv_sdnn' } : told,
        ),
    },
    {
      mistake: 'the times of pulses are taken for local ones',
      seenBy: 'brings a fortnight',
      spoil: (provider) =>
        retell(provider, 'heartrate', (told) => (told.kind === 'sample' ? { ...told, t: told.t - hour } : told)),
    },
    {
      mistake: 'a day has one sleep',
      seenBy: 'reads every page',
      spoil: (provider) =>
        misread(provider, 'sleep', (record) => {
          const row = record as { day: string }
          return { ...row, id: row.day }
        }),
    },
    {
      mistake: 'the mark of the next page is not followed',
      seenBy: 'reads every page',
      spoil: (provider) => reask(provider, 'sleep', { body: (body) => ({ ...(body as object), next_token: null }) }),
    },
    {
      mistake: 'nothing before the cursor is looked at again',
      seenBy: 'brings what came late',
      spoil: (provider) => withFeed(provider, 'sleep', () => ({ lookBackDays: 0 })),
    },
    {
      mistake: 'what was asked for is taken for what was granted',
      seenBy: 'knows a missing scope from a dead token',
      spoil: (provider) => withAuth(provider, { scopesOfRedirect: undefined }),
    },
    { mistake: 'a signature is not looked at', seenBy: 'believes only its brand', spoil: credulous },
  ],
})
