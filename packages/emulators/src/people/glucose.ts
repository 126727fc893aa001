/** A glucose sensor on the arm: every five minutes, day and night, up after meals and down with movement. Worn by somebody without diabetes. */
import { makeCalendar } from './calendar.ts'
import type { DemoYearOptions } from './demo-year.ts'
import { type Episode, layEpisodes } from './episodes.ts'
import { dayMs, hourMs, localDate, minuteMs, offsetAt } from './local-time.ts'
import { Notebook, type Notes, round } from './notebook.ts'
import { randomFor } from './random.ts'

const everyMs = 5 * minuteMs
/** A sensor lasts ten days; the next one needs half an hour before it says anything. */
const sensorMs = 10 * dayMs
const warmUpMs = 30 * minuteMs
/** mmol/L. */
const fasting = 5
const least = 3.6

/** Something that lifts the glucose, or lowers it, and passes. */
interface Wave {
  from: number
  /** mmol/L at its highest. */
  height: number
  /** ms until then. */
  peak: number
}

interface Meal extends Wave {
  grams: number
}

/** The glucose of the last days, and what was entered of what was eaten. */
export function glucoseOf({ until, timeZone, seed = 0, days = 14 }: DemoYearOptions): Notes {
  const calendar = makeCalendar(timeZone, localDate(timeZone, until), seed)
  const notes = new Notebook(until)
  let waves: Wave[] = []
  for (const episode of layEpisodes(calendar, seed)) {
    if (episode.night.from > until) break
    if (episode.bed < until - days * dayMs) continue
    const meals = mealsOf(episode, seed)
    waves = [...waves.filter(({ from }) => from > episode.night.from - dayMs), ...meals, ...movesOf(episode)]
    enter(notes, episode, meals, seed)
    measure(notes, episode, waves, seed)
  }
  return notes.take()
}

function measure(notes: Notebook, { night, wake, bed, zoneAt, day }: Episode, waves: Wave[], seed: number) {
  const random = randomFor(seed, 'glucose', day.date)
  let drift = 0
  for (let t = Math.ceil(night.from / everyMs) * everyMs; t < bed; t += everyMs) {
    drift = 0.92 * drift + random.around(0, 0.06)
    if (t % sensorMs < warmUpMs) continue
    const dawn = 0.5 * Math.exp(-(((t - wake) / (1.5 * hourMs)) ** 2))
    const lifted = waves.reduce((sum, wave) => sum + heightAt(wave, t), 0)
    const value = Math.max(least, fasting + 0.8 * day.illness + dawn + lifted + drift)
    notes.add('blood_glucose', t, round(value, 2), offsetAt(t < wake ? night.zone : zoneAt(t), t))
  }
}

/** Rises, then falls more slowly. */
function heightAt({ from, height, peak }: Wave, t: number): number {
  const x = (t - from) / peak
  return x <= 0 || x > 8 ? 0 : height * x ** 1.6 * Math.exp(1.6 * (1 - x))
}

function mealsOf({ day, wake, bed }: Episode, seed: number): Meal[] {
  const random = randomFor(seed, 'meals', day.date)
  const appetite = 1 - 0.4 * day.illness
  const meals: Meal[] = []
  for (const [hours, usual] of [
    [0.7, 55],
    [5.7, 70],
    [9, 25],
    [12.4, 80],
  ] as const) {
    const from = wake + Math.round(random.around(hours * 60, 14)) * minuteMs
    const grams = Math.max(10, Math.round(random.around(usual, 14) * appetite))
    const peak = Math.round(random.around(52, 7)) * minuteMs
    if (from < bed - hourMs && !(usual < 30 && random.chance(0.4)))
      meals.push({ from, grams, peak, height: grams * random.between(0.026, 0.042) })
  }
  return meals
}

/** Muscles take it up: on walks a little, in training more. */
const movesOf = ({ stretches }: Episode): Wave[] =>
  stretches.flatMap(({ doing, from, to }) => {
    const minutes = (to - from) / minuteMs
    const height = doing === 'workout' ? -0.9 : doing === 'walk' && minutes > 8 ? -0.35 : 0
    return height ? [{ from, height, peak: Math.max(15, minutes * 0.7) * minuteMs }] : []
  })

/** Not every meal is entered, and grams are rounded as people round. */
function enter(notes: Notebook, { day, zoneAt }: Episode, meals: readonly Meal[], seed: number): void {
  const random = randomFor(seed, 'entries', day.date)
  for (const { from, grams } of meals)
    if (random.chance(0.7))
      notes.add('carbohydrates_intake', from, 5 * Math.round(grams / 5), offsetAt(zoneAt(from), from), 0, 'manual')
}
