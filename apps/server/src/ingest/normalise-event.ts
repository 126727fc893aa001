/** Names and units of what happened: each part of a value has a metric of its own, or is a word, or stays as it is. */
import {
  catalogue,
  conversionFor,
  convert,
  type EventReading,
  isCompound,
  type MetricId,
  qualityCode,
  resolveDataType,
} from '@tributary/protocol'
import { isSame, partsOf, typeLoss, unitLoss } from './names.ts'
import type { EventValue, Sifted } from './sifted.ts'

/** Which metric measures a part of an event: of a compound its table says so, else `value` is the metric's own. */
export function partMetric(metric: string, part: string): MetricId | undefined {
  if (!isCompound(metric)) return part === 'value' ? (metric as MetricId) : undefined
  const parts = partsOf(metric)
  return Object.hasOwn(parts, part) ? parts[part]?.metric : undefined
}

export function nameEvent(event: EventReading, at: number, sifted: Sifted): void {
  const place = event.place ?? 0
  const lose = (loss: { code: string; detail: string }) => sifted.rejected[at]?.push({ index: place, ...loss })
  const type = resolveDataType(event.metric)
  const metric = type?.kind === 'metric' ? type.metric : type?.name
  if (!type || metric === undefined) return void lose(typeLoss(event.metric))
  if (type.kind === 'metric' && !catalogue[type.metric].kind.includes('E'))
    return void lose({ code: 'kind_not_taken', detail: `${metric} is not an event` })
  const value: EventValue = {}
  let unit: string | null = null
  for (const [part, given] of Object.entries(event.value)) {
    const of = partMetric(metric, part)
    if (typeof given !== 'number' || !of) {
      value[part] = given
      continue
    }
    const conversion = conversionFor(of, event.unit)
    if (!conversion) return void lose(unitLoss(of, event.unit))
    value[part] = convert(conversion, given)
    if (!isSame(conversion)) unit = event.unit?.trim() ?? null
  }
  sifted.events.push({
    reading: at,
    place,
    metric,
    start: event.start,
    end: event.end ?? null,
    value,
    unit,
    quality: qualityCode(event.quality) ?? 0,
    offset: event.offset ?? null,
    externalId: event.externalId ?? '',
  })
}
