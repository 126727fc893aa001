/** Raw binary COPY into a bare table: the fastest that PostgreSQL takes rows, with duplicates not even looked for. */
import { once } from 'node:events'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

import { heartColumns } from './bodies.ts'
import { withClient } from './under-test.ts'

const rowBytes = 2 + 4 + 8 + 4 + 8 + 4 + 8
const epoch2000 = 946_684_800_000
const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const trailer = Buffer.from([0xff, 0xff])

const bareTable = 'create table bare_point (series int8 not null, ts timestamptz not null, value float8 not null)'

/** Copies points in batches, one COPY each, and answers the seconds it took with their encoding. */
async function copyPoints(
  config: pg.ClientConfig,
  series: number,
  t: Float64Array,
  v: Float64Array,
  batch: number,
): Promise<number> {
  const client = new pg.Client(config)
  await client.connect()
  const begun = performance.now()
  for (let at = 0; at < t.length; at += batch) {
    const stream = client.query(copyFrom('copy bare_point from stdin (format binary)'))
    stream.write(header)
    stream.write(encodeRows(series, t.subarray(at, at + batch), v.subarray(at, at + batch)))
    stream.end(trailer)
    await once(stream, 'finish')
  }
  const seconds = (performance.now() - begun) / 1_000
  await client.end()
  return seconds
}

function encodeRows(series: number, t: Float64Array, v: Float64Array): Buffer {
  const rows = Buffer.allocUnsafe(t.length * rowBytes)
  const view = new DataView(rows.buffer, rows.byteOffset, rows.length)
  let at = 0
  for (let i = 0; i < t.length; i++) {
    view.setInt16(at, 3)
    view.setInt32(at + 2, 8)
    view.setInt32(at + 6, 0)
    view.setInt32(at + 10, series)
    view.setInt32(at + 14, 8)
    const micros = ((t[i] ?? 0) - epoch2000) * 1_000
    view.setInt32(at + 18, Math.floor(micros / 4_294_967_296))
    view.setUint32(at + 22, micros >>> 0)
    view.setInt32(at + 26, 8)
    view.setFloat64(at + 30, v[i] ?? 0)
    at += rowBytes
  }
  return rows
}

/** Points a second of two million into a fresh table, 100,000 a COPY. */
export async function copyRate(config: pg.ClientConfig): Promise<number> {
  await withClient(config, async (client) => void (await client.query(`drop table if exists bare_point; ${bareTable}`)))
  const { t, v } = heartColumns(2_000_000)
  return t.length / (await copyPoints(config, 1, t, v, 100_000))
}
