/** The truth that watch and phone both look at: steps and metres of every waking minute. */
import type { Episode } from './episodes.ts'
import { minuteMs } from './local-time.ts'
import { randomFor } from './random.ts'
import { type Recording, stepMs } from './recording.ts'

export interface Minute {
  at: number
  steps: number
  metres: number
  floors: number
  /** kcal above rest. */
  energy: number
  isWorkout: boolean
}

const strideMetres = 0.74

export function* minutesOf(episode: Episode, recording: Recording | null, seed: number): Generator<Minute> {
  const random = randomFor(seed, 'minutes', episode.day.date)
  const pace = random.between(99, 113)
  const indoors = episode.day.illness > 0.3 ? 0.3 : 1
  for (const { doing, from, to } of episode.stretches) {
    for (let at = from; at < to; at += minuteMs) {
      const minute: Minute = { at, steps: 0, metres: 0, floors: 0, energy: 0, isWorkout: doing === 'workout' }
      if (doing === 'walk') {
        minute.steps = Math.round(pace + random.around(0, 5))
        minute.energy = 3.6 + random.between(0, 1.2)
        minute.floors = random.chance(0.03) ? 1 : 0
      } else if (doing === 'light' && random.chance(0.62 * indoors)) {
        minute.steps = Math.round(random.between(6, 58))
        minute.energy = 0.8 + 0.02 * minute.steps
        minute.floors = random.chance(0.025) ? 1 : 0
      } else if (doing === 'still' && random.chance(0.07 * indoors)) {
        minute.steps = Math.round(random.between(4, 30))
        minute.energy = 0.4
      } else if (doing === 'workout' && recording) ofWorkout(minute, recording)
      if (doing !== 'workout') minute.metres = minute.steps * strideMetres
      yield minute
    }
  }
}

/** Metres of a ride are no steps, and are told by the workout itself. */
function ofWorkout(minute: Minute, { plan, start, cadence, speed, heartRate }: Recording): void {
  const first = Math.max(0, Math.round((minute.at - start) / stepMs))
  const rows = minuteMs / stepMs
  for (let i = first; i < first + rows && i < cadence.length; i++) {
    if (plan.sport === 'running') {
      minute.steps += (cadence[i] ?? 0) / rows
      minute.metres += (speed[i] ?? 0) * (stepMs / 1000)
    } else if (plan.sport === 'strength') minute.steps += 9 / rows
    minute.energy += Math.max(0, ((heartRate[i] ?? 0) - 78) * 0.115) / rows
  }
  minute.steps = Math.round(minute.steps)
}
