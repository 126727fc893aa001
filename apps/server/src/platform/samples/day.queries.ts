/** Statements that rewrite whole days of one series, under its lock. Days are numbers since 1970. */
import type { FlushStatement } from './flush.queries.ts'
import type { Statement } from './sql.ts'

/** The first instant of a UTC day given by number. */
const startOf = (day: string): string => `(date '1970-01-01' + ${day})::timestamp at time zone 'UTC'`
const dayOf = (instant: string): string => `((${instant} at time zone 'UTC')::date - date '1970-01-01')`

/** Updating the row is the lock. Days about to lose their segments are no longer marked. No row: the series is gone. */
export const lockSeries = {
  name: 'samples_lock_series',
  text: `
    update latest set
      last_seq = last_seq + 1,
      open_segments = case when open_day - date '1970-01-01' between $3::int and $4::int then 0 else open_segments end,
      open_span_ms = case when open_day - date '1970-01-01' between $3::int and $4::int then 0 else open_span_ms end
    where user_id = $1 and series_id = $2
    returning (extract(epoch from ts) * 1000)::int8`,
} as const satisfies Statement

export const takeSegments = {
  name: 'samples_take_segments',
  text: `
    delete from segment
    where user_id = $1 and series_id = $2 and t0 >= ${startOf('$3::int')} and t0 < ${startOf('$4::int + 1')}
    returning ${dayOf('t0')}, seq, data`,
} as const satisfies Statement

/** Chunks of the given days. */
export const readChunks = {
  name: 'samples_read_chunks',
  text: `
    select c.day - date '1970-01-01', c.data
    from unnest($3::date[]) as q (day) join chunk c on c.user_id = $1 and c.series_id = $2 and c.day = q.day`,
} as const satisfies Statement

/** Drops chunks of a range of days, but for the given ones; tells how many points each had. */
export const dropChunks = {
  name: 'samples_drop_chunks',
  text: `
    delete from chunk
    where user_id = $1 and series_id = $2
      and day between date '1970-01-01' + $3::int and date '1970-01-01' + $4::int and day <> all ($5::date[])
    returning n`,
} as const satisfies Statement

export const dropChunk = {
  name: 'samples_drop_chunk',
  text: `delete from chunk where user_id = $1 and series_id = $2 and day = date '1970-01-01' + $3::int`,
} as const satisfies Statement

export const putChunks = {
  name: 'samples_put_chunks',
  types: ['uuid', 'int8', 'date', 'int4', 'timestamptz', 'float8', 'float8', 'float8', 'bytea'],
  text: `
    insert into chunk (user_id, series_id, day, n, t_last, v_min, v_max, v_sum, data)
    select * from unnest($1::uuid[], $2::int8[], $3::date[], $4::int4[], $5::timestamptz[], $6::float8[], $7::float8[], $8::float8[], $9::bytea[])
    on conflict (user_id, series_id, day) do update set
      n = excluded.n, t_last = excluded.t_last, v_min = excluded.v_min, v_max = excluded.v_max, v_sum = excluded.v_sum,
      data = excluded.data`,
} as const satisfies FlushStatement

export const clearDirty = {
  name: 'samples_clear_dirty',
  text: `
    delete from dirty
    where user_id = $1 and series_id = $2 and day between date '1970-01-01' + $3::int and date '1970-01-01' + $4::int`,
} as const satisfies Statement

/** The bytes that hold a series' newest point: its last chunk, and the segments of the last day that has any. */
export const readNewest = {
  name: 'samples_read_newest',
  text: `
    (select 0::int8, data from chunk where user_id = $1 and series_id = $2 order by day desc limit 1)
    union all
    select seq, data from segment
    where user_id = $1 and series_id = $2
      and t0 >= (select date_trunc('day', max(t0), 'UTC') from segment where user_id = $1 and series_id = $2)`,
} as const satisfies Statement

export const setNewest = {
  name: 'samples_set_newest',
  types: ['uuid', 'int8', 'timestamptz', 'float8', 'int8', 'int8', 'int2'],
  text: `
    update latest set
      ts = n.ts, value = n.value, duration_ms = n.duration_ms, quality = n.quality, utc_offset_minutes = n.utc_offset_minutes
    from unnest($1::uuid[], $2::int8[], $3::timestamptz[], $4::float8[], $5::int8[], $6::int8[], $7::int2[])
      as n (user_id, series_id, ts, value, duration_ms, quality, utc_offset_minutes)
    where latest.user_id = n.user_id and latest.series_id = n.series_id`,
} as const satisfies FlushStatement

/**
 * Days to compact: over and quiet, or crowded. How crowded a day may get grows with what its chunk holds already, since
 * compacting rewrites the chunk: a series of one segment a second is rewritten some 200 times a day instead of 1,800.
 */
export const findCompactable = {
  name: 'samples_find_compactable',
  text: `
    select d.user_id, d.series_id, d.day - date '1970-01-01'
    from dirty d
    join latest l on l.user_id = d.user_id and l.series_id = d.series_id
    left join chunk c on c.user_id = d.user_id and c.series_id = d.series_id and c.day = d.day and l.open_day = d.day
    where (d.day < date '1970-01-01' + $1::int and d.since <= ($2::timestamptz[])[1])
      or (l.open_day = d.day and l.open_segments > $3::int + coalesce(c.n, 0) / 64)
    order by d.user_id, d.series_id, d.day
    limit $4`,
} as const satisfies Statement

/** The local dates that points of some UTC days can belong to: clocks differ from UTC by 18 hours at most, and no amount lasts longer than 36. */
const markDates = (marked: string): string => `
    insert into day_marks (user_id, source_id, metric, from_on, to_on)
    select s.user_id, s.source_id, s.metric, ${marked}
    from series s`

/** Before days lose their segments: those that no figure of a local day has seen yet are marked, since the segments told so. */
export const markUnresolved = {
  name: 'samples_mark_unresolved',
  text: `${markDates('min(d.day) - 1, max(d.day) + 3')}
    join dirty d using (user_id, series_id)
    where s.user_id = $1 and s.series_id = $2 and d.day between date '1970-01-01' + $3::int and date '1970-01-01' + $4::int
      and exists (
        select from segment g
        where g.user_id = d.user_id and g.series_id = d.series_id and g.seq > d.resolved_seq
          and g.t0 >= d.day::timestamp at time zone 'UTC' and g.t0 < (d.day + 1)::timestamp at time zone 'UTC')
    group by s.user_id, s.source_id, s.metric`,
} as const satisfies Statement

/** Points of these days are gone; null for no bound. */
export const markDeleted = {
  name: 'samples_mark_deleted',
  text: `${markDates(`date '1970-01-01' + $3::int - 1, date '1970-01-01' + $4::int + 3`)}
    where s.user_id = $1 and s.series_id = $2`,
} as const satisfies Statement
