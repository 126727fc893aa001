/** A person's library at Wahoo: plans of what to do and ways to go, which workouts to come name by their ids. */
import type { SessionReading } from '@tributary/protocol'
import type { Account, Draft, Kept } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { isoUtc } from '../kit/times.ts'

/**
 * What a workout to come names, stated by `extra` of what is recorded as planned: `plan`, what its one plan says; `plans`, what those say
 * between which it leaves the choice; `route`, the metres of its way.
 */
export function namedBy(ids: Ids, key: string, { extra = {} }: SessionReading) {
  const { plan, plans, route } = extra
  const several = Array.isArray(plans) ? plans.map((_, i) => ids.integer(8, 'plan', key, String(i))) : []
  return {
    plan_id: typeof plan === 'string' ? ids.integer(8, 'plan', key) : null,
    plan_ids: several,
    route_id: typeof route === 'number' ? ids.integer(6, 'route', key) : null,
  }
}

export function* libraryOf(ids: Ids, account: Account): Iterable<Draft> {
  for (const { reading, key } of account.measured.sessions('workout')) {
    const { start: at, title, extra = {} } = reading
    const { plan, plans, route } = extra
    const named = namedBy(ids, key, reading)
    const owned = { user_id: Number(account.id), name: title ?? 'Workout', workout_type_family_id: 0 }
    const planOf = (id: number, description: unknown): Draft => ({
      ...{ feed: 'plan', id: String(id), at },
      body: { id, ...owned, description, file: { url: null }, workout_type_location_id: 255, ...external(`P${id}`) },
    })
    if (named.plan_id !== null) yield planOf(named.plan_id, plan)
    for (const [i, id] of named.plan_ids.entries()) yield planOf(id, (plans as unknown[])[i])
    const way = { start_lat: 33.975087, start_lng: -85.105208, distance: route, ascent: 2.5, descent: 2.5 }
    const { route_id: id } = named
    if (id !== null)
      yield {
        ...{ feed: 'route', id: String(id), at },
        body: { id, ...owned, description: null, file: { url: null }, ...way, ...external(`R${id}`) },
      }
  }
}

const external = (external_id: string) => ({ external_id, provider_updated_at: null, deleted: false })

export const shownOfLibrary = ({ body, createdAt, updatedAt }: Kept): Record<string, unknown> => ({
  ...body,
  updated_at: isoUtc(updatedAt),
  created_at: isoUtc(createdAt),
})
