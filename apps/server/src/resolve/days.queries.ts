/** Reading figures. Dates are days since 1970, times ms. */
import { arrayOf } from '../platform/samples/pg-arrays.ts'
import { ask, type Querier, type Statement } from '../platform/samples/sql.ts'

export interface DaySource {
  sourceId: string
  name: string
  kind: string
  deviceId: string | null
  deviceType: string | null
  isDemo: boolean
  /** Its place among the person's sources, the oldest first. */
  age: number
}

const sources = {
  name: 'days_sources',
  text: `
    select s.source_id, coalesce(d.device_name, s.name), s.kind, s.device_id, d.device_type, s.is_demo
    from sources s
    left join devices d on d.user_id = s.user_id and d.device_id = s.device_id
    where s.user_id = $1
    order by s.created_at, s.source_id`,
} as const satisfies Statement

export async function listSources(client: Querier, userId: string): Promise<Map<string, DaySource>> {
  const rows = await ask(client, sources, [userId])
  return new Map(
    rows.map(([sourceId, name, kind, deviceId, deviceType, isDemo], age) => [
      sourceId ?? '',
      {
        ...{ sourceId: sourceId ?? '', name: name ?? '', kind: kind ?? '', age },
        ...{ deviceId: deviceId ?? null, deviceType: deviceType ?? null, isDemo: isDemo === 't' },
      },
    ]),
  )
}

export interface SourceDay {
  metric: string
  day: number
  sourceId: string
  basis: 'stated' | 'samples' | 'events' | 'sessions'
  value: number
  n: number
  min: number | null
  max: number | null
  avg: number | null
  sum: number | null
  last: number | null
  lastAt: number | null
  coverage: number | null
  quality: number | null
}

const ms = (instant: string): string => `(extract(epoch from ${instant}) * 1000)::int8`

const values = {
  name: 'days_values',
  text: `
    select metric, day_on - date '1970-01-01', source_id, basis, value, n, v_min, v_max, v_avg, v_sum, v_last, ${ms('last_at')},
      coverage, quality
    from source_day_values
    where user_id = $1 and metric = any ($2::text[])
      and day_on >= date '1970-01-01' + $3::int and day_on <= date '1970-01-01' + $4::int`,
} as const satisfies Statement

const numberOf = (text: string | null | undefined): number | null => (text == null ? null : Number(text))

/** Every source's figures, in no order: sorting 900 rows by their names takes the database as long as finding them. */
export async function listValues(
  client: Querier,
  userId: string,
  metrics: readonly string[],
  from: number,
  to: number,
): Promise<SourceDay[]> {
  const rows = await ask(client, values, [userId, arrayOf('text', metrics), from, to])
  return rows.map((row) => ({
    metric: row[0] ?? '',
    day: Number(row[1]),
    sourceId: row[2] ?? '',
    basis: row[3] as SourceDay['basis'],
    value: Number(row[4]),
    n: Number(row[5]),
    min: numberOf(row[6]),
    max: numberOf(row[7]),
    avg: numberOf(row[8]),
    sum: numberOf(row[9]),
    last: numberOf(row[10]),
    lastAt: numberOf(row[11]),
    coverage: numberOf(row[12]),
    quality: numberOf(row[13]),
  }))
}

const bounds = {
  name: 'days_bounds',
  text: `
    select ${ms('start_at')}, ${ms('end_at')}
    from source_day_values
    where user_id = $1 and metric = $2 and day_on = date '1970-01-01' + $3::int and source_id = $4 and start_at is not null`,
} as const satisfies Statement

/** When the day began and ended for a source; null where only its date is known. */
export async function findBounds(
  client: Querier,
  userId: string,
  { metric, day, sourceId }: SourceDay,
): Promise<{ startAt: number; endAt: number } | null> {
  const [row] = await ask(client, bounds, [userId, metric, day, sourceId])
  return row ? { startAt: Number(row[0]), endAt: Number(row[1]) } : null
}
