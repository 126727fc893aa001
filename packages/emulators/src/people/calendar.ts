/**
 * What kind of day each day of the year is. Everything is counted back from the last day, so that whoever looks at the demo today
 * finds the interesting weeks in the same places: a race six weeks ago after a block and a taper, a journey in summer's distance, an illness before.
 */
import { addDays, daysBetween, offsetAt, weekdayOf } from './local-time.ts'
import { randomFor } from './random.ts'

export type Phase = 'base' | 'build' | 'taper' | 'race' | 'recovery'

export interface CalendarDay {
  date: string
  /** 0 is the first day of the year, `yearDays - 1` the last. */
  index: number
  weekday: number
  phase: Phase
  /** Weeks into the block, for its growing distances. */
  blockWeek: number
  /** 0 well, 1 at the worst. */
  illness: number
  isAway: boolean
  /** The day they fly out, or home. */
  flies: boolean
  /** Days since the last change of zones, while it is still felt. */
  jetLag: number | null
  watch: 'worn' | 'forgotten' | 'flat'
}

export interface Journey {
  /** Where they go. */
  zone: string
  out: string
  home: string
}

export interface Calendar {
  home: string
  first: string
  last: string
  journey: Journey
  day(date: string): CalendarDay
}

export const yearDays = 365
const raceBack = 44
const blockDays = 84
const taperDays = 14
const recoveryDays = 9
const journeyBack = 165
const journeyDays = 12
const illnessBack = 228
const illnessDays = 7
/** A long weekend without the charger. */
const chargerBack = 79

/** The first that is far enough from home to be felt. */
const destinations = ['Asia/Tokyo', 'Europe/Lisbon', 'America/New_York'] as const
const farMinutes = 5 * 60

export function makeCalendar(home: string, last: string, seed: number): Calendar {
  const lastMs = Date.parse(`${last}T12:00:00Z`)
  const away = (zone: string) => {
    const apart = Math.abs(offsetAt(zone, lastMs) - offsetAt(home, lastMs))
    return Math.min(apart, 24 * 60 - apart)
  }
  const zone = destinations.find((name) => away(name) >= farMinutes) ?? destinations[0]
  const first = addDays(last, 1 - yearDays)
  // They leave on a Friday.
  const near = addDays(last, -journeyBack)
  const out = addDays(near, 4 - weekdayOf(near))
  const journey = { zone, out, home: addDays(out, journeyDays) }
  const race = sundayNear(addDays(last, -raceBack))
  return {
    home,
    first,
    last,
    journey,
    day: (date) => {
      const index = daysBetween(first, date)
      const toRace = daysBetween(date, race)
      const sinceOut = daysBetween(journey.out, date)
      const sinceHome = daysBetween(journey.home, date)
      const flies = sinceOut === 0 || sinceHome === 0
      const isAway = sinceOut > 0 && sinceHome < 0
      const jetLag = sinceHome >= 0 ? sinceHome : sinceOut >= 0 ? sinceOut : null
      return {
        date,
        index,
        weekday: weekdayOf(date),
        phase: phaseOf(toRace),
        blockWeek: Math.max(0, Math.floor((blockDays - toRace) / 7)),
        illness: illnessOn(yearDays - 1 - index),
        isAway,
        flies,
        jetLag: jetLag !== null && jetLag < 7 ? jetLag : null,
        watch: watchOn(yearDays - 1 - index, seed, flies || isAway),
      }
    },
  }
}

function sundayNear(date: string): string {
  return addDays(date, 6 - weekdayOf(date))
}

function phaseOf(toRace: number): Phase {
  if (toRace === 0) return 'race'
  if (toRace < 0 && toRace >= -recoveryDays) return 'recovery'
  if (toRace > 0 && toRace <= taperDays) return 'taper'
  return toRace > 0 && toRace <= blockDays ? 'build' : 'base'
}

/** Comes on in two days and fades over the rest of the week. */
function illnessOn(back: number): number {
  const into = illnessBack - back
  if (into < 0 || into >= illnessDays) return 0
  return into < 2 ? 0.6 + 0.4 * into : 1 - (into - 2) / (illnessDays - 1)
}

function watchOn(back: number, seed: number, travelling: boolean): CalendarDay['watch'] {
  if (back <= chargerBack && back > chargerBack - 3) return 'forgotten'
  if (travelling || back < 4) return 'worn' // the last days are what a visitor looks at first
  const random = randomFor(seed, 'watch worn', back)
  if (random.chance(0.02)) return 'forgotten'
  return random.chance(0.02) ? 'flat' : 'worn'
}
