/** The other side of a read: one row a sample, primary key (series, time), a value a minute, asked in SQL with no server between. */
import type pg from 'pg'
import { median } from './figure.ts'

export interface RowsPlan {
  series: number
  /** As PostgreSQL reads an instant. */
  from: string
  to: string
}

/** Answers how many rows there are. */
export async function makeRows(client: pg.Client, { series, from, to }: RowsPlan): Promise<number> {
  await client.query(`
    create table row_point (series int8, ts timestamptz, value float8, primary key (series, ts));
    insert into row_point
    select s, ts, 60 + s + extract(minute from ts)::int % 7
    from generate_series(1, ${series}) as s, generate_series(timestamptz '${from}', timestamptz '${to}', interval '1 minute') as ts`)
  await client.query('vacuum analyze row_point')
  const { rows } = await client.query<{ n: string }>('select count(*) as n from row_point')
  return Number(rows[0]?.n)
}

/** Warm, in ms. */
export async function timeRows(client: pg.Client, query: string, times: number): Promise<number> {
  const waits: number[] = []
  for (let at = 0; at < times + 2; at++) {
    const begun = performance.now()
    await client.query(query)
    if (at >= 2) waits.push(performance.now() - begun)
  }
  return median(waits)
}
