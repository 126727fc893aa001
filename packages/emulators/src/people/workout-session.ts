/** A recording as the session of a device: its laps, figures and way. */
import type { SessionPart, SessionReading, Totals } from '@tributary/protocol'
import { round } from './notebook.ts'
import { randomFor } from './random.ts'
import { energyAt, type Recording, stepMs } from './recording.ts'

export interface Recorder {
  /** First letters of its external ids. */
  name: string
  /** Metres that its positions are off. */
  blur: number
  /** What it takes a metre for. */
  stretch: number
  /** Seconds after the start that it was begun. */
  late: number
  /** Heart rate, power, cadence: only of what is worn. */
  wears: boolean
}

const degreesPerMetre = 1 / 111_195

export function sessionOf(recording: Recording, by: Recorder, offset: number): SessionReading {
  const { plan, start, way, pause } = recording
  const first = Math.round((by.late * 1000) / stepMs)
  const rows = recording.seconds.length
  const from = start + first * stepMs
  const end = start + rows * stepMs
  const totals = totalsOf(recording, first, rows, by)
  const parts = lapsOf(recording, first, by)
  if (pause) parts.push({ kind: 'pause', start: start + pause.from * 1000, end: start + pause.to * 1000 })
  return {
    kind: 'session',
    type: 'workout',
    activity: plan.sport,
    title: way ? `${plan.title}, ${way.name}` : plan.title,
    start: from,
    end,
    offset,
    externalId: `${by.name}-${new Date(from).toISOString()}`,
    totals,
    parts,
    ...(way ? { track: trackOf(recording, first, by), streams: { distance: distanceOf(recording, first, by) } } : {}),
  }
}

function totalsOf(recording: Recording, first: number, rows: number, by: Recorder): Totals {
  const { plan, pause, heartRate, speed, distance, cadence, power, way } = recording
  const seconds = ((rows - first) * stepMs) / 1000
  const active = seconds - (pause ? pause.to - pause.from : 0)
  const metres = ((distance.at(-1) ?? 0) - (distance[first] ?? 0)) * by.stretch
  const totals: Totals = { duration: seconds, active_duration: active }
  if (plan.sport !== 'strength') {
    totals['distance'] = round(metres, 1)
    totals['speed_avg'] = round(metres / active, 3)
    totals['speed_max'] = round(Math.max(...speed) * by.stretch, 3)
  }
  if (way) totals['elevation_gain'] = round(climbOf(recording, first))
  if (!by.wears) return totals
  totals['heart_rate_avg'] = round(mean(heartRate))
  totals['heart_rate_max'] = Math.max(...heartRate)
  totals['energy_active'] = round(
    heartRate.reduce((sum, beats) => sum + energyAt(recording, beats) * (stepMs / 60_000), 0),
  )
  const turning = cadence.filter((turns) => turns > 0)
  if (turning.length && plan.sport !== 'swimming_pool')
    totals[plan.sport === 'running' ? 'cadence_steps_avg' : 'cadence_avg'] = round(mean(turning))
  if (power.length) {
    totals['power_avg'] = round(mean(power))
    totals['power_max'] = Math.max(...power)
  }
  if (plan.sport === 'swimming_pool') totals['pool_length'] = poolMetres
  return totals
}

const poolMetres = 25
const lapMetres = { running: 1_000, cycling: 5_000, swimming_pool: 100, strength: 0 } as const
const strokes = ['freestyle', 'freestyle', 'freestyle', 'backstroke'] as const
const exercises = ['Squat', 'Bench press', 'Row', 'Deadlift', 'Overhead press', 'Plank'] as const

function lapsOf(recording: Recording, first: number, by: Recorder): SessionPart[] {
  const { plan, start, distance } = recording
  if (plan.sport === 'strength') return by.wears ? setsOf(recording) : []
  const parts: SessionPart[] = []
  const cut = (kind: 'lap' | 'length', every: number, label: (n: number) => string) => {
    let from = first
    for (let i = first; i < distance.length; i++) {
      const metres = ((distance[i] ?? 0) - (distance[from] ?? 0)) * by.stretch
      const last = kind === 'lap' && i === distance.length - 1 // a length is a whole one or none
      if (metres < every && !(last && i > from)) continue
      parts.push({
        kind,
        start: start + from * stepMs,
        end: start + i * stepMs,
        label: label(parts.length),
        totals: lapTotals(recording, from, i, metres, by),
      })
      from = i
    }
  }
  cut('lap', lapMetres[plan.sport], () => 'distance')
  if (plan.sport === 'swimming_pool' && by.wears)
    cut('length', poolMetres, (n) => strokes[n % strokes.length] ?? 'freestyle')
  return parts
}

function lapTotals(
  { heartRate, power }: Recording,
  from: number,
  to: number,
  metres: number,
  { wears }: Recorder,
): Totals {
  const duration = ((to - from) * stepMs) / 1000
  return {
    duration,
    distance: round(metres, 1),
    speed_avg: round(metres / duration, 3),
    ...(wears ? { heart_rate_avg: round(mean(heartRate.slice(from, to))) } : {}),
    ...(wears && power.length ? { power_avg: round(mean(power.slice(from, to))) } : {}),
  }
}

/** A set every three minutes. */
function setsOf({ start, seconds }: Recording): SessionPart[] {
  const sets = Math.floor((seconds.at(-1) ?? 0) / 180)
  const random = randomFor('sets', start)
  return Array.from({ length: sets }, (_, i) => ({
    kind: 'segment' as const,
    start: start + i * 180_000,
    end: start + i * 180_000 + 55_000,
    label: exercises[Math.floor(i / 3) % exercises.length] ?? 'Squat',
    totals: { duration: 55, repetitions: 8 + Math.floor(random.between(0, 5)) },
  }))
}

function trackOf({ start, seconds, distance, way }: Recording, first: number, { name, blur }: Recorder) {
  const n = seconds.length - first
  const track = { t: new Float64Array(n), lat: new Float64Array(n), lon: new Float64Array(n), ele: new Float64Array(n) }
  const random = randomFor('positions', name, start)
  let [north, east] = [0, 0]
  for (let i = 0; i < n; i++) {
    // A receiver's error wanders; it does not jump.
    north = 0.9 * north + random.between(-blur, blur)
    east = 0.9 * east + random.between(-blur, blur)
    const { lat, lon, ele } = way?.at(distance[first + i] ?? 0) ?? { lat: 0, lon: 0, ele: 0 }
    track.t[i] = start + (seconds[first + i] ?? 0) * 1000
    track.lat[i] = round(lat + north * degreesPerMetre, 7)
    track.lon[i] = round(lon + (east * degreesPerMetre) / Math.cos((lat * Math.PI) / 180), 7)
    track.ele[i] = round(ele, 1)
  }
  return track
}

function distanceOf({ start, seconds, distance }: Recording, first: number, { stretch }: Recorder) {
  const t = Float64Array.from(seconds.slice(first), (s) => start + s * 1000)
  return { t, v: Float64Array.from(distance.slice(first), (m) => round((m - (distance[first] ?? 0)) * stretch, 1)) }
}

function climbOf({ distance, way }: Recording, first: number): number {
  let gain = 0
  for (let i = first + 6; i < distance.length; i += 6) {
    const rise = (way?.at(distance[i] ?? 0).ele ?? 0) - (way?.at(distance[i - 6] ?? 0).ele ?? 0)
    gain += Math.max(0, rise)
  }
  return gain
}

const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / Math.max(1, list.length)
