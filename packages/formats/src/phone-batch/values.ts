/** Readings from one value of a record: what the catalogue says of the metric decides their kind. */
import { conversionFor, convert, type MetricId, primaryKind, type Reading } from '@tributary/protocol'
import { type PhoneRecord, PhoneRecordError } from './record.ts'

export function amountOf(record: PhoneRecord, metric: MetricId, value: unknown, unit: string | undefined): Reading {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new PhoneRecordError('value_unreadable', 'value is no number')
  if (!conversionFor(metric, unit)) throw new PhoneRecordError('unit_unknown', `${metric} is never measured in ${unit}`)
  const kind = primaryKind(metric)
  if (kind === 'D') return dayOf(record, metric, value, unit)
  if (kind === 'E') return eventOf(record, metric, { value: convert(conversionFor(metric, unit) ?? {}, value) })
  return sampleAt(record, metric, record.start, value, unit, record.end - record.start)
}

export function sampleAt(
  { id, offset, method, version }: PhoneRecord,
  metric: MetricId,
  t: number,
  value: number,
  unit: string | undefined,
  duration = 0,
): Reading {
  return {
    kind: 'sample',
    metric,
    t,
    value,
    recordId: id,
    ...(duration > 0 ? { duration } : {}),
    ...(unit === undefined ? {} : { unit }),
    ...(offset === undefined ? {} : { offset }),
    ...(version === undefined ? {} : { version }),
    ...(method === 'unknown' ? {} : { method }),
  }
}

/** By the date on which it ends where it was measured: a night's value belongs to the morning. */
export function dayOf(
  { end, offset = 0 }: PhoneRecord,
  metric: MetricId,
  value: number,
  unit: string | undefined,
): Reading {
  const date = new Date(end + offset * 60_000).toISOString().slice(0, 10)
  return { kind: 'day', metric, date, value, ...(unit === undefined ? {} : { unit }) }
}

export function eventOf(record: PhoneRecord, metric: string, value: Record<string, number | string | null>): Reading {
  const { id, start, end, offset } = record
  return {
    kind: 'event',
    metric,
    start,
    value,
    externalId: id,
    ...(end > start ? { end } : {}),
    ...(offset === undefined ? {} : { offset }),
  }
}
