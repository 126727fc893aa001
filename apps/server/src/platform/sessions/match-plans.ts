/**
 * Which session fulfils which plan: one each, the nearest pair first. A plan takes sessions of its family on its own day, or within
 * two hours of the time it names. A function of what is planned and what was done, whichever came first.
 */
import { compareFamilies } from './family.ts'

export interface Plan {
  id: string
  family: string | null
  /** YYYY-MM-DD on the person's calendar. */
  day: string
  start: number | null
  /** Seconds and metres. */
  duration: number | null
  distance: number | null
}

export interface Done {
  id: string
  family: string
  /** The date where it began. */
  day: string
  start: number
  duration: number
  distance: number | null
}

export const nearMs = 2 * 3_600_000

/** By plan. Plans without a session are not in it. */
export function matchPlans(plans: readonly Plan[], sessions: readonly Done[]): Map<string, string> {
  const pairs = plans.flatMap((plan) =>
    sessions
      .filter((session) => mayFulfil(plan, session))
      .map((session) => ({ plan, session, apart: distanceOf(plan, session) })),
  )
  pairs.sort(
    (a, b) =>
      a.apart - b.apart || a.session.start - b.session.start || byId(a.plan, b.plan) || byId(a.session, b.session),
  )
  const matched = new Map<string, string>()
  const taken = new Set<string>()
  for (const { plan, session } of pairs) {
    if (matched.has(plan.id) || taken.has(session.id)) continue
    matched.set(plan.id, session.id)
    taken.add(session.id)
  }
  return matched
}

/** A plan that names no activity takes any workout. */
function mayFulfil(plan: Plan, session: Done): boolean {
  if (plan.family !== null && compareFamilies(plan.family, session.family) === 'different') return false
  return plan.day === session.day || (plan.start !== null && Math.abs(plan.start - session.start) <= nearMs)
}

/** How unlike they are in what the plan names: parts of the larger figure, and hours from its time. */
function distanceOf(plan: Plan, session: Done): number {
  const parts = [
    unlike(plan.duration, session.duration),
    unlike(plan.distance, session.distance),
    ...(plan.start === null ? [] : [Math.abs(plan.start - session.start) / 3_600_000]),
    plan.family === session.family ? 0 : 1,
  ]
  return parts.reduce((sum, part) => sum + part, 0)
}

function unlike(planned: number | null, done: number | null): number {
  if (planned === null) return 0
  if (done === null) return 1
  const larger = Math.max(planned, done)
  return larger > 0 ? Math.abs(planned - done) / larger : 0
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
