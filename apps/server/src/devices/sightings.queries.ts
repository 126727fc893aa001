import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'
import { arrayOf } from '../platform/samples/pg-arrays.ts'
import type { Sighting } from './sightings.ts'

/**
 * The cadence is a moving average of the gaps between deliveries: each delivery moves it a fifth of the way.
 * Several that came since the last write count as that many steps towards their mean gap. A device that was only registered becomes active.
 */
export async function saveSightings(tx: Write, sightings: readonly Sighting[]): Promise<void> {
  await sql`
    with seen as (
      select * from unnest(
        ${arrayOf(
          'uuid',
          sightings.map((s) => s.userId),
        )}::uuid[],
        ${arrayOf(
          'uuid',
          sightings.map((s) => s.deviceId),
        )}::uuid[],
        ${arrayOf(
          'timestamptz',
          sightings.map((s) => s.first),
        )}::timestamptz[],
        ${arrayOf(
          'timestamptz',
          sightings.map((s) => s.last),
        )}::timestamptz[],
        ${arrayOf(
          'int4',
          sightings.map((s) => s.deliveries),
        )}::int4[],
        ${arrayOf(
          'int2',
          sightings.map((s) => s.battery),
        )}::int2[],
        ${arrayOf(
          'text',
          sightings.map((s) => s.signal),
        )}::text[]
      ) as s (user_id, device_id, first_at, last_at, deliveries, battery, signal)
    ),
    paced as (
      select s.*, d.cadence_seconds as known,
        s.deliveries - case when d.last_seen_at is null then 1 else 0 end as gaps,
        greatest(extract(epoch from s.last_at - coalesce(d.last_seen_at, s.first_at)), 0) as span
      from seen s join devices d using (user_id, device_id)
    )
    update devices d set
      last_seen_at = greatest(d.last_seen_at, p.last_at),
      battery_level = coalesce(p.battery, d.battery_level),
      signal_strength = coalesce(p.signal, d.signal_strength),
      status = case when d.status = 'registered' then 'active' else d.status end,
      cadence_seconds = case
        when p.gaps = 0 then p.known
        when p.known is null then p.span / p.gaps
        else p.known + (p.span / p.gaps - p.known) * (1 - power(0.8, p.gaps))
      end
    from paced p
    where d.user_id = p.user_id and d.device_id = p.device_id`.execute(tx)
}
