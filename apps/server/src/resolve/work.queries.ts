/** What has to be worked out again, of whom. Dates are days since 1970. */
import type { FlushStatement } from '../platform/samples/flush.queries.ts'
import { insert } from '../platform/samples/insert.ts'
import { arrayOf } from '../platform/samples/pg-arrays.ts'
import { ask, type Querier, type Row, type Statement } from '../platform/samples/sql.ts'
import type { Mark } from './plan.ts'

const dayOf = (date: string): string => `${date} - date '1970-01-01'`

/**
 * Segments of a day in `dirty` that the figures have not seen. The number of a flush is given under its series' lock, so
 * whatever commits after a reading has a higher one than all that the reading saw.
 */
const unseen = `
  from dirty d
  join latest l on l.user_id = d.user_id and l.series_id = d.series_id and l.last_seq > d.resolved_seq
  cross join lateral (
    select max(g.seq) as seq, min(g.t0) as first, max(g.t1) as last
    from segment g
    where g.user_id = d.user_id and g.series_id = d.series_id and g.seq > d.resolved_seq
      and g.t0 >= d.day::timestamp at time zone 'UTC' and g.t0 < (d.day + 1)::timestamp at time zone 'UTC'
  ) as fresh`

const people = {
  name: 'days_people',
  text: `
    with recursive hot (user_id) as (
      (select user_id from dirty order by user_id limit 1)
      union all
      select (select d.user_id from dirty d where d.user_id > hot.user_id order by d.user_id limit 1)
      from hot where hot.user_id is not null
    )
    select user_id from hot
    where user_id is not null and exists (select ${unseen} where d.user_id = hot.user_id and fresh.seq is not null)
    union
    select user_id from day_marks`,
} as const satisfies Statement

/** Everybody of whom something is to be worked out. A writer's question. */
export async function findPeople(client: Querier): Promise<string[]> {
  return (await ask(client, people, [])).map(([userId]) => userId ?? '')
}

const lock = {
  name: 'days_lock',
  text: `select pg_try_advisory_xact_lock(hashtextextended('days of ' || $1::text, 0))`,
} as const satisfies Statement

/** False when another process is at work for the person: of two, the one that read first could write last. */
export async function lockPerson(client: Querier, userId: string): Promise<boolean> {
  return (await ask(client, lock, [userId]))[0]?.[0] === 't'
}

/** As writers of samples do: nobody's statistics know tables that fill this fast, and a plan from when they were empty would scan them. */
export async function planByKey(client: Querier): Promise<void> {
  const ways = ['seqscan', 'hashjoin', 'mergejoin']
  await Promise.all(ways.map((way) => ask(client, { name: '', text: `set local enable_${way} = off` }, [])))
}

/**
 * For whoever only reads, as the first statement: what a compaction turns from a segment into a mark between two statements,
 * or a resolver from a mark into figures, would otherwise be in neither.
 */
export async function inOneSnapshot(client: Querier): Promise<void> {
  await ask(client, { name: '', text: 'set transaction isolation level repeatable read' }, [])
}

const calendar = {
  name: 'days_calendar',
  text: `select time_zone, ${dayOf('current_date')} from users where user_id = $1`,
} as const satisfies Statement

/** A person's zone, and about what date it is; undefined when the person is gone. */
export async function findCalendar(
  client: Querier,
  userId: string,
): Promise<{ timeZone: string; today: number } | undefined> {
  const [row] = await ask(client, calendar, [userId])
  return row && { timeZone: row[0] ?? 'UTC', today: Number(row[1]) }
}

const mark = `source_id, metric, ${dayOf('from_on')}, ${dayOf('to_on')}`

const take = {
  name: 'days_take_marks',
  text: `
    delete from day_marks
    where user_id = $1 and mark_id in (select mark_id from day_marks where user_id = $1 order by mark_id limit $2)
    returning ${mark}`,
} as const satisfies Statement

