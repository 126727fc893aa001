import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'
import type { DayRow } from './sifted.ts'
import type { Of } from './tally.ts'

/** Writes what is new or different, and tells which was which: a row that nobody had updated has no xmax. */
export async function upsertDays(
  tx: Write,
  { userId, sourceId }: Of,
  days: readonly DayRow[],
): Promise<{ metric: string; date: string; is_new: boolean }[]> {
  const { rows } = await sql<{ metric: string; date: string; is_new: boolean }>`
    insert into source_days as known (user_id, source_id, metric, day_on, value, unit, quality)
    select ${userId}, ${sourceId}, metric, day_on, value, unit, quality
    from unnest(
      ${days.map((day) => day.metric)}::text[], ${days.map((day) => day.date)}::date[], ${days.map((day) => day.value)}::float8[],
      ${days.map((day) => day.unit)}::text[], ${days.map((day) => day.quality)}::int4[]
    ) as day (metric, day_on, value, unit, quality)
    on conflict (user_id, source_id, metric, day_on) do update
      set value = excluded.value, unit = excluded.unit, quality = excluded.quality, updated_at = now()
      where known.value is distinct from excluded.value
    returning metric, day_on as date, xmax::text = '0' as is_new`.execute(tx)
  return rows
}
