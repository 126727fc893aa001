/** Upload bodies as devices send them, the same for every side of the benchmark. */

export interface BodyPlan {
  /** Points in one body. */
  points: number
  /** First time, milliseconds since 1970; each body goes on where the last one ended. */
  from: number
  /** Every tenth body goes back over half of the one before, as a device does that missed our answer. */
  redeliver: boolean
}

/** The `index`th body: a heart rate a second, in document 2's form. */
export function valuesBody(plan: BodyPlan, index: number): string {
  const first = firstTime(plan, index)
  const values: string[] = []
  for (let i = 0; i < plan.points; i++) {
    const t = first + i * 1_000
    values.push(`{"timestamp":"${new Date(t).toISOString()}","value":${heartRate(t)},"unit":"bpm","quality":"good"}`)
  }
  return `{"data_type":"heart_rate","timestamp":"${new Date(first).toISOString()}","values":[${values.join(',')}],"metadata":{"source":"device","accuracy":0.95,"battery_level":85}}`
}

/** The same in columns, the form for who has much to send: eleven times smaller. */
export function columnsBody(plan: BodyPlan, index: number): string {
  const first = firstTime(plan, index)
  const steps = Array.from({ length: plan.points }, (_, i) => (i === 0 ? 0 : 1_000))
  const values = Array.from({ length: plan.points }, (_, i) => heartRate(first + i * 1_000))
  return `{"data_type":"heart_rate","unit":"bpm","t0":"${new Date(first).toISOString()}","dt":[${steps.join(',')}],"v":[${values.join(',')}],"metadata":{"source":"device","battery_level":85}}`
}

export type Form = 'values' | 'columns'
export const bodyOf = { values: valuesBody, columns: columnsBody } as const

/** How many different points `count` bodies hold. */
export function distinctPoints(plan: BodyPlan, count: number): number {
  const redelivered = plan.redeliver ? Math.floor((count - 1) / 10) : 0
  return count * plan.points - redelivered * Math.floor(plan.points / 2)
}

export function firstTime(plan: BodyPlan, index: number): number {
  const back = plan.redeliver ? Math.floor(index / 10) * Math.floor(plan.points / 2) : 0
  return plan.from + (index * plan.points - back) * 1_000
}

/** Looks like a heart: slow waves with unrest that does not repeat, whole beats. */
export function heartRate(t: number): number {
  const s = t / 1_000
  return Math.round(95 + 35 * Math.sin(s / 900) + 8 * Math.sin(s / 47) + 6 * (noise(s) - 0.5))
}

/** 0–1, the same for the same second: a generator that repeats would flatter every codec. */
function noise(seed: number): number {
  let mixed = Math.imul((seed >>> 0) ^ 0x9e3779b9, 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 4_294_967_296
}

/** A heart rate a second, as columns. */
export function heartColumns(n: number): { t: Float64Array; v: Float64Array } {
  const from = Date.parse('2026-01-05T00:00:00Z')
  const t = Float64Array.from({ length: n }, (_, i) => from + i * 1_000)
  return { t, v: t.map(heartRate) }
}
