import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../platform/db/database.ts'
import { arrayOf, type ColumnType } from '../platform/samples/pg-arrays.ts'
import type { EventRow } from './sifted.ts'
import type { Of } from './tally.ts'

/** Writes what is new or different, and tells which was which: a row that nobody had updated has no xmax. */
export async function upsertEvents(
  tx: Write,
  { userId, sourceId }: Of,
  events: readonly EventRow[],
): Promise<{ metric: string; start_at: Date; external_id: string; is_new: boolean }[]> {
  const column = (type: ColumnType, value: (event: EventRow) => unknown) => arrayOf(type, events.map(value))
  const { rows } = await sql<{ metric: string; start_at: Date; external_id: string; is_new: boolean }>`
    insert into events as known (user_id, source_id, metric, start_at, external_id, event_id, end_at, value, unit, quality, utc_offset_minutes)
    select ${userId}, ${sourceId}, event.*
    from unnest(
      ${column('text', (e) => e.metric)}::text[], ${column('timestamptz', (e) => e.start)}::timestamptz[],
      ${column('text', (e) => e.externalId)}::text[], ${column('uuid', () => uuidv7())}::uuid[],
      ${column('timestamptz', (e) => e.end)}::timestamptz[], ${column('jsonb', (e) => e.value)}::jsonb[],
      ${column('text', (e) => e.unit)}::text[], ${column('int4', (e) => e.quality)}::int4[], ${column('int2', (e) => e.offset)}::int2[]
    ) as event
    on conflict (user_id, source_id, metric, start_at, external_id) do update
      set end_at = excluded.end_at, value = excluded.value, unit = excluded.unit, quality = excluded.quality,
        utc_offset_minutes = excluded.utc_offset_minutes, updated_at = now()
      where (known.value, known.end_at) is distinct from (excluded.value, excluded.end_at)
    returning metric, start_at, external_id, xmax::text = '0' as is_new`.execute(tx)
  return rows
}
