/** That what came through the connector is what the person's things measured. */
import type { Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'
import { expect } from 'vitest'
import { dateOf } from '../kit/tell.ts'
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
import type { Shelf } from '../kit/testing/test-shelf.ts'

const hour = 3_600_000
const whole = (t: number) => Math.floor(t / 1_000) * 1_000

/** Stockholm is an hour east of UTC all fortnight. */
const dateAt = (t: number) => dateOf(t, 60)

const when = ({ start, end, offset }: SessionReading) => [whole(start), whole(end), offset]

const byWholeSeconds = (values: ReadonlyMap<number, number>) => new Map([...values].map(([t, v]) => [whole(t), v]))

export function compare(shelf: Shelf, recordings: readonly Recording[]): void {
  sameWorkouts(shelf, recordings)
  const nights = sessionsIn(recordings, 'sleep').filter(({ isNap }) => !isNap)
  sameNights(shelf, recordings, nights)
  sameRecharges(shelf, recordings, nights)
  sameSteps(shelf, recordings)
  samePulse(shelf, recordings)
  expect(differences(byWholeSeconds(valuesIn(recordings, 'vo2max')), shelf.values.get('vo2max'), 0.51)).toEqual([])
}

/** By date and by minute. */
function sameSteps(shelf: Shelf, recordings: readonly Recording[]): void {
  const days = new Map<string, number>()
  const minutes = new Map<number, number>()
  for (const [t, v] of valuesIn(recordings, 'steps')) {
    days.set(dateAt(t), (days.get(dateAt(t)) ?? 0) + Math.round(v))
    const at = Math.floor(t / 60_000) * 60_000
    if (v) minutes.set(at, (minutes.get(at) ?? 0) + Math.round(v))
  }
  expect(differences(days, shelf.days.get('steps'), 0.5), 'days').toEqual([])
  expect(differences(minutes, shelf.values.get('steps'), 0.5), 'minutes').toEqual([])
}

/** Outside workouts, the first of every five minutes. */
function samePulse(shelf: Shelf, recordings: readonly Recording[]): void {
  const beats = valuesIn(recordings, 'heart_rate')
  const firsts = new Map<number, number>()
  for (const t of beats.keys()) if (!firsts.has(Math.floor(t / 300_000))) firsts.set(Math.floor(t / 300_000), t)
  const told = shelf.values.get('heart_rate')
  const lost = [...firsts.values()].filter((t) => told?.get(t) !== Math.round(beats.get(t) ?? 0))
  expect(lost).toEqual([])
}

function sameWorkouts(shelf: Shelf, recordings: readonly Recording[]): void {
  const workouts = sessionsIn(recordings, 'workout')
  const told = shelf.of('workout')
  expect(told.map(when)).toEqual(workouts.map(when))
  const beats = valuesIn(recordings, 'heart_rate')
  for (const [i, { totals, track, start, end, activity, parts }] of workouts.entries()) {
    const one = told[i] as SessionReading
    const { distance, energy_active = 0, heart_rate_avg, heart_rate_max, elevation_gain } = totals
    const said = new Map([...figures(one.totals)].filter(([name]) => !/^(duration|training_load)$/.test(name)))
    const measured = figures({ distance, energy_active, heart_rate_avg, heart_rate_max, elevation_gain })
    expect(differences(measured, said, 0.51)).toEqual([])
    expect(one.activity).toBe(activity)
    expect(Math.round((one.track?.t[0] ?? 0) / 1_000)).toBe(Math.round((track?.t[0] ?? 0) / 1_000))
    expect(one.track?.t.length ?? 0).toBe(track?.t.length ?? 0)
    expect(one.parts.filter(({ kind }) => kind === 'lap').map((lap) => lap.end - lap.start)).toEqual(
      parts.filter(({ kind }) => kind === 'lap').map((lap) => lap.end - lap.start),
    )
    const pulse = [...(shelf.values.get('heart_rate') ?? [])].filter(([t]) => t >= start && t <= end)
    expect(pulse.length).toBeGreaterThanOrEqual(between(beats, start, end).length * 0.9)
    for (const [t, v] of pulse) expect(between(beats, t - 10_999, t + 999).map(Math.round)).toContain(v)
  }
}

function sameNights(shelf: Shelf, recordings: readonly Recording[], nights: readonly SessionReading[]): void {
  const told = shelf.of('sleep')
  expect(told.map(when)).toEqual(nights.map(when))
  const scores = daysIn(recordings, 'sleep_score')
  for (const [i, { parts, end }] of nights.entries()) {
    const one = told[i] as SessionReading
    const stages = Object.fromEntries(
      ['light', 'deep', 'rem'].map((label) => [`sleep_${label}`, secondsOf(parts, label)]),
    )
    const measured = {
      ...stages,
      sleep_total: Object.values(stages).reduce((sum, seconds) => sum + seconds, 0),
      sleep_score: scores.get(dateAt(end)),
    }
    const said = Object.fromEntries(Object.keys(measured).map((name) => [name, one.totals[name]]))
    expect(differences(figures(measured), figures(said), 0.51)).toEqual([])
    for (const label of ['light', 'deep', 'rem', 'awake'])
      expect(secondsOf(one.parts, label)).toBeCloseTo(secondsOf(parts, label), 0)
  }
}

/** Of four hours, from half an hour after falling asleep. */
function sameRecharges(shelf: Shelf, recordings: readonly Recording[], nights: readonly SessionReading[]): void {
  for (const [metric, within] of [
    ['hrv_rmssd', 0.51],
    ['respiratory_rate', 0.01],
  ] as const) {
    const values = valuesIn(recordings, metric)
    const means = nights.flatMap(({ start, end }): [string, number][] => {
      const inIt = between(values, start + hour / 2, Math.min(end, start + 4.5 * hour) - 1)
      return inIt.length ? [[dateAt(end), meanOf(inIt)]] : []
    })
    expect(differences(new Map(means), shelf.days.get(metric), within), metric).toEqual([])
    const moments = nights.flatMap(({ start, end }) =>
      [...values].filter(([t]) => t >= start + hour / 2 && t < Math.min(end, start + 4.5 * hour)),
    )
    const grid = new Map(moments.map(([t, v]) => [whole(t), v]))
    expect(differences(grid, shelf.values.get(metric), 0.51), metric).toEqual([])
  }
}
