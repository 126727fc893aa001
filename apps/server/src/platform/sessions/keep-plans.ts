/** Plans that a source tells, into their table: each by its id there, with what a person made of it and without what they deleted. */
import { planLimits, type Rejection } from '@tributary/protocol'
import type { ToldPlan } from '@tributary/providers/kit'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../db/database.ts'
import { addSuppressed, listOfSource } from '../suppressions/suppressions.queries.ts'
import {
  type Calendar,
  deleteLeftOut,
  deletePlansOf,
  deleteToldPlans,
  findToldPlans,
  type GonePlan,
  type OfSource,
  type PlanOfSource,
  putToldPlans,
  type ToldPlanRow,
} from './keep-plans.queries.ts'
import { editsOf, isSame, type PlanWords, saidOf, shownOf } from './plan-words.ts'
import { lockSessions } from './records.queries.ts'
import { settleDay } from './settle-plans.ts'

const mostAwayMs = 36 * 3_600_000

/** A plan and the session that it becomes may have one id at their source; what is kept away of one says nothing of the other. */
export const suppressedPlan = (externalId: string): string => `plan:${externalId}`

export interface KeptPlans {
  inserted: number
  updated: number
  duplicates: number
  suppressed: number
  /** Plans that cannot be, and figures that a plan is kept without; `index` is its place among the plans. */
  rejected: Rejection[]
  /** Of those, plans that were kept not at all. */
  refused: (Rejection & { plan: ToldPlan })[]
}

/** The caller holds the source. */
export async function keepPlans(tx: Write, of: OfSource, plans: readonly ToldPlan[], now: Date): Promise<KeptPlans> {
  const kept: KeptPlans = { inserted: 0, updated: 0, duplicates: 0, suppressed: 0, rejected: [], refused: [] }
  const lastWords = new Map<string, PlanWords>()
  for (const [index, plan] of plans.entries()) {
    const { words, faults } = wordsOf(plan)
    kept.rejected.push(...faults.map((fault) => ({ index, ...fault })))
    if (!words) kept.refused.push(...faults.map((fault) => ({ index, ...fault, plan })))
    else if (lastWords.has(plan.externalId)) kept.duplicates++
    if (words) lastWords.set(plan.externalId, words)
  }
  if (!lastWords.size) return kept
  await lockSessions(tx, of.userId)
  const unwanted = new Map((await listOfSource(tx, of.userId, of.sourceId)).map((one) => [one.externalId, one.id]))
  const keptAway = new Map<string, number>()
  const known = await findToldPlans(tx, of, [...lastWords.keys()])
  const written: ToldPlanRow[] = []
  const days = new Set<string>()
  for (const [externalId, told] of lastWords) {
    const suppression = unwanted.get(suppressedPlan(externalId))
    const before = known.get(externalId)
    if (suppression) {
      kept.suppressed++
      keptAway.set(suppression, (keptAway.get(suppression) ?? 0) + 1)
    } else if (before && isSame(saidOf(before.words, before.edits), told)) kept.duplicates++
    else {
      const words = before ? shownOf(told, before.words, before.edits) : told
      const edits = before?.edits ? editsOf(told, words) : null
      written.push({
        planned_session_id: before?.planned_session_id ?? uuidv7(),
        external_id: externalId,
        words,
        edits,
      })
      days.add(words.scheduled_on).add(before?.words.scheduled_on ?? words.scheduled_on)
      if (before) kept.updated++
      else kept.inserted++
    }
  }
  if (written.length) await putToldPlans(tx, of, written, now)
  await addSuppressed(tx, of.userId, keptAway)
  for (const day of days) await settleDay(tx, of.userId, day)
  return kept
}

/** What its source took back by its id, whatever became of it. The caller holds the sources. */
export const forgetPlans = (tx: Write, userId: string, plans: readonly PlanOfSource[]): Promise<GonePlan[]> =>
  freeing(tx, userId, () => deleteToldPlans(tx, userId, plans))

/** What a calendar that was read whole does not hold any more. The caller holds the source. */
export const forgetLeftOut = (tx: Write, of: OfSource, calendar: Calendar): Promise<GonePlan[]> =>
  freeing(tx, of.userId, () => deleteLeftOut(tx, of, calendar))

/** All that a source told, which is about to go. The caller holds the source. */
export const forgetPlansOf = (tx: Write, of: OfSource): Promise<GonePlan[]> =>
  freeing(tx, of.userId, () => deletePlansOf(tx, of))

/** Sessions that fulfilled what is gone may fulfil another plan of the day. */
async function freeing(tx: Write, userId: string, remove: () => Promise<GonePlan[]>): Promise<GonePlan[]> {
  await lockSessions(tx, userId)
  const gone = await remove()
  for (const day of new Set(gone.map(({ scheduled_on }) => scheduled_on))) await settleDay(tx, userId, day)
  return gone
}

type Fault = Omit<Rejection, 'index'>

function wordsOf(plan: ToldPlan): { words?: PlanWords; faults: Fault[] } {
  const { date, start, activity, description } = plan
  const title = plan.title.trim().slice(0, planLimits.title)
  const day = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) : Number.NaN
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== date)
    return { faults: [{ code: 'date_invalid', detail: 'The date of a plan cannot be read' }] }
  if (!title) return { faults: [{ code: 'part_missing', detail: 'A plan has no title' }] }
  const faults: Fault[] = []
  const figure = (name: 'duration' | 'distance'): number | null => {
    const value = plan[name]
    if (value === undefined || (value >= 0 && value <= planLimits[name])) return value ?? null
    faults.push({ code: 'out_of_range', detail: `The ${name} of a plan cannot be ${value}` })
    return null
  }
  const isOnDay = start === undefined || Math.abs(start - day - 12 * 3_600_000) <= mostAwayMs
  if (!isOnDay) faults.push({ code: 'out_of_range', detail: 'The time of a plan is not on its day' })
  const words = {
    activity: activity ?? null,
    title,
    description: description?.trim().slice(0, planLimits.description) || null,
    scheduled_on: date,
    start_time: start !== undefined && isOnDay ? new Date(start).toISOString() : null,
    duration: figure('duration'),
    distance: figure('distance'),
  }
  return { words, faults }
}
