/** What Wahoo's calendar holds for the days to come: workouts without a summary, each with the plans and the way that it names. */
import { z } from 'zod'
import type { FetchContext, ToldCalendar, ToldPlan, Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { dateOf, given } from '../kit/tell.ts'
import { offsetIn } from '../kit/zone.ts'
import { workoutTypes } from './workout-types.ts'

const planned = z.object({
  starts: z.string(),
  workout_summary: z.null().optional(),
  plan_id: z.number().nullish(),
  plan_ids: z.array(z.number()).nullish(),
  route_id: z.number().nullish(),
})

export const plan = z.object({ id: z.number(), description: z.string().nullish() })
export const route = z.object({ id: z.number(), distance: z.number().nullish() })

export const calendar = z.object({
  calendar: z.object({ from: z.string(), ids: z.array(z.string()), asked: z.number() }),
})

/** A library that is closed to us costs a plan its text, and what was done nothing. */
const refusals: number[] = [403, 404, 410]

type Library = (workout: unknown) => Promise<unknown>

/**
 * A workout to come with what it names of the person's library. Each of the two lists is asked for once, and only when a workout names
 * something of it: a sandbox app has 250 requests a day. They hold what our own app made and, with an entitlement, Wahoo's plans.
 */
export function libraryOf(http: ProviderHttp, { scopes, now }: FetchContext): Library {
  const listed = (path: string, scope: string) => {
    let asked: Promise<readonly unknown[]> | undefined
    return async (ids: readonly number[]): Promise<unknown[]> => {
      if (!ids.length || !scopes.includes(scope)) return []
      asked ??= http
        .get(path, undefined, { expects: refusals })
        .then(({ status, body }) => (refusals.includes(status) ? [] : readAnswer(z.array(z.unknown()), body)))
      return (await asked).filter((one) => ids.includes(idOf(one)))
    }
  }
  const [plansOf, routesOf] = [listed('/v1/plans', 'plans_read'), listed('/v1/routes', 'routes_read')]
  return async (workout) => {
    const { data } = planned.safeParse(workout)
    if (!data || !(Date.parse(data.starts) > now)) return workout
    const { plan_id, plan_ids, route_id } = data
    const plans = await plansOf([...new Set([...(plan_id ? [plan_id] : []), ...(plan_ids ?? [])])])
    const [way] = await routesOf(route_id ? [route_id] : [])
    return { ...(workout as object), ...(plans.length ? { plans } : {}), ...given({ route: way }) }
  }
}

const named = z.object({ id: z.number() })
const idOf = (one: unknown): number => named.safeParse(one).data?.id ?? Number.NaN

const listed = z.object({ id: z.number(), starts: z.string() })

/**
 * All that is to come, when the first page held it: between one page and the next the list may change, and what slipped from one to the
 * other would count as taken out. The rest of the workouts are named too, since one that was done early is not gone.
 */
export function wholeCalendar(
  first: readonly unknown[],
  total: number,
  window: Window,
  { now, timeZone }: FetchContext,
): z.infer<typeof calendar> | undefined {
  const workouts = first.map((one) => listed.safeParse(one).data)
  const last = workouts.at(-1)
  const isWhole = first.length >= total || (last !== undefined && Date.parse(last.starts) < now)
  if (window.to < now || !isWhole || workouts.includes(undefined)) return undefined
  const ids = workouts.map((workout) => String(workout?.id))
  return { calendar: { from: localDay(now, timeZone), ids, asked: now } }
}

export const toldCalendar = ({ calendar: { from, ids, asked } }: z.infer<typeof calendar>): ToldCalendar => ({
  ...{ kind: 'calendar', from, externalIds: ids, asked },
})

interface Planned {
  id: number
  starts: string
  name?: string | null | undefined
  minutes?: number | null | undefined
  workout_type_id?: number | null | undefined
  plan_id?: number | null | undefined
  plans?: readonly z.infer<typeof plan>[] | undefined
  route?: z.infer<typeof route> | undefined
}

/** Of several plans (one for indoors, one for outdoors) the one that was chosen says what to do, or the first. */
export function toldPlan(workout: Planned, timeZone: string): ToldPlan {
  const { id, starts, name, minutes, workout_type_id: type, plan_id, plans = [], route } = workout
  const start = Date.parse(starts)
  const activity = workoutTypes[type ?? 255] ?? 'other'
  const chosen = plans.find((one) => one.id === plan_id) ?? plans[0]
  return {
    kind: 'plan',
    externalId: String(id),
    date: localDay(start, timeZone),
    start,
    activity,
    title: name?.trim() || 'Workout',
    ...given({ description: chosen?.description, duration: minutes && minutes * 60, distance: route?.distance }),
  }
}

const localDay = (t: number, timeZone: string): string => dateOf(t, offsetIn(timeZone, t) ?? 0)
