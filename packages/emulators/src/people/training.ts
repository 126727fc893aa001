/** What they train on a day: four or five times a week in the block, three otherwise, nothing when ill. */
import type { CalendarDay } from './calendar.ts'
import { randomFor } from './random.ts'

export type Sport = 'running' | 'cycling' | 'swimming_pool' | 'strength'

export interface Plan {
  sport: Sport
  title: string
  /** Minutes after midnight on the clock of the place. */
  at: number
  minutes: number
  /** 0–1. */
  effort: number
  /** So many hard stretches with easy ones between them. */
  intervals: number
  hilly: boolean
}

const evening = 18 * 60 + 20
const morning = 8 * 60 + 50
const early = 7 * 60 + 10

export function planFor(day: CalendarDay, seed: number): Plan | null {
  const random = randomFor(seed, 'training', day.date)
  if (day.illness > 0 || day.flies) return null
  if (day.isAway) return (day.jetLag ?? 9) >= 2 && random.chance(0.5) ? holidayRun(random.between(28, 45)) : null
  if (day.phase === 'race') return { ...run('Half marathon', morning + 70, 101, 0.93), hilly: false }
  const plan = weekly(day, random.next())
  const easyWeek = day.blockWeek % 4 === 3 ? 0.8 : 1
  const skips = { base: 0.12, build: 0.06, taper: 0.15, recovery: 0.6, race: 0 }[day.phase]
  if (!plan || random.chance(skips)) return null
  const share = { base: 0.8, build: 0.85 + 0.025 * day.blockWeek, taper: 0.6, recovery: 0.6, race: 1 }[day.phase]
  return {
    ...plan,
    at: plan.at + Math.round(random.around(0, 9)),
    minutes: plan.minutes * share * easyWeek * random.between(0.9, 1.1),
  }
}

const run = (title: string, at: number, minutes: number, effort: number, intervals = 0): Plan => ({
  sport: 'running',
  title,
  at,
  minutes,
  effort,
  intervals,
  hilly: false,
})

const holidayRun = (minutes: number): Plan => run('Easy run abroad', evening - 30, minutes, 0.5)

/** By the day of the week, Monday first. */
function weekly({ weekday, phase }: CalendarDay, draw: number): Plan | null {
  switch (weekday) {
    case 0:
      return {
        sport: 'strength',
        title: 'Strength',
        at: evening,
        minutes: 48,
        effort: 0.45,
        intervals: 0,
        hilly: false,
      }
    case 1:
      return { sport: 'swimming_pool', title: 'Pool', at: early, minutes: 42, effort: 0.55, intervals: 0, hilly: false }
    case 2:
      return phase === 'build' ? run('Intervals', evening, 52, 0.72, 6) : null
    case 3:
      return { ...run('Evening run', evening, 44, 0.58), hilly: draw < 0.5 }
    case 5:
      return {
        sport: 'cycling',
        title: draw < 0.3 ? 'Ride with friends' : 'Saturday ride',
        at: morning,
        minutes: 125,
        effort: 0.6,
        intervals: 0,
        hilly: draw > 0.6,
      }
    case 6:
      return phase === 'base' && draw < 0.25 ? null : run('Long run', morning, phase === 'base' ? 62 : 84, 0.56)
    default:
      return null
  }
}