const markOf = ([sourceId, metric, from, to]: Row): Mark => ({
  sourceId: sourceId ?? null,
  metric: metric ?? null,
  from: from == null ? Number.NEGATIVE_INFINITY : Number(from),
  to: to == null ? Number.POSITIVE_INFINITY : Number(to),
})

export async function takeMarks(client: Querier, userId: string, most: number): Promise<Mark[]> {
  return (await ask(client, take, [userId, most])).map(markOf)
}

/** One for each source and metric, from the first date to the last: however many marks there are, nothing is left out. */
const look = {
  name: 'days_look_at_marks',
  text: `
    select source_id, metric,
      case when bool_and(from_on is not null) then ${dayOf('min(from_on)')} end,
      case when bool_and(to_on is not null) then ${dayOf('max(to_on)')} end
    from day_marks
    where user_id = $1 and (from_on is null or from_on <= date '1970-01-01' + $3::int) and (to_on is null or to_on >= date '1970-01-01' + $2::int)
    group by source_id, metric`,
} as const satisfies Statement

export async function lookAtMarks(client: Querier, userId: string, from: number, to: number): Promise<Mark[]> {
  return (await ask(client, look, [userId, from, to])).map(markOf)
}

const put = {
  name: 'days_put_marks',
  types: ['uuid', 'uuid', 'text', 'date', 'date'],
  text: `
    insert into day_marks (user_id, source_id, metric, from_on, to_on)
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::date[])`,
} as const satisfies FlushStatement

const finite = (day: number): number | null => (Number.isFinite(day) ? day : null)

export async function putMarks(client: Querier, userId: string, marks: readonly Mark[]): Promise<void> {
  const rows = marks.map(({ sourceId, metric, from, to }) => [userId, sourceId, metric, finite(from), finite(to)])
  if (rows.length) await insert(client, put, rows)
}

export interface HotDay {
  seriesId: number
  sourceId: string
  metric: string
  /** In UTC. */
  day: number
  /** The last flush of the series by now: a day that is settled with it need not be looked into until the next one. */
  seq: number
  /** Of the points that no figure has seen, ms. */
  first: number
  last: number
}

const hot = {
  name: 'days_hot',
  text: `
    select d.series_id, s.source_id, s.metric, ${dayOf('d.day')}, l.last_seq,
      (extract(epoch from fresh.first) * 1000)::int8, (extract(epoch from fresh.last) * 1000)::int8
    ${unseen}
    join series s on s.user_id = d.user_id and s.series_id = d.series_id
    where d.user_id = $1 and fresh.seq is not null
      and d.day between date '1970-01-01' + $2::int and date '1970-01-01' + $3::int
    order by d.user_id, d.series_id, d.day
    limit $4`,
} as const satisfies Statement

/** In the order of their key, so that it stops at so many however many there are. */
export async function findHotDays(
  client: Querier,
  userId: string,
  from: number,
  to: number,
  most: number,
): Promise<HotDay[]> {
  const rows = await ask(client, hot, [userId, from, to, most])
  return rows.map(([seriesId, sourceId, metric, ...rest]) => {
    const [day = 0, seq = 0, first = 0, last = 0] = rest.map(Number)
    return { seriesId: Number(seriesId), sourceId: sourceId ?? '', metric: metric ?? '', day, seq, first, last }
  })
}

/** A row that the compactor is taking away is left to it: it marks what was not seen. */
const settle = {
  name: 'days_settle',
  types: ['uuid', 'int8', 'date', 'int8'],
  text: `
    with seen as (
      select * from unnest($1::uuid[], $2::int8[], $3::date[], $4::int8[]) as seen (user_id, series_id, day, seq)
    ), free as (
      select d.user_id, d.series_id, d.day from dirty d join seen using (user_id, series_id, day)
      for update of d skip locked
    )
    update dirty d set resolved_seq = greatest(d.resolved_seq, seen.seq)
    from seen join free using (user_id, series_id, day)
    where d.user_id = free.user_id and d.series_id = free.series_id and d.day = free.day`,
} as const satisfies FlushStatement

