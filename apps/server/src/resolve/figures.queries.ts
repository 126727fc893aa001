/** What figures are made of, and the figures themselves. Dates are days since 1970, times ms. */
import type { MetricId } from '@tributary/protocol'
import type { DayFigure } from '../platform/days/day-figures.ts'
import type { FlushStatement } from '../platform/samples/flush.queries.ts'
import { insert } from '../platform/samples/insert.ts'
import { arrayOf } from '../platform/samples/pg-arrays.ts'
import { ask, type Querier, type Statement } from '../platform/samples/sql.ts'
import type { Item } from './plan.ts'

export interface Figure extends DayFigure {
  sourceId: string
  metric: MetricId
  basis: 'stated' | 'samples' | 'events' | 'sessions'
  value: number
}

const dayOf = (date: string): string => `${date} - date '1970-01-01'`
const msOf = (instant: string): string => `(extract(epoch from ${instant}) * 1000)::int8`

/** Ranges as parameters: sources, names, first and last (dates or instants). */
function rangesOf(
  type: 'date' | 'timestamptz',
  ranges: readonly { sourceId: string; name: string; from: number; to: number }[],
): unknown[] {
  return [
    arrayOf(
      'uuid',
      ranges.map(({ sourceId }) => sourceId),
    ),
    arrayOf(
      'text',
      ranges.map(({ name }) => name),
    ),
    arrayOf(
      type,
      ranges.map(({ from }) => from),
    ),
    arrayOf(
      type,
      ranges.map(({ to }) => to),
    ),
  ]
}

const named = (items: readonly Item[]) => items.map((item) => ({ ...item, name: item.metric }))

const series = {
  name: 'days_series',
  text: `
    select s.source_id, s.metric, s.series_id
    from unnest($2::uuid[], $3::text[]) as q (source_id, metric)
    join series s on s.user_id = $1 and s.source_id = q.source_id and s.metric = q.metric`,
} as const satisfies Statement

/** By source and metric, as `source metric`. */
export async function findSeries(
  client: Querier,
  userId: string,
  items: readonly Item[],
): Promise<Map<string, number>> {
  const [sources, metrics] = rangesOf('date', named(items))
  const rows = await ask(client, series, [userId, sources, metrics])
  return new Map(rows.map(([sourceId, metric, id]) => [`${sourceId} ${metric}`, Number(id)]))
}

const stated = {
  name: 'days_stated',
  text: `
    select d.source_id, d.metric, ${dayOf('d.day_on')}, d.value, d.quality
    from unnest($2::uuid[], $3::text[], $4::date[], $5::date[]) as q (source_id, metric, from_on, to_on)
    join source_days d on d.user_id = $1 and d.source_id = q.source_id and d.metric = q.metric
      and d.day_on between q.from_on and q.to_on`,
} as const satisfies Statement

export interface StatedDay {
  sourceId: string
  metric: MetricId
  day: number
  value: number
  /** Code. */
  quality: number
}

export async function readStated(client: Querier, userId: string, items: readonly Item[]): Promise<StatedDay[]> {
  const rows = await ask(client, stated, [userId, ...rangesOf('date', named(items))])
  return rows.map(([sourceId, metric, day, value, quality]) => ({
    sourceId: sourceId ?? '',
    metric: metric as MetricId,
    day: Number(day),
    value: Number(value),
    quality: Number(quality),
  }))
}

export interface RowRange {
  sourceId: string
  /** What stands in `events.metric`, or a type of session. */
  name: string
  /** ms. */
  from: number
  to: number
}

const events = {
  name: 'days_events',
  text: `
    select e.source_id, e.metric, ${msOf('e.start_at')}, e.value, e.quality, e.utc_offset_minutes
    from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[]) as q (source_id, metric, from_at, to_at)
    join events e on e.user_id = $1 and e.source_id = q.source_id and e.metric = q.metric
      and e.start_at >= q.from_at and e.start_at < q.to_at
    order by e.start_at, e.external_id`,
} as const satisfies Statement

export interface StoredEvent {
  sourceId: string
  type: string
  at: number
  value: Record<string, unknown>
  quality: number
  offset: number | null
}

/** Oldest first. */
export async function readEvents(client: Querier, userId: string, ranges: readonly RowRange[]): Promise<StoredEvent[]> {
  const rows = await ask(client, events, [userId, ...rangesOf('timestamptz', ranges)])
  return rows.map(([sourceId, type, at, value, quality, offset]) => ({
    sourceId: sourceId ?? '',
    type: type ?? '',
    at: Number(at),
    value: JSON.parse(value ?? '{}') as Record<string, unknown>,
    quality: Number(quality),
    offset: offset == null ? null : Number(offset),
  }))
}

/** A session belongs to the date it ended on. None lasts longer than 8 days, so its start is looked for by key. */
const sessions = {
  name: 'days_sessions',
  text: `
    select s.source_id, s.type, ${msOf('s.start_at')}, ${msOf('s.end_at')}, s.totals, s.utc_offset_minutes
    from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[]) as q (source_id, type, from_at, to_at)
    join sessions s on s.user_id = $1 and s.source_id = q.source_id and s.type = q.type
      and s.start_at >= q.from_at - interval '8 days' and s.start_at < q.to_at and s.end_at >= q.from_at and s.end_at < q.to_at
      and s.superseded_by is null and s.deleted_at is null
    order by s.end_at, s.session_id`,
} as const satisfies Statement

