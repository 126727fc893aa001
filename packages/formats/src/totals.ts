import { faultOf, limitsOf, type MetricId, type Stream, type Totals } from '@tributary/protocol'
import { between, pickRows, rowsWhere } from './columns.ts'
import { climb } from './geo.ts'

/** A pause in ms. */
export interface Pause {
  start: number
  end: number
}

/** A gap this long without a stop of the timer is a lost sensor, not a value that held. */
const longestHoldMs = 30_000
const movingSpeed = 0.5

interface Span {
  start: number
  end: number
  pauses: Pause[]
}

/** What `stateTotals` may look at: sorted streams by name; `distance` is cumulative. */
export type StreamsByName = (name: string) => Stream | undefined

const averaged = ['heart_rate', 'cadence', 'cadence_steps', 'power', 'speed'] as const

/**
 * Fills in the figures that the file did not state, from its samples, and returns the names of those it filled.
 * A figure that the file states is never touched: the device knew more than its samples show.
 */
export function deriveTotals(totals: Totals, span: Span, streams: StreamsByName, climbThreshold = 1): string[] {
  const derived: string[] = []
  const set = (name: string, value: number | undefined) => {
    if (value === undefined || !Number.isFinite(value) || totals[name] !== undefined) return
    totals[name] = value
    derived.push(name)
  }
  const within = (name: 'distance' | MetricId) => {
    const stream = streams(name)
    const part = stream && between(stream, span.start, span.end)
    const sound = part && name !== 'distance' ? possible(part, name) : part
    return sound?.t.length ? sound : undefined
  }
  set('duration', (span.end - span.start) / 1000)
  const active = (span.end - span.start - pausedMs(span)) / 1000
  set('active_duration', active)
  const distance = within('distance')
  if (distance) set('distance', covered(distance))
  const speed = within('speed')
  if (speed) set('moving_duration', Math.min(movingSeconds(speed, span.pauses), totals['active_duration'] ?? active))
  for (const name of averaged) {
    const stream = within(name)
    if (!stream) continue
    if (name === 'speed' && totals['distance'] !== undefined) {
      if (active > 0) set('speed_avg', totals['distance'] / (totals['active_duration'] ?? active))
    } else set(`${name}_avg`, weightedMean(stream))
    set(`${name}_max`, extreme(stream, Math.max))
    if (name === 'heart_rate') set('heart_rate_min', extreme(stream, Math.min))
  }
  const elevation = within('elevation')
  if (elevation) {
    const { gain, loss } = climb(elevation, climbThreshold)
    set('elevation_gain', gain)
    set('elevation_loss', loss)
  }
  return derived
}

/** Values that ingest will refuse make no figure either. */
function possible(stream: Stream, metric: MetricId): Stream {
  const limits = limitsOf(metric)
  const { t, v } = stream
  const kept = rowsWhere(v.length, (row) => !faultOf(limits, v[row] as number, 0))
  return kept.length === v.length ? stream : { t: pickRows(t, kept), v: pickRows(v, kept) }
}

function pausedMs({ start, end, pauses }: Span): number {
  let sum = 0
  for (const pause of pauses) sum += Math.max(0, Math.min(pause.end, end) - Math.max(pause.start, start))
  return Math.min(sum, end - start)
}

/** Rises of a cumulative distance; one that starts again from zero (a foot pod took over) loses nothing of what came before. */
function covered({ v }: Stream): number {
  let sum = 0
  for (let i = 1; i < v.length; i++) sum += Math.max(0, (v[i] as number) - (v[i - 1] as number))
  return sum
}

function movingSeconds({ t, v }: Stream, pauses: Pause[]): number {
  const stops = new Set(pauses.map((pause) => pause.start))
  let ms = 0
  for (let i = 0; i < t.length; i++) {
    if ((v[i] as number) >= movingSpeed && !stops.has(t[i] as number)) ms += heldMs(t, i)
  }
  return ms / 1000
}

/** Each value counts for as long as it held: smart recording writes one only when it changes. */
function weightedMean({ t, v }: Stream): number {
  let sum = 0
  let weight = 0
  for (let i = 0; i < t.length; i++) {
    const held = Math.max(heldMs(t, i), 1)
    sum += (v[i] as number) * held
    weight += held
  }
  return sum / weight
}

/** The last value holds for a second, which is how often most devices write. */
function heldMs(t: Float64Array, i: number): number {
  if (i + 1 === t.length) return 1000
  return Math.min((t[i + 1] as number) - (t[i] as number), longestHoldMs)
}

function extreme({ v }: Stream, pick: (a: number, b: number) => number): number {
  let found = v[0] as number
  for (const value of v) found = pick(found, value)
  return found
}
