import type { Statement } from './sql.ts'

export const findSeries = {
  name: 'samples_find_series',
  text: 'select series_id from series where user_id = $1 and source_id = $2 and metric = $3',
} as const satisfies Statement

export const createSeries = {
  name: 'samples_create_series',
  text: `
    insert into series (user_id, source_id, metric) values ($1, $2, $3)
    on conflict (user_id, source_id, metric) do nothing
    returning series_id`,
} as const satisfies Statement

export const readLatest = {
  name: 'samples_read_latest',
  text: `
    select series_id, (extract(epoch from ts) * 1000)::int8, value, duration_ms, quality, utc_offset_minutes
    from latest
    where user_id = $1 and series_id = any($2::int8[]) and ts is not null`,
} as const satisfies Statement

/** Figures of local days stand for nothing any more. */
export const markErased = {
  name: 'samples_mark_erased',
  text: `
    insert into day_marks (user_id, source_id, metric)
    select user_id, source_id, metric from series where user_id = $1 and series_id = any($2::int8[])`,
} as const satisfies Statement

/** Waits for a flush that holds a series' lock; later flushes break on the reference from `latest`. */
export const eraseSeries = {
  name: 'samples_erase_series',
  text: 'delete from series where user_id = $1 and series_id = any($2::int8[])',
} as const satisfies Statement

/** What hangs from a series by number only. */
export const eraseStored = (['segment', 'chunk', 'dirty', 'record_ref'] as const).map(
  (table) =>
    ({
      name: `samples_erase_${table}`,
      text: `delete from ${table} where user_id = $1 and series_id = any($2::int8[])`,
    }) as const satisfies Statement,
)