export interface ShownSession {
  sourceId: string
  type: string
  start: number
  end: number
  totals: Record<string, unknown>
  offset: number | null
}

/** Only those that are shown: the record of another source stands for the others. By end. */
export async function readSessions(
  client: Querier,
  userId: string,
  ranges: readonly RowRange[],
): Promise<ShownSession[]> {
  const rows = await ask(client, sessions, [userId, ...rangesOf('timestamptz', ranges)])
  return rows.map(([sourceId, type, start, end, totals, offset]) => ({
    sourceId: sourceId ?? '',
    type: type ?? '',
    start: Number(start),
    end: Number(end),
    totals: JSON.parse(totals ?? '{}') as Record<string, unknown>,
    offset: offset == null ? null : Number(offset),
  }))
}

const kept = {
  name: 'days_kept',
  text: `
    select v.source_id, v.metric, ${dayOf('v.day_on')}
    from unnest($2::uuid[], $3::text[], $4::date[], $5::date[]) as q (source_id, metric, from_on, to_on)
    join source_day_values v on v.user_id = $1 and v.metric = q.metric and v.source_id = q.source_id
      and v.day_on between q.from_on and q.to_on`,
} as const satisfies Statement

export interface FigureKey {
  sourceId: string
  metric: string
  day: number
}

/** Which dates have a figure so far. */
export async function findKept(client: Querier, userId: string, items: readonly Item[]): Promise<FigureKey[]> {
  const rows = await ask(client, kept, [userId, ...rangesOf('date', named(items))])
  return rows.map(([sourceId, metric, day]) => ({ sourceId: sourceId ?? '', metric: metric ?? '', day: Number(day) }))
}

const hold = {
  name: 'days_hold_sources',
  text: 'select source_id from sources where user_id = $1 and source_id = any ($2::uuid[]) order by source_id for key share',
} as const satisfies Statement

/**
 * Which of these sources are still there, and stay until the transaction ends. Held before their figures are written: who
 * deletes a source takes it first and its figures then, and two who take the same in another order wait for each other.
 */
export async function holdSources(client: Querier, userId: string, sourceIds: Iterable<string>): Promise<Set<string>> {
  const rows = await ask(client, hold, [userId, arrayOf('uuid', [...new Set(sourceIds)])])
  return new Set(rows.map(([sourceId]) => sourceId ?? ''))
}

const drop = {
  name: 'days_drop',
  types: ['uuid', 'text', 'date', 'uuid'],
  text: `
    delete from source_day_values v
    using unnest($1::uuid[], $2::text[], $3::date[], $4::uuid[]) as q (user_id, metric, day_on, source_id)
    where v.user_id = q.user_id and v.metric = q.metric and v.day_on = q.day_on and v.source_id = q.source_id`,
} as const satisfies FlushStatement

export async function dropFigures(client: Querier, userId: string, gone: readonly FigureKey[]): Promise<void> {
  const rows = gone.map(({ metric, day, sourceId }) => [userId, metric, day, sourceId])
  if (rows.length) await insert(client, drop, rows)
}

const figures = [
  'basis',
  'value',
  'n',
  'v_min',
  'v_max',
  'v_avg',
  'v_sum',
  'v_first',
  'v_last',
  'last_at',
  'coverage',
  'quality',
  'start_at',
  'end_at',
]

const put = {
  name: 'days_put',
  types: [
    'uuid',
    'text',
    'date',
    'uuid',
    'text',
    'float8',
    'int4',
    'float8',
    'float8',
    'float8',
    'float8',
    'float8',
    'float8',
    'timestamptz',
    'float8',
    'float8',
    'timestamptz',
    'timestamptz',
  ],
  text: `
    insert into source_day_values as known (user_id, metric, day_on, source_id, ${figures.join(', ')})
    select * from unnest($1::uuid[], $2::text[], $3::date[], $4::uuid[], $5::text[], $6::float8[], $7::int4[], $8::float8[],
      $9::float8[], $10::float8[], $11::float8[], $12::float8[], $13::float8[], $14::timestamptz[], $15::float8[], $16::float8[], $17::timestamptz[], $18::timestamptz[])
    on conflict (user_id, metric, day_on, source_id) do update set
      ${figures.map((name) => `${name} = excluded.${name}`).join(', ')}
      where (${figures.map((name) => `known.${name}`).join(', ')}) is distinct from (${figures.map((name) => `excluded.${name}`).join(', ')})`,
} as const satisfies FlushStatement

/** What stays the same is not written again. */
export async function putFigures(client: Querier, userId: string, rows: readonly Figure[]): Promise<void> {
  if (!rows.length) return
  const values = rows.map((f) => [
    ...[userId, f.metric, f.day, f.sourceId, f.basis, f.value, f.n, f.min, f.max, f.avg, f.sum, f.first, f.last],
    ...[f.lastAt, f.coverage, f.quality, f.startAt, f.endAt],
  ])
  await insert(client, put, values)
}
