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

/** An entry can be moved and deleted: its own id finds the value again. */
const entered = (event: Event, metric: string, value: number, unit: string): Told => ({
  kind: 'sample',
  metric,
  ...momentOf(event),
  value,
  unit,
  method: 'manual',
  recordId: event.recordId,
})

/** Notes and words we do not know have no place among readings. */
const readers = {
  *carbs(event: Event, value: number): Generator<Told> {
    yield entered(event, 'carbohydrates_intake', value, 'g')
  },
  *insulin(event: Event, value: number): Generator<Told> {
    yield entered(event, 'insulin_delivery', value, 'units')
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
    yield entered(event, 'blood_glucose', value, event.unit)
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
    const gone: Told = { kind: 'forget', externalId: event.recordId }
    if (event.eventStatus === 'deleted') return yield gone
    const reader = Object.hasOwn(readers, event.eventType)
      ? readers[event.eventType as keyof typeof readers]
      : undefined
    const value = Number(event.value ?? 0)
    if (reader && Number.isNaN(value)) throw new RecordError('its value is no number')
    const told = reader ? [...reader(event, value)] : []
    if (told.length) yield* told
    else if (event.eventStatus === 'updated') yield gone // it may have been something before
  },
  sometimes: {
    unit: 'of blood there are two; of everything else the kind of entry says it',
    eventSubType: 'of insulin whether it acts fast or long, for which a dose has no place',
    value: 'not of what is gone',
    systemTime: 'not of what is gone',
  },
  unused: {
    transmitterId: 'the sensor that was worn, which did not measure this',
    transmitterTicks: 'the sensor’s own clock',
    transmitterGeneration: 'the sensor that was worn',
    displayDevice: 'where it was entered',
    displayApp: 'where it was entered',
  },
})
