/** How the person is, day by day: fitness that grows through the block, tiredness from what they did, illness, jet lag, a little of everything else. */
import type { Calendar, CalendarDay } from './calendar.ts'
import { addDays } from './local-time.ts'
import { randomFor } from './random.ts'

export interface Body {
  /** Beats a minute, at rest in the morning. */
  restingHeartRate: number
  /** RMSSD of the night, ms. */
  hrv: number
  /** Breaths a minute asleep. */
  breathing: number
  /** Per cent. */
  oxygen: number
  /** °C from the usual. */
  warmth: number
  /** 0–1. */
  fitness: number
  /** 0–1. */
  strain: number
  /** kg. */
  weight: number
  fatPercent: number
  /** mmHg. */
  systolic: number
  diastolic: number
}

export function bodyOn(calendar: Calendar, date: string, seed: number): Body {
  const day = calendar.day(date)
  const wave = slowNoise(seed, 'body', date)
  const fitness = fitnessOn(day)
  const strain = strainOn(calendar, day)
  const lag = day.jetLag === null ? 0 : Math.max(0, 1 - day.jetLag / 5)
  const { illness } = day
  const random = randomFor(seed, 'body', date)
  const season = Math.cos((2 * Math.PI * day.index) / 365)
  return {
    restingHeartRate: 57 - 5 * fitness + 3 * strain + 13 * illness + 2.5 * lag + 1.6 * wave + random.around(0, 0.7),
    hrv: Math.max(
      14,
      (46 + 17 * fitness - 9 * strain) * (1 - 0.48 * illness) * (1 - 0.2 * lag) * (1 + 0.09 * wave) +
        random.around(0, 3),
    ),
    breathing: 14.1 + 3.1 * illness + 0.3 * strain + 0.25 * wave,
    oxygen: 96.7 - 1.8 * illness + 0.3 * wave,
    warmth: 1.5 * illness + 0.16 * wave + 0.1 * lag + random.around(0, 0.07),
    fitness,
    strain,
    weight: 74.6 + 1.3 * season - 1.7 * fitness - 0.9 * illness + 0.35 * wave,
    fatPercent: 19.2 + 0.8 * season - 2.6 * fitness + 0.15 * wave,
    systolic: 121 - 4 * fitness + 4 * strain + 3 * illness + 2.5 * wave,
    diastolic: 77 - 2 * fitness + 2 * strain + 1.5 * wave,
  }
}

function fitnessOn({ phase, blockWeek, index, illness }: CalendarDay): number {
  const base = 0.3 + 0.1 * Math.sin(index / 40)
  const built = Math.min(1, base + 0.055 * blockWeek)
  if (phase === 'build') return built - 0.05 * illness
  if (phase === 'taper' || phase === 'race') return Math.min(1, built + 0.03)
  if (phase === 'recovery') return 0.9
  return blockWeek > 12 ? Math.max(0.55, 0.95 - 0.04 * (blockWeek - 12)) : base - 0.12 * illness
}

/** Most in the hard weeks of the block, gone in the taper: every fourth week is easy. */
function strainOn(calendar: Calendar, { phase, blockWeek, date }: CalendarDay): number {
  if (phase === 'taper') return 0.15
  if (phase === 'recovery') return 0.5
  const weekend = calendar.day(addDays(date, -1)).weekday >= 5 ? 0.25 : 0
  if (phase === 'build') return (blockWeek % 4 === 3 ? 0.2 : 0.35 + 0.03 * blockWeek) + weekend
  return 0.15 + weekend / 2
}

/** −1 to 1, a day like the day before: what one cannot put a name to. */
function slowNoise(seed: number, name: string, date: string): number {
  let sum = 0
  let weight = 0
  for (let back = 0, share = 1; back < 5; back++, share *= 0.7) {
    sum += share * randomFor(seed, name, 'slow', addDays(date, -back)).between(-1, 1)
    weight += share
  }
  return (sum / weight) * 1.8
}
