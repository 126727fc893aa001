/** The statements of a flush. Parameters are arrays of equal length, one element a row. */
import type { ColumnType } from './pg-arrays.ts'
import { dayMs } from './points.ts'
import type { Statement } from './sql.ts'

/** One multi-row insert of somebody else's table that joins a flush; row values in the order of `types`. */
export interface FlushStatement extends Statement {
  types: readonly ColumnType[]
}

/** Locks each series, numbers this flush in it and takes up its newest point. Rows must come in key order. */
export const lockAndNumber = {
  name: 'samples_lock_and_number',
  types: ['uuid', 'int8', 'timestamptz', 'float8', 'int8', 'int8', 'int2', 'date', 'int4'],
  text: `
    insert into latest as l (user_id, series_id, last_seq, ts, value, duration_ms, quality, utc_offset_minutes, open_day, open_segments, open_span_ms)
    select user_id, series_id, 1, ts, value, duration_ms, quality, utc_offset_minutes, open_day, 1, open_span_ms
    from unnest($1::uuid[], $2::int8[], $3::timestamptz[], $4::float8[], $5::int8[], $6::int8[], $7::int2[], $8::date[], $9::int4[])
      as n (user_id, series_id, ts, value, duration_ms, quality, utc_offset_minutes, open_day, open_span_ms)
    on conflict (user_id, series_id) do update set
      last_seq = l.last_seq + 1,
      before_ts = l.ts,
      ts = greatest(l.ts, excluded.ts),
      value = case when l.ts > excluded.ts then l.value else excluded.value end,
      duration_ms = case when l.ts > excluded.ts then l.duration_ms else excluded.duration_ms end,
      quality = case when l.ts > excluded.ts then l.quality else excluded.quality end,
      utc_offset_minutes = case when l.ts > excluded.ts then l.utc_offset_minutes else excluded.utc_offset_minutes end,
      open_day = excluded.open_day,
      open_segments = 1 + case when l.open_day = excluded.open_day then l.open_segments else 0 end,
      open_span_ms = case
        when l.open_day = excluded.open_day then greatest(l.open_span_ms, excluded.open_span_ms)
        when l.ts < excluded.open_day::timestamp at time zone 'UTC' then excluded.open_span_ms
        else ${dayMs} -- an older day, which may hold anything
      end
    returning series_id, last_seq, (extract(epoch from before_ts) * 1000)::int8, open_segments, open_span_ms`,
} as const satisfies FlushStatement

/**
 * All stored bytes that may hold points of [t0, t1] of a series' day, whose segments begin at `since` or later. A chunk is
 * older than any segment of its day.
 */
export const findOverlaps = {
  name: 'samples_find_overlaps',
  types: ['uuid', 'int8', 'date', 'timestamptz', 'timestamptz', 'timestamptz'],
  text: `
    with q as (
      select * from unnest($1::uuid[], $2::int8[], $3::date[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[])
        as q (user_id, series_id, day, since, t0, t1)
    )
    select c.series_id, 0::int8, c.data
    from q join chunk c on c.user_id = q.user_id and c.series_id = q.series_id and c.day = q.day and c.t_last >= q.t0
    union all
    select s.series_id, s.seq, s.data
    from q join segment s on s.user_id = q.user_id and s.series_id = q.series_id
      and s.t0 >= q.since and s.t0 <= q.t1 and s.t1 >= q.t0`,
} as const satisfies FlushStatement

export const insertSegments = {
  name: 'samples_insert_segments',
  types: ['uuid', 'int8', 'timestamptz', 'int8', 'timestamptz', 'int4', 'bytea'],
  text: `
    insert into segment (user_id, series_id, t0, seq, t1, n, data)
    select * from unnest($1::uuid[], $2::int8[], $3::timestamptz[], $4::int8[], $5::timestamptz[], $6::int4[], $7::bytea[])`,
} as const satisfies FlushStatement

/** Days that have segments from now on. */
export const markDirty = {
  name: 'samples_mark_dirty',
  types: ['uuid', 'int8', 'date', 'timestamptz'],
  text: `
    insert into dirty (user_id, series_id, day, since)
    select * from unnest($1::uuid[], $2::int8[], $3::date[], $4::timestamptz[])
    on conflict do nothing`,
} as const satisfies FlushStatement

/** Written first thing in a flush. */
export const markFlush = {
  name: 'samples_mark_flush',
  text: `
    insert into flush_mark (slot, flush, at) values ($1, $2, now())
    on conflict (slot) do update set flush = excluded.flush, at = excluded.at`,
} as const satisfies Statement

/** Waits for a transaction that may still be ending, then tells which flush of the slot was the last to commit. */
export const readFlushMark = {
  name: 'samples_read_flush_mark',
  text: 'select flush from flush_mark where slot = $1 for update',
} as const satisfies Statement

/** Slots of processes that are long gone. */
export const forgetFlushMarks = {
  name: 'samples_forget_flush_marks',
  text: `delete from flush_mark where at < now() - interval '7 days'`,
} as const satisfies Statement