/** Says that the figures hold these days' segments up to those numbers. */
export async function settleDays(client: Querier, userId: string, days: readonly HotDay[]): Promise<void> {
  const rows = days.map(({ seriesId, day, seq }) => [userId, seriesId, day, seq])
  if (rows.length) await insert(client, settle, rows)
}

const holders = {
  name: 'days_holders',
  text: `
    select source_id, metric from series where user_id = $1
    union select source_id, metric from source_days where user_id = $1
    union select source_id, metric from events where user_id = $1
    union select source_id, type from sessions where user_id = $1
    union select source_id, metric from source_day_values where user_id = $1`,
} as const satisfies Statement

/** Every source of a person with the names of what it holds. */
export async function findHolders(client: Querier, userId: string): Promise<{ sourceId: string; type: string }[]> {
  return (await ask(client, holders, [userId])).map(([sourceId, type]) => ({
    sourceId: sourceId ?? '',
    type: type ?? '',
  }))
}

const utcDay = (instant: string): string => dayOf(`(${instant} at time zone 'UTC')::date`)

const extents = {
  name: 'days_extents',
  text: `
    select q.source_id, q.metric,
      least(points.first, stated.first, happened.first, sessions.first, kept.first),
      greatest(points.last, stated.last, happened.last, sessions.last, kept.last)
    from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as q (source_id, metric, event, session)
    left join lateral (
      select
        least(
          (select ${dayOf('min(c.day)')} from chunk c where c.user_id = $1 and c.series_id = s.series_id),
          (select ${utcDay('min(g.t0)')} from segment g where g.user_id = $1 and g.series_id = s.series_id)) - 1 as first,
        greatest(
          (select ${dayOf('max(c.day)')} from chunk c where c.user_id = $1 and c.series_id = s.series_id),
          (select ${utcDay('max(g.t0)')} from segment g where g.user_id = $1 and g.series_id = s.series_id)) + 3 as last
      from series s where s.user_id = $1 and s.source_id = q.source_id and s.metric = q.metric) as points on true
    left join lateral (
      select ${dayOf('min(day_on)')} as first, ${dayOf('max(day_on)')} as last
      from source_days d where d.user_id = $1 and d.source_id = q.source_id and d.metric = q.metric) as stated on true
    left join lateral (
      select ${utcDay('min(start_at)')} - 1 as first, ${utcDay('max(start_at)')} + 1 as last
      from events e where e.user_id = $1 and e.source_id = q.source_id and e.metric = q.event) as happened on true
    left join lateral (
      select ${utcDay('min(end_at)')} - 1 as first, ${utcDay('max(end_at)')} + 1 as last
      from sessions n where n.user_id = $1 and n.source_id = q.source_id and n.type = q.session) as sessions on true
    left join lateral (
      select ${dayOf('min(day_on)')} as first, ${dayOf('max(day_on)')} as last
      from source_day_values v where v.user_id = $1 and v.metric = q.metric and v.source_id = q.source_id) as kept on true`,
} as const satisfies Statement

export interface Extent {
  sourceId: string
  metric: string
  from: number
  to: number
}

/** The dates on which there is or was anything; nothing for those that hold nothing. */
export async function findExtents(
  client: Querier,
  userId: string,
  asked: readonly { sourceId: string; metric: string; event: string; session: string | null }[],
): Promise<Extent[]> {
  const column = (type: 'uuid' | 'text', of: (row: (typeof asked)[number]) => string | null) =>
    arrayOf(type, asked.map(of))
  const rows = await ask(client, extents, [
    userId,
    column('uuid', (row) => row.sourceId),
    column('text', (row) => row.metric),
    column('text', (row) => row.event),
    column('text', (row) => row.session),
  ])
  return rows
    .filter(([, , from]) => from !== null)
    .map(([sourceId, metric, from, to]) => ({
      sourceId: sourceId ?? '',
      metric: metric ?? '',
      from: Number(from),
      to: Number(to),
    }))
}
