/**
 * From getting up to getting up: when the person woke, what they did minute by minute, and when they went to bed. A day in a life is
 * laid out like this and not from midnight to midnight, because a journey makes days of 14 and of 33 hours.
 */
import { type Calendar, type CalendarDay, yearDays } from './calendar.ts'
import { addDays, hourMs, localDate, localTime, minuteMs, offsetAt } from './local-time.ts'
import { type Random, randomFor } from './random.ts'
import { type Plan, planFor } from './training.ts'

export const doings = ['still', 'light', 'walk', 'workout', 'flight', 'nap'] as const
export type Doing = (typeof doings)[number]

export interface Stretch {
  doing: Doing
  from: number
  to: number
}

export interface Sleep {
  from: number
  to: number
  zone: string
  isNap: boolean
  /** 0 calm, 1 broken. */
  unrest: number
}

export interface Episode {
  day: CalendarDay
  wake: number
  bed: number
  /** The zone of a moment of it. */
  zoneAt(ms: number): string
  /** The night that ended at `wake`. */
  night: Sleep
  naps: Sleep[]
  /** In order; together they fill the time from `wake` to `bed`. */
  stretches: Stretch[]
  workout: { plan: Plan; start: number; zone: string } | null
  /** Whether the phone is in a pocket. */
  carriesPhone(ms: number): boolean
  /** Until when the watch measures; `wake` when it lies at home. */
  watchUntil: number
}

const flightMs = 14 * hourMs
const takeOff = 11 * 60

export function* layEpisodes(calendar: Calendar, seed: number): Generator<Episode> {
  let zone = calendar.home
  let night: Sleep = {
    from: localTime(zone, addDays(calendar.first, -1), 23 * 60),
    to: localTime(zone, calendar.first, 6 * 60 + 50),
    zone,
    isNap: false,
    unrest: 0.2,
  }
  for (;;) {
    const date = localDate(zone, night.to)
    const day = calendar.day(date)
    if (day.index >= yearDays) return
    const episode = layOne(calendar, day, zone, night, seed)
    yield episode
    zone = episode.zoneAt(episode.bed)
    night = nextNight(calendar, episode, zone, seed)
  }
}

function layOne(calendar: Calendar, day: CalendarDay, zone: string, night: Sleep, seed: number): Episode {
  const random = randomFor(seed, 'episode', day.date)
  const wake = night.to
  const flight = day.flies ? flightFrom(calendar, day, zone, wake) : null
  const zoneAt = (ms: number) => (flight && ms >= flight.to ? flight.zone : zone)
  const bed = flight ? bedAfterFlight(flight, random) : localTime(zone, day.date, bedtime(calendar, day, random))
  const base: Stretch[] = flight
    ? [
        { doing: 'light', from: wake, to: wake + 90 * minuteMs },
        { doing: 'walk', from: flight.from - 100 * minuteMs, to: flight.from - 82 * minuteMs },
        { doing: 'flight', from: flight.from, to: flight.to },
        { doing: 'walk', from: flight.to + 8 * minuteMs, to: flight.to + 30 * minuteMs },
        { doing: 'light', from: flight.to + 70 * minuteMs, to: flight.to + 150 * minuteMs },
      ]
    : plannedDay(day, zone, random)
  const plan = planFor(day, seed)
  const start = plan ? localTime(zone, day.date, plan.at) : 0
  const fits = plan !== null && start > wake + 10 * minuteMs && start + plan.minutes * minuteMs < bed - 40 * minuteMs
  const workout = plan && fits ? { plan, start, zone } : null
  if (workout) base.push({ doing: 'workout', from: start, to: start + Math.round(workout.plan.minutes) * minuteMs })
  const naps = napsOf(day, zone, flight, random)
  for (const nap of naps) base.push({ doing: 'nap', from: nap.from, to: nap.to })
  const pocket = randomFor(seed, 'pocket', day.date).between(0, 1)
  const flatAt = localTime(zone, day.date, 13 * 60 + Math.round(random.between(0, 300)))
  return {
    day,
    wake,
    bed,
    zoneAt,
    night,
    naps,
    stretches: fill(wake, bed, base),
    workout,
    carriesPhone: (ms) => randomFor(seed, 'pocket', Math.floor(ms / hourMs)).next() < 0.35 + 0.25 * pocket,
    watchUntil: day.watch === 'worn' ? bed : day.watch === 'flat' ? Math.min(bed, Math.max(wake, flatAt)) : wake,
  }
}

interface Flight {
  from: number
  to: number
  zone: string
}

function flightFrom({ home, journey }: Calendar, day: CalendarDay, zone: string, wake: number): Flight {
  const from = Math.max(localTime(zone, day.date, takeOff), wake + 3 * hourMs)
  return { from, to: from + flightMs, zone: zone === home ? journey.zone : home }
}

/** Not before three hours have passed on the ground, and not before it is evening there. */
function bedAfterFlight({ to, zone }: Flight, random: Random): number {
  const date = localDate(zone, to + 3 * hourMs)
  const evening = localTime(zone, date, 21 * 60 + Math.round(random.between(0, 50)))
  return Math.max(to + 3 * hourMs, evening)
}

