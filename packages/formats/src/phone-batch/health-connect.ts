/** Health Connect's record types (androidx.health.connect.client.records), without the suffix `Record`. */
import { catalogue, conversionFor, type MetricId, metricIds, type Reading, tableOf } from '@tributary/protocol'
import { isRecord } from '../json/records.ts'
import { pressureOf } from './blood-pressure.ts'
import { member, numberIn, type PhoneRecord, PhoneRecordError, textIn, timeIn } from './record.ts'
import { sleepOf } from './sleep.ts'
import { amountOf, eventOf, sampleAt } from './values.ts'

/** Where one type stands for several metrics: the plain one. */
const plainMetrics: Readonly<Record<string, MetricId>> = tableOf({
  Distance: 'distance',
  SkinTemperature: 'skin_temperature',
  MindfulnessSession: 'mindfulness_duration',
})

const byType = new Map<string, MetricId>(
  metricIds.flatMap((metric) => {
    const type = catalogue[metric].health_connect
    return type && !type.includes(':') && !(type in plainMetrics) ? [[type, metric] as const] : []
  }),
)

/** Numbers of its lists, by AndroidX. */
const words: Readonly<Partial<Record<MetricId, Readonly<Record<number, string>>>>> = {
  menstruation_flow: { 1: 'light', 2: 'medium', 3: 'heavy' },
  ovulation_test: { 0: 'inconclusive', 1: 'positive', 2: 'high', 3: 'negative' },
  cervical_mucus: { 1: 'dry', 2: 'sticky', 3: 'creamy', 4: 'watery', 5: 'egg_white', 6: 'unusual' },
}

export function readHealthConnect(record: PhoneRecord): Reading[] {
  const type = record.type.replace(/Record$/, '')
  switch (type) {
    case 'SleepSession':
      return [sleepOf(record, 'health_connect')]
    case 'BloodPressure':
      return [pressureOf(record)]
    case 'SkinTemperature':
      return skinTemperatures(record)
    case 'Nutrition':
      return nutrients(record)
    case 'MindfulnessSession':
      return [mindfulness(record)]
    case 'MenstruationPeriod':
    case 'SexualActivity':
      throw new PhoneRecordError('type_not_kept', `${type} has no metric of its own`)
    default:
      return simple(record, type)
  }
}

function simple(record: PhoneRecord, type: string): Reading[] {
  const metric = plainMetrics[type] ?? byType.get(type)
  if (!metric)
    throw new PhoneRecordError('type_unknown', `${type.slice(0, 80) || 'a record without a type'} is not read`)
  const { members, unit } = record
  const samples = members['samples']
  if (Array.isArray(samples)) return samples.map((sample) => sampleOf(record, metric, sample))
  const own = words[metric]
  if (own) return [eventOf(record, metric, { value: wordOf(own, members['value']) })]
  if (catalogue[metric].unit === 'event') return [eventOf(record, metric, { value: 1 })]
  return [amountOf(record, metric, members['value'], unit ?? catalogue[metric].foreignUnits?.health_connect)]
}

function sampleOf(record: PhoneRecord, metric: MetricId, value: unknown): Reading {
  const sample = isRecord(value) ? value : {}
  const at = timeIn(member(sample, 'time') ?? member(sample, 'start'))
  const amount = numberIn(sample['value'] ?? sample['beatsPerMinute'] ?? sample['rate'])
  if (!at || amount === undefined) throw new PhoneRecordError('sample_malformed', 'a sample needs a time and a value')
  if (!conversionFor(metric, record.unit))
    throw new PhoneRecordError('unit_unknown', `${metric} is never measured in ${record.unit}`)
  return sampleAt(record, metric, at.t, amount, record.unit)
}

function wordOf(own: Readonly<Record<number, string>>, value: unknown): string {
  const word = typeof value === 'number' ? own[value] : Object.values(own).find((one) => one === value)
  if (!word) throw new PhoneRecordError('value_unreadable', 'the value is no word that is known')
  return word
}

/** Deltas from a baseline: both the temperature, where there is a baseline, and how far it is off. */
function skinTemperatures(record: PhoneRecord): Reading[] {
  const baseline = numberIn(record.members['baseline'])
  const listed = record.members['deltas']
  const deltas = Array.isArray(listed)
    ? listed
    : [{ time: record.members['time'] ?? record.members['start'], delta: record.members['delta'] }]
  return deltas
    .flatMap((value): Reading[] => {
      const delta = isRecord(value) ? value : {}
      const at = timeIn(member(delta, 'time'))
      const amount = numberIn(delta['delta'])
      if (!at || amount === undefined)
        throw new PhoneRecordError('sample_malformed', 'a delta needs a time and a number')
      return baseline === undefined ? [] : [sampleAt(record, 'skin_temperature', at.t, baseline + amount, record.unit)]
    })
    .concat(deviationOf(record, deltas))
}

/** The catalogue has the deviation of a day: the mean of the record's deltas, on the date it ends. */
function deviationOf({ end, offset = 0 }: PhoneRecord, deltas: readonly unknown[]): Reading[] {
  const values = deltas.flatMap((value) => (isRecord(value) ? (numberIn(value['delta']) ?? []) : []))
  if (!values.length) return []
  const date = new Date(end + offset * 60_000).toISOString().slice(0, 10)
  return [
    {
      kind: 'day',
      metric: 'skin_temperature_deviation',
      date,
      value: values.reduce((a, b) => a + b, 0) / values.length,
    },
  ]
}

const nutrientMetrics: Readonly<Record<string, readonly [metric: MetricId, unit: string]>> = tableOf({
  energy: ['energy_intake', 'kcal'],
  total_carbohydrate: ['carbohydrates_intake', 'g'],
  protein: ['protein_intake', 'g'],
  total_fat: ['fat_intake', 'g'],
  dietary_fiber: ['fiber_intake', 'g'],
  sugar: ['sugar_intake', 'g'],
  sodium: ['sodium_intake', 'g'],
  caffeine: ['caffeine_intake', 'g'],
})

function nutrients(record: PhoneRecord): Reading[] {
  const value = isRecord(record.members['value']) ? record.members['value'] : record.members
  const readings = Object.entries(nutrientMetrics).flatMap(([name, [metric, unit]]) => {
    const amount = numberIn(member(value, name))
    return amount === undefined ? [] : [sampleAt(record, metric, record.start, amount, unit, record.end - record.start)]
  })
  if (!readings.length) throw new PhoneRecordError('value_unreadable', 'a meal without any nutrient')
  return readings
}

function mindfulness({ id, start, end, offset, members }: PhoneRecord): Reading {
  const title = textIn(members['title'])
  return {
    kind: 'session',
    type: 'meditation',
    start,
    end,
    externalId: id,
    totals: { duration: (end - start) / 1_000 },
    parts: [],
    derived: ['duration'],
    ...(title ? { title: title.slice(0, 200) } : {}),
    ...(offset === undefined ? {} : { offset }),
  }
}
