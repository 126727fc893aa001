/** Series as JSON, CSV or NDJSON, with an ETag: a program that asks again for what has not changed is told so. Browsers keep none of it (no-store). */
import { createHash } from 'node:crypto'
import { stringify } from 'csv-stringify/sync'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sent } from '../platform/http/handle.ts'
import type { WirePoint } from './entries.ts'

export type Format = 'json' | 'csv' | 'ndjson'

export interface WireLine {
  /** What each row of CSV and NDJSON says before its point. */
  head: Record<string, string | null>
  values: readonly WirePoint[]
}

const columns = [
  'timestamp',
  'end',
  'date',
  'value',
  'quality',
  'method',
  'utc_offset_minutes',
  'original_unit',
  'n',
  'min',
  'max',
  'sum',
  'systolic',
  'diastolic',
  'mean',
  'lat',
  'lon',
  'ele',
  'stage',
]

const types: Record<Format, string> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

export function writeSeries(
  request: FastifyRequest,
  reply: FastifyReply,
  format: Format,
  json: unknown,
  lines: readonly WireLine[],
): typeof sent {
  const body = format === 'json' ? JSON.stringify(json) : format === 'csv' ? csvOf(lines) : ndjsonOf(lines)
  return sendSeries(request, reply, format, body)
}

export function sendSeries(request: FastifyRequest, reply: FastifyReply, format: Format, body: string): typeof sent {
  const etag = `"${createHash('sha1').update(body).digest('base64url')}"`
  reply.header('etag', etag)
  if (request.headers['if-none-match'] === etag) reply.code(304).send()
  else reply.type(types[format]).send(body)
  return sent
}

function csvOf(lines: readonly WireLine[]): string {
  const heads = Object.keys(lines[0]?.head ?? { data_type: '', unit: '' })
  return stringify(
    lines.flatMap(({ head, values }) => values.map((point) => ({ ...head, ...point }))),
    { header: true, columns: [...heads, ...columns] },
  )
}

function ndjsonOf(lines: readonly WireLine[]): string {
  return lines
    .flatMap(({ head, values }) => values.map((point) => `${JSON.stringify({ ...head, ...point })}\n`))
    .join('')
}
