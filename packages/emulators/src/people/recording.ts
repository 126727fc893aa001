/** A workout second by second (every fifth, as watches save space): how fast, how hard, where. What each device keeps of it is for the device. */
import type { Body } from './body.ts'
import { minuteMs } from './local-time.ts'
import type { Random } from './random.ts'
import type { Plan } from './training.ts'
import { groundsOf, type Way, wayOf } from './ways.ts'

export const stepMs = 5_000
const stepSeconds = stepMs / 1000

export interface Recording {
  plan: Plan
  start: number
  /** Seconds of each row since `start`. */
  seconds: number[]
  heartRate: number[]
  /** m/s; zero while standing. */
  speed: number[]
  /** Metres so far. */
  distance: number[]
  /** Turns or steps a minute. */
  cadence: number[]
  /** W; empty without a meter. */
  power: number[]
  way: Way | null
  /** A stop at a café, in seconds since `start`. */
  pause: { from: number; to: number } | null
}

const hrMax = 187

export function record(plan: Plan, start: number, zone: string, body: Body, random: Random): Recording {
  const rows = Math.round((plan.minutes * minuteMs) / stepMs)
  const grounds = groundsOf(zone)
  const place =
    plan.sport === 'cycling' ? (plan.hilly ? grounds.hilly : grounds.ride) : plan.hilly ? grounds.hilly : grounds.run
  const way = plan.sport === 'running' || plan.sport === 'cycling' ? wayOf(place) : null
  const pause = pauseOf(plan, rows, random)
  const out: Recording = {
    plan,
    start,
    seconds: [],
    heartRate: [],
    speed: [],
    distance: [],
    cadence: [],
    power: [],
    way,
    pause,
  }
  let heart = body.restingHeartRate + 28
  let distance = 0
  let drift = 0
  let gust = 0
  for (let i = 0; i < rows; i++) {
    const seconds = i * stepSeconds
    const share = i / rows
    const stopped = pause !== null && seconds >= pause.from && seconds < pause.to
    gust = 0.92 * gust + random.between(-0.04, 0.04)
    const effort = stopped ? 0.05 : effortAt(plan, share, seconds) * (1 + 0.4 * gust)
    drift += stopped ? -0.00006 : 0.00003
    const grade = way && !stopped ? (way.at(distance + 30).ele - way.at(distance).ele) / 30 : 0
    const speed = stopped ? 0 : speedOf(plan, effort, grade, body) * (1 + gust)
    distance += speed * stepSeconds
    const wanted =
      body.restingHeartRate +
      (hrMax - body.restingHeartRate) * Math.min(0.98, 0.14 + 0.86 * effort + drift + 1.5 * Math.max(0, grade) * effort)
    heart += (wanted - heart) * (wanted > heart ? 0.11 : 0.06)
    out.seconds.push(seconds)
    out.heartRate.push(Math.round(Math.min(hrMax, heart + random.between(-0.7, 0.7))))
    out.speed.push(Math.round(speed * 1000) / 1000)
    out.distance.push(Math.round(distance * 100) / 100)
    out.cadence.push(stopped ? 0 : Math.round(cadenceOf(plan, effort) + random.between(-1.5, 1.5)))
    if (plan.sport === 'cycling')
      out.power.push(
        stopped
          ? 0
          : Math.max(0, Math.round((225 + 55 * body.fitness) * effort * (1 + gust) + 1_400 * Math.max(-0.05, grade))),
      )
  }
  return out
}

function pauseOf({ sport, minutes }: Plan, rows: number, random: Random): Recording['pause'] {
  if (sport !== 'cycling' || minutes < 100 || !random.chance(0.7)) return null
  const from = Math.round(rows * random.between(0.45, 0.6)) * stepSeconds
  return { from, to: from + Math.round(random.between(90, 170)) * stepSeconds }
}

/** Warm up, the work, cool down; intervals of four minutes with two easy ones after each. */
function effortAt({ effort, intervals, sport }: Plan, share: number, seconds: number): number {
  if (sport === 'strength') return seconds % 180 < 55 ? effort + 0.25 : effort - 0.12
  if (share < 0.12) return effort * (0.6 + 3.3 * share)
  if (share > 0.93) return effort * (1 - 4 * (share - 0.93))
  if (!intervals) return effort
  return seconds % 360 < 240 ? effort + 0.2 : effort - 0.2
}

function speedOf({ sport }: Plan, effort: number, grade: number, { fitness }: Body): number {
  if (sport === 'running') return Math.max(1.6, (1.55 + 2.2 * effort + 0.35 * fitness) * (1 - 3.2 * grade))
  if (sport === 'cycling') return Math.min(16, Math.max(2.2, (4.9 + 4.3 * effort + 0.7 * fitness) * (1 - 7.5 * grade)))
  return sport === 'swimming_pool' ? 0.66 + 0.32 * effort + 0.08 * fitness : 0
}

function cadenceOf({ sport }: Plan, effort: number): number {
  if (sport === 'running') return 156 + 18 * effort
  if (sport === 'cycling') return 78 + 16 * effort
  return sport === 'swimming_pool' ? 24 + 6 * effort : 0
}

/** kcal a minute of one row. */
export function energyAt({ plan }: Recording, heartRate: number): number {
  const burn = Math.max(0, (heartRate - 78) * 0.115)
  return plan.sport === 'strength' ? burn * 0.7 : burn
}
