/** The watch: worn day and night but for when it is forgotten or flat. It knows the most of all. */
import type { Body } from './body.ts'
import type { Episode, Sleep } from './episodes.ts'
import { hourMs, minuteMs, offsetAt } from './local-time.ts'
import { nightTotals, stagesOf } from './night.ts'
import { type Notebook, round } from './notebook.ts'
import { type Random, randomFor } from './random.ts'
import { type Recording, stepMs } from './recording.ts'
import type { Minute } from './steps.ts'
import { sessionOf } from './workout-session.ts'

export interface Scene {
  episode: Episode
  body: Body
  minutes: readonly Minute[]
  recording: Recording | null
  seed: number
}

/** `wore` says whether the night before `wake` was measured. */
export function watchSees(notes: Notebook, scene: Scene, wore: boolean): void {
  if (wore) ofNight(notes, scene)
  if (scene.episode.watchUntil > scene.episode.wake) {
    ofDay(notes, scene)
    for (const nap of scene.episode.naps) if (nap.to <= scene.episode.watchUntil) ofNap(notes, scene, nap)
    ofWorkout(notes, scene)
  }
}

function ofNight(notes: Notebook, { episode, body, seed }: Scene): void {
  const { night, wake, day } = episode
  const random = randomFor(seed, 'watch night', day.date)
  const offset = offsetAt(night.zone, wake)
  const parts = stagesOf(night, random)
  const totals = nightTotals(parts)
  const start = parts[0]?.start ?? night.from
  const end = parts.at(-1)?.end ?? wake
  notes.session({
    kind: 'session',
    type: 'sleep',
    start,
    end,
    offset,
    externalId: `night-${new Date(start).toISOString()}`,
    totals,
    parts,
  })
  const lowest = heartAsleep(notes, night, body, random)
  for (let t = Math.ceil(start / hourMs) * hourMs; t < wake; t += hourMs)
    notes.add('energy_basal', t, round(62 + 4 * day.illness, 1), offset, hourMs)
  const share = (totals['sleep_total'] ?? 0) / Math.max(1, totals['sleep_time_in_bed'] ?? 1)
  for (let t = start + 20 * minuteMs; t < end; t += 5 * minuteMs)
    notes.add('hrv_rmssd', t, Math.max(6, round(body.hrv * random.between(0.72, 1.3))), offset)
  for (let t = start + 15 * minuteMs; t < end; t += 10 * minuteMs)
    notes.add('respiratory_rate', t, round(body.breathing + random.around(0, 0.5), 1), offset)
  for (let t = start + 30 * minuteMs; t < end; t += 15 * minuteMs)
    notes.add('spo2', t, Math.min(100, Math.max(88, round(body.oxygen + random.around(0, 0.9)))), offset)
  notes.day('resting_heart_rate', day.date, wake, round(body.restingHeartRate))
  notes.day('sleep_heart_rate_avg', day.date, wake, round(body.restingHeartRate + 4))
  notes.day('sleep_heart_rate_min', day.date, wake, lowest)
  notes.day('skin_temperature_deviation', day.date, wake, round(body.warmth, 2))
  notes.day(
    'sleep_score',
    day.date,
    wake,
    round(
      Math.min(
        99,
        Math.max(28, 100 * share - 12 * night.unrest - 8 * Math.max(0, 7 - (totals['sleep_total'] ?? 0) / 3600)),
      ),
    ),
  )
  notes.day(
    'readiness_score',
    day.date,
    wake,
    round(
      Math.min(98, Math.max(12, 62 + 0.6 * (body.hrv - 48) - 1.6 * (body.restingHeartRate - 56) - 12 * night.unrest)),
    ),
  )
  if (day.weekday === 6) notes.add('vo2max', wake, round(43 + 8 * body.fitness - 3 * day.illness, 1), offset)
}

/** Falls through the night and rises again before waking. Answers the lowest. */
function heartAsleep(notes: Notebook, { from, to, zone, unrest }: Sleep, body: Body, random: Random): number {
  const offset = offsetAt(zone, to)
  let lowest = 200
  for (let t = from; t < to; t += 5 * minuteMs) {
    const share = (t - from) / (to - from)
    const dip = 6 * Math.sin(Math.PI * Math.min(1, share * 0.9)) - 7 * (1 - share) ** 3
    const beats = round(body.restingHeartRate + 4 - dip + 4 * unrest * random.next() + random.around(0, 1.2))
    lowest = Math.min(lowest, beats)
    notes.add('heart_rate', t, beats, offset)
  }
  return Math.max(30, lowest)
}

function ofNap(notes: Notebook, { episode, seed }: Scene, nap: Sleep): void {
  const random = randomFor(seed, 'nap', episode.day.date)
  const parts = stagesOf(nap, random)
  notes.session({
    kind: 'session',
    type: 'sleep',
    isNap: true,
    start: nap.from,
    end: parts.at(-1)?.end ?? nap.to,
    offset: offsetAt(nap.zone, nap.to),
    externalId: `nap-${new Date(nap.from).toISOString()}`,
    totals: nightTotals(parts),
    parts,
  })
}