/** Minutes after midnight; beyond 1,440 when it gets late. */
function bedtime(calendar: Calendar, day: CalendarDay, random: Random): number {
  const isWeekend = day.weekday === 4 || day.weekday === 5
  const usual = isWeekend ? random.around(24 * 60 + 5, 42) : random.around(23 * 60 + 4, 24)
  const early = day.illness > 0 ? -75 * day.illness : 0
  return Math.round(Math.min(usual + early + lagShift(calendar, day), 26 * 60 + 30))
}

/** Eastward the body is not tired in the evening, westward it is too early; an hour or so a day wears off. */
function lagShift(calendar: Calendar, { jetLag, isAway, date }: CalendarDay): number {
  if (jetLag === null) return 0
  const noon = Date.parse(`${date}T12:00:00Z`)
  const { home, journey } = calendar
  const ahead = offsetAt(journey.zone, noon) - offsetAt(home, noon)
  const east = isAway ? ahead > 0 : ahead < 0
  return (east ? 130 : -130) * Math.max(0, 1 - jetLag / 6)
}

function nextNight(calendar: Calendar, { day, bed }: Episode, zone: string, seed: number): Sleep {
  const random = randomFor(seed, 'night', day.date)
  const next = calendar.day(localDate(zone, bed + 5 * hourMs))
  const lag = next.jetLag === null ? 0 : Math.max(0, 1 - next.jetLag / 6)
  const isFree = next.weekday >= 5 || next.isAway || next.illness > 0
  const wanted = random.around(7.5, 0.5) + (isFree ? 0.5 : 0) + 1.2 * next.illness - 1.9 * lag
  const alarm = localTime(zone, next.date, 6 * 60 + 45 + Math.round(random.around(0, 8)))
  const slept = bed + Math.max(3.5, wanted) * hourMs
  const to = isFree || alarm < bed + 4 * hourMs ? slept : Math.min(slept, alarm)
  const unrest = Math.min(1, 0.15 + 0.5 * lag + 0.45 * next.illness + random.between(0, 0.25))
  return { from: bed, to: Math.round(to / minuteMs) * minuteMs, zone, isNap: false, unrest }
}

function napsOf(day: CalendarDay, zone: string, flight: Flight | null, random: Random): Sleep[] {
  if (flight)
    return [{ from: flight.from + 6 * hourMs, to: flight.from + 9.5 * hourMs, zone, isNap: true, unrest: 0.8 }]
  const p = day.illness > 0.3 ? 0.9 : day.jetLag !== null && day.jetLag < 4 ? 0.6 : day.weekday >= 5 ? 0.12 : 0
  if (!random.chance(p)) return []
  const from = localTime(zone, day.date, 14 * 60 + Math.round(random.between(0, 70)))
  return [{ from, to: from + Math.round(random.between(24, 80)) * minuteMs, zone, isNap: true, unrest: 0.1 }]
}

function plannedDay(day: CalendarDay, zone: string, random: Random): Stretch[] {
  const at = (hours: number, spread = 12) =>
    localTime(zone, day.date, Math.round(hours * 60 + random.around(0, spread)))
  const walk = (from: number, minutes: number): Stretch => ({
    doing: 'walk',
    from,
    to: from + Math.max(3, Math.round(minutes)) * minuteMs,
  })
  const light = (from: number, minutes: number): Stretch => ({ ...walk(from, minutes), doing: 'light' })
  if (day.illness > 0.3) return [light(at(9), 25), light(at(13), 30), walk(at(16.5), 5), light(at(19), 35)]
  if (day.isAway)
    return [
      light(at(8), 40),
      ...[9.6, 11, 12.6, 14.4, 16, 17.4, 20].map((hour) => walk(at(hour), random.between(14, 32))),
      light(at(13.3), 45),
      light(at(19), 50),
    ]
  if (day.weekday >= 5)
    return [
      light(at(9), 55),
      walk(at(11.6, 30), random.between(18, 55)),
      light(at(12.8), 50),
      walk(at(16.4, 40), random.between(10, 45)),
      light(at(19), 60),
    ]
  const office = day.weekday !== 4 // Fridays at home
  return [
    light(at(7.05), 38),
    ...(office ? [walk(at(8.15, 5), random.between(14, 20)), walk(at(17.45, 8), random.between(14, 20))] : []),
    ...[10, 11.2, 15, 16.1].map((hour) => walk(at(hour), random.between(3, 6))),
    walk(at(12.7, 9), random.between(12, 28)),
    light(at(19.6), 50),
    ...(random.chance(0.35) ? [walk(at(21, 15), random.between(12, 25))] : []),
  ]
}

/** What comes later in `wanted` wins where two overlap; the rest of the time they sit. */
function fill(wake: number, bed: number, wanted: readonly Stretch[]): Stretch[] {
  const from = Math.floor(wake / minuteMs)
  const doing = new Uint8Array(Math.max(0, Math.ceil(bed / minuteMs) - from))
  for (const stretch of wanted)
    doing.fill(
      doings.indexOf(stretch.doing),
      Math.max(0, Math.round(stretch.from / minuteMs) - from),
      Math.max(0, Math.round(stretch.to / minuteMs) - from),
    )
  const stretches: Stretch[] = []
  for (let i = 0; i < doing.length; i++) {
    const last = stretches.at(-1)
    const now = doings[doing[i] ?? 0] ?? 'still'
    const minute = (from + i) * minuteMs
    if (last?.doing === now) last.to = minute + minuteMs
    else stretches.push({ doing: now, from: minute, to: minute + minuteMs })
  }
  return stretches
}
