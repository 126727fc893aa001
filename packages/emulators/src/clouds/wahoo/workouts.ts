/** Workouts as Wahoo spells them: decimals are strings, the summary is a record of its own. */
import type { SessionReading } from '@tributary/protocol'
import type { Account, Draft, Kept } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { isoUtc } from '../kit/times.ts'
import { libraryOf, namedBy } from './library.ts'

export const cdnPath = '/wahoo-cloud/production/uploads/workout_file/file'

export const workoutIdOf = (ids: Ids, key: string): string => String(ids.integer(9, 'workout', key))

export function* recordsOf(ids: Ids, account: Account): Iterable<Draft> {
  yield* workoutsOf(ids, account)
  yield* libraryOf(ids, account)
}

function* workoutsOf(ids: Ids, account: Account): Iterable<Draft> {
  for (const { reading, key } of account.measured.sessions('workout')) {
    const { start, end, title, extra = {} } = reading
    const id = workoutIdOf(ids, key)
    const name = title ?? 'Workout'
    const body = {
      id: Number(id),
      starts: isoUtc(start),
      minutes: Math.round((end - start) / 60_000),
      name,
      ...namedBy(ids, key, reading),
      workout_token: `ELEMNT BOLT 3C1A:${ids.integer(2, 'token', key)}`,
      workout_type_id: typeOf(reading),
      workout_summary:
        extra['planned'] === true ? null : summaryOf(ids.integer(9, 'summary', key), name, reading, account, id),
    }
    yield { feed: 'workout', id, at: start, end, body }
  }
}

const types: Readonly<Record<string, number>> = {
  cycling: 0,
  running: 1,
  running_trail: 4,
  running_treadmill: 5,
  walking: 6,
  hiking: 9,
  cycling_mountain: 13,
  cycling_indoor: 12,
  cycling_virtual: 68,
  cycling_electric: 64,
  swimming_pool: 25,
  swimming_open_water: 26,
  rowing: 39,
  rowing_machine: 22,
  strength: 42,
  yoga: 66,
}

/** A number that the page's table does not have can be stated by `extra`: its gaps are part of it. */
const typeOf = ({ activity, extra }: SessionReading): unknown =>
  extra?.['workout_type_id'] ?? types[activity ?? ''] ?? 47

const decimal = (value: number | undefined, digits = 1) => (value ?? 0).toFixed(digits)

function summaryOf(id: number, name: string, reading: SessionReading, account: Account, workout: string) {
  const { start, end, totals, extra = {} } = reading
  const total = totals['duration'] ?? (end - start) / 1000
  const active = totals['active_duration'] ?? total
  const manual = extra['manual'] === true
  const power = totals['power_avg']
  const stamp = isoUtc(start).slice(0, 19).replaceAll(':', '').replace('T', '-')
  return {
    id,
    name,
    ascent_accum: decimal(totals['elevation_gain']),
    cadence_avg: decimal(totals['cadence_avg'] ?? (totals['cadence_steps_avg'] ?? 0) / 2),
    calories_accum: decimal(totals['energy_active']),
    distance_accum: decimal(totals['distance'], 2),
    duration_active_accum: decimal(active),
    duration_paused_accum: decimal(total - active),
    duration_total_accum: decimal(total),
    heart_rate_avg: decimal(totals['heart_rate_avg']),
    power_avg: decimal(power),
    power_bike_np_last: decimal(totals['power_normalized'] ?? power),
    power_bike_tss_last: decimal(totals['training_load']),
    speed_avg: decimal(totals['speed_avg'], 2),
    work_accum: decimal((power ?? 0) * active),
    time_zone: extra['no_zone'] === true ? null : account.timeZone,
    manual,
    edited: false,
    fitness_app_id: 4,
    ...(manual ? {} : { file: { url: `${cdnPath}/${account.id}/${workout}/${stamp}.fit` } }),
  }
}

type Body = Record<string, unknown>

/** With its stamps and whole addresses. */
export function shown({ body, createdAt, updatedAt }: Kept, origin: string): Body & { workout_summary: Body | null } {
  const stamps = { created_at: isoUtc(createdAt), updated_at: isoUtc(updatedAt) }
  const summary = body['workout_summary'] as (Body & { file?: { url: string } }) | null
  const { file } = summary ?? {}
  const workout_summary = summary && { ...summary, ...(file ? { file: { url: origin + file.url } } : {}), ...stamps }
  return { ...body, workout_summary, ...stamps }
}