/** Tenths of a percent that a waking hour, and an hour of sport, take. */
const drain = { still: 2.6, walk: 7, workout: 26 } as const

function ofDay(notes: Notebook, { episode, body, minutes, seed }: Scene): void {
  const { day, wake, zoneAt, watchUntil, night } = episode
  const random = randomFor(seed, 'watch day', day.date)
  let heart = body.restingHeartRate + 10
  let reserve = Math.min(98, Math.max(20, 90 - 35 * night.unrest - 25 * body.strain + 0.3 * (body.hrv - 48)))
  let next = { heart: wake, stress: wake, reserve: wake, basal: Math.ceil(wake / hourMs) * hourMs }
  for (const { at, steps, metres, floors, energy, isWorkout } of minutes) {
    if (at >= watchUntil) break
    const offset = offsetAt(zoneAt(at), at)
    const hour = ((at / minuteMs + offset) % 1440) / 60
    const busy = hour > 9 && hour < 17 && day.weekday < 5 && !day.isAway && !day.illness ? 6 : 0
    const wanted = body.restingHeartRate + 9 + busy + (steps > 80 ? 34 : steps > 0 ? 15 : 0)
    heart += (wanted - heart) * 0.3 + random.around(0, 1.6)
    if (!isWorkout && at >= next.heart) {
      notes.add('heart_rate', at, Math.min(150, Math.max(42, round(heart))), offset)
      next = { ...next, heart: at + (steps > 0 ? 1 : Math.round(random.between(2, 5))) * minuteMs }
    }
    if (!isWorkout && steps < 60 && at >= next.stress) {
      const stress =
        18 +
        2.2 * busy +
        22 * night.unrest +
        30 * day.illness +
        14 * Math.sin(hour * 1.7 + day.index) +
        random.around(0, 8)
      notes.add('stress_score', at, Math.min(99, Math.max(1, round(stress))), offset)
      next = { ...next, stress: at + 3 * minuteMs }
    }
    reserve -= (isWorkout ? drain.workout : steps > 60 ? drain.walk : drain.still) / 60
    if (at >= next.reserve) {
      notes.add('energy_reserve', at, round(Math.max(5, reserve)), offset)
      next = { ...next, reserve: at + 10 * minuteMs }
    }
    if (at >= next.basal) {
      notes.add('energy_basal', at, round(68 + 4 * day.illness, 1), offset, hourMs)
      next = { ...next, basal: at + hourMs }
    }
    if (steps > 0) notes.add('steps', at, steps, offset, minuteMs)
    if (metres > 0) notes.add('distance_walking_running', at, round(metres, 1), offset, minuteMs)
    if (floors > 0) notes.add('floors_climbed', at, floors, offset, minuteMs)
    if (energy > 0) notes.add('energy_active', at, round(energy, 2), offset, minuteMs)
  }
}

function ofWorkout(notes: Notebook, { episode, recording, seed }: Scene): void {
  const { watchUntil, zoneAt, day } = episode
  if (!recording || recording.start + recording.seconds.length * stepMs > watchUntil) return
  const { plan, start, seconds, heartRate, speed, distance, cadence, power, way } = recording
  const offset = offsetAt(zoneAt(start), start)
  const session = sessionOf(recording, { name: plan.sport, blur: 0.35, stretch: 1, late: 0, wears: true }, offset)
  if (!notes.session(session)) return
  for (const [i, second] of seconds.entries()) {
    const t = start + second * 1000
    notes.add('heart_rate', t, heartRate[i] ?? 60, offset, 0, 'active')
    if (way) {
      notes.add('speed', t, speed[i] ?? 0, offset, 0, 'active')
      notes.add('elevation', t, round(way.at(distance[i] ?? 0).ele, 1), offset, 0, 'active')
      notes.add(plan.sport === 'running' ? 'cadence_steps' : 'cadence', t, cadence[i] ?? 0, offset, 0, 'active')
    }
    if (power.length) notes.add('power', t, power[i] ?? 0, offset, 0, 'active')
  }
  const kind =
    plan.sport === 'cycling' ? 'distance_cycling' : plan.sport === 'swimming_pool' ? 'distance_swimming' : null
  const rows = minuteMs / stepMs
  if (kind)
    for (let i = 0; i + rows < distance.length; i += rows) {
      const metres = (distance[i + rows] ?? 0) - (distance[i] ?? 0)
      if (metres > 0) notes.add(kind, start + i * stepMs, round(metres, 1), offset, minuteMs)
    }
  const felt = Math.min(10, Math.max(1, round(10 * plan.effort + randomFor(seed, 'felt', day.date).around(0, 1))))
  notes.event('perceived_exertion', session.end, { value: felt }, offset)
}
