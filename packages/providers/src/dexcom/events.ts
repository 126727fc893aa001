/** What the person wrote down. Values are texts, and may be missing. */
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { RecordError } from '../kit/read-records.ts'
import { fingerstick, glucoseUnits, listed, momentOf, Times } from './records.ts'

const text = z.string().nullish()

const Event = z.object({
  ...Times.shape,
  recordId: z.string(),
  eventStatus: text,
  eventType: z.string(),
  eventSubType: text,
  value: text,
  unit: text,
})
type Event = z.infer<typeof Event>

/** Of the entries under `health`. A drink and the cycle are no symptoms, and say too little for anything else. */
const symptoms = new Set(['illness', 'stress', 'highSymptoms', 'lowSymptoms'])

/** Notes and words we do not know have no place among readings. */
const readers = {
  *carbs(event: Event, value: number): Generator<Told> {
    yield { kind: 'sample', metric: 'carbohydrates_intake', ...momentOf(event), value, unit: 'g', method: 'manual' }
  },
  *insulin(event: Event, value: number): Generator<Told> {
    yield { kind: 'sample', metric: 'insulin_delivery', ...momentOf(event), value, unit: 'units', method: 'manual' }
  },
  *exercise(event: Event, minutes: number): Generator<Told> {
    const { t: start, ...zone } = momentOf(event)
    yield {
      kind: 'session',
      type: 'workout',
      activity: 'other',
      start,
      end: start + minutes * 60_000,
      ...zone,
      externalId: event.recordId,
      totals: { duration: minutes * 60 },
      parts: [],
      extra: { manual: true, ...(event.eventSubType ? { intensity: event.eventSubType } : {}) },
    }
  },
  *bloodGlucose(event: Event, value: number): Generator<Told> {
    if (!event.unit || !glucoseUnits.has(event.unit)) throw new RecordError('its unit is not said')
    yield { kind: 'sample', metric: 'blood_glucose', ...momentOf(event), value, unit: event.unit, method: 'manual' }
  },
  *health(event: Event): Generator<Told> {
    const { t: start, ...zone } = momentOf(event)
    const symptom = event.eventSubType ?? ''
    if (symptoms.has(symptom))
      yield { kind: 'event', metric: 'symptom', start, value: { value: symptom }, ...zone, externalId: event.recordId }
  },
}

export const events = defineFeed<Event>({
  title: { en: 'Entries', de: 'Einträge', fr: 'Saisies' },
  brings: ['carbohydrates_intake', 'insulin_delivery', 'workout', 'blood_glucose', 'symptom'],
  ...listed('events'),
  raw: Event,
  source: ({ eventType }) => (eventType === 'bloodGlucose' ? fingerstick : undefined),
  *read(event): Generator<Told> {
    if (event.eventStatus === 'deleted') {
      yield { kind: 'forget', externalId: event.recordId }
      return
    }
    const reader = Object.hasOwn(readers, event.eventType)
      ? readers[event.eventType as keyof typeof readers]
      : undefined
    if (!reader) return
    const value = Number(event.value ?? 0)
    if (Number.isNaN(value)) throw new RecordError('its value is no number')
    yield* reader(event, value)
  },
  unused: {
    transmitterId: 'the sensor that was worn, which did not measure this',
    transmitterTicks: 'the sensor’s own clock',
    transmitterGeneration: 'the sensor that was worn',
    displayDevice: 'where it was entered',
    displayApp: 'where it was entered',
  },
})
