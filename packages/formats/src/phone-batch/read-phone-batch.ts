/**
 * A whole batch: which app's body it is, and record by record what it becomes. Pure and in memory, for a batch is small (5 MB).
 * Bodies of Health Auto Export are told by `isHealthAutoExport` and read by the reader of its files.
 */
import { conversionFor, type Reading } from '@tributary/protocol'
import { isRecord } from '../json/records.ts'
import { isHcWebhook, recordsOfHcWebhook } from './hc-webhook.ts'
import { readHealthConnect } from './health-connect.ts'
import { readHealthKit } from './healthkit.ts'
import {
  isStorable,
  member,
  numbered,
  type PhoneRecord,
  PhoneRecordError,
  type PhoneTold,
  recordFrom,
  sourceOf,
  storable,
  textIn,
} from './record.ts'
import { readSamsung } from './samsung.ts'
import { sleepOf } from './sleep.ts'
import { type PhoneStore, workoutOf } from './workouts.ts'

export interface PhoneRejection {
  id: string | null
  /** Its place among all records of the body. */
  index: number
  code: string
  message: string
}

export interface PhoneBatch {
  batchId: string | undefined
  installationId: string | undefined
  deviceName: string | undefined
  timeZone: string | undefined
  cursor: Readonly<Record<string, unknown>> | undefined
  received: number
  told: PhoneTold[]
  rejected: PhoneRejection[]
  /** Ids of records that are gone. */
  deletions: string[]
}

export const mostRecords = 5_000
/** Each is a value with an id of its own, so a few records with many would cost what many records do. */
export const mostSamples = 50_000

const stores: Readonly<
  Record<
    PhoneStore,
    { name: string; read: (record: PhoneRecord) => Reading[]; stages: 'healthkit' | 'health_connect' | 'samsung' }
  >
> = {
  apple: { name: 'Apple Health', read: readHealthKit, stages: 'healthkit' },
  health_connect: { name: 'Health Connect', read: readHealthConnect, stages: 'health_connect' },
  samsung: { name: 'Samsung Health', read: readSamsung, stages: 'samsung' },
}

/** What Health Auto Export posts, which may be nothing; its file reader takes it as it is. */
export const isHealthAutoExport = (body: unknown): boolean =>
  isRecord(body) && isRecord(body['data']) && Object.values(body['data']).every(Array.isArray)

const members = ['records', 'sleep', 'workouts', 'daily_totals', 'deletions', 'cursor']

/** Why nothing can be taken from a body at this store's address, and where it belongs; undefined when it can. */
export function misplaced(body: Readonly<Record<string, unknown>>, store: PhoneStore): string | undefined {
  if (isHealthAutoExport(body))
    return store === 'apple' ? undefined : 'This is a body of Health Auto Export: send it to apple_health'
  if (isHcWebhook(body))
    return store === 'health_connect' ? undefined : 'This is a body of HC Webhook: send it to health_connect'
  if (members.some((name) => member(body, name) !== undefined)) return undefined
  return `The body has none of ${members.join(', ')}, and is no body of Health Auto Export or HC Webhook either`
}

export function readPhoneBatch(body: Readonly<Record<string, unknown>>, store: PhoneStore): PhoneBatch {
  const reader = new BatchReader(store)
  if (store === 'health_connect' && isHcWebhook(body)) {
    for (const { type, value } of recordsOfHcWebhook(body)) reader.take(value, (record) => hcWebhook(record), type)
    return reader.batch(body)
  }
  const { read, stages } = stores[store]
  for (const value of listOf(body['records']))
    reader.take(value, isWorkoutType(value) ? (record) => [workoutOf(record, store)] : read)
  for (const value of listOf(body['sleep'])) reader.take(value, (record) => [sleepOf(record, stages)], 'SleepSession')
  for (const value of listOf(body['workouts'])) reader.take(value, (record) => [workoutOf(record, store)])
  for (const value of listOf(member(body, 'daily_totals'))) reader.takeTotal(value)
  return reader.batch(body)
}

const hcWebhook = (record: PhoneRecord): Reading[] =>
  record.type === 'ExerciseSession' ? [workoutOf(record, 'health_connect')] : readHealthConnect(record)

const isWorkoutType = (value: unknown): boolean =>
  isRecord(value) &&
  ['ExerciseSession', 'ExerciseSessionRecord', 'HKWorkout', 'Workout', 'EXERCISE'].includes(String(value['type']))

class BatchReader {
  readonly #store: PhoneStore
  readonly #told: PhoneTold[] = []
  readonly #rejected: PhoneRejection[] = []
  #received = 0

  constructor(store: PhoneStore) {
    this.#store = store
  }

  take(value: unknown, read: (record: PhoneRecord) => Reading[], type?: string): void {
    this.#try(value, () => {
      const record = recordFrom(value, type)
      const source = sourceOf(record.members['source'], stores[this.#store].name)
      return { id: record.id, version: record.version, source, readings: numbered(record.id, read(record)) }
    })
  }

  /** The store's own total of a day, in which nothing counts twice: it stands for the store, not for one of its apps. */
  takeTotal(value: unknown): void {
    this.#try(value, () => {
      const total = isRecord(value) ? value : {}
      const [date, type, unit] = [textIn(total['date']), textIn(total['type']), textIn(total['unit'])]
      const metric = stores[this.#store].read({
        ...bareRecord,
        type: type ?? '',
        unit,
        members: { value: total['value'] },
      })[0]
      if (!date || !/^\d{4}-\d\d-\d\d$/.test(date))
        throw new PhoneRecordError('date_malformed', 'a total of a day needs its date')
      if (metric?.kind !== 'sample' || !conversionFor(metric.metric as never, metric.unit))
        throw new PhoneRecordError('type_unknown', 'this type has no total of a day')
      const reading: Reading = {
        kind: 'day',
        metric: metric.metric,
        date,
        value: metric.value,
        ...(metric.unit === undefined ? {} : { unit: metric.unit }),
      }
      return {
        id: `total:${type}:${date}`,
        version: undefined,
        source: { key: '', name: stores[this.#store].name },
        readings: [reading],
      }
    })
  }

  batch(body: Readonly<Record<string, unknown>>): PhoneBatch {
    const device = isRecord(body['device']) ? body['device'] : {}
    const deletions = listOf(body['deletions']).flatMap((gone) => textIn(isRecord(gone) ? gone['id'] : gone) ?? [])
    return {
      batchId: textIn(member(body, 'batch_id')),
      installationId: textIn(member(body, 'installation_id')),
      deviceName: textIn(device['model']),
      timeZone: textIn(member(body, 'time_zone')),
      cursor: isRecord(body['cursor']) ? body['cursor'] : undefined,
      received: this.#received,
      told: this.#told,
      rejected: this.#rejected,
      deletions,
    }
  }

  #try(value: unknown, read: () => PhoneTold): void {
    const index = this.#received++
    try {
      if (!isStorable(value))
        throw new PhoneRecordError(
          'text_unstorable',
          'a text of it holds a character that cannot be stored (NUL, or half of a surrogate pair)',
        )
      this.#told.push(read())
    } catch (error) {
      if (!(error instanceof PhoneRecordError)) throw error
      const id = (isRecord(value) && textIn(value['id'] ?? value['uuid'])) || null
      this.#rejected.push({ id: id && storable(id), index, code: error.code, message: storable(error.message) })
    }
  }
}

const bareRecord: PhoneRecord = {
  id: 'total',
  type: '',
  start: 0,
  end: 0,
  offset: undefined,
  unit: undefined,
  method: 'unknown',
  version: undefined,
  members: {},
  metadata: {},
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** How many records a body holds, before any is looked at. */
export function countRecords(body: Readonly<Record<string, unknown>>): number {
  if (isHcWebhook(body)) return recordsOfHcWebhook(body).length
  const lists = ['records', 'sleep', 'workouts', 'deletions'].map((name) => listOf(body[name]))
  return [...lists, listOf(member(body, 'daily_totals'))].reduce((sum, { length }) => sum + length, 0)
}

/** How many values its records hold beside their own: their samples, deltas and stages. */
export function countSamples(body: Readonly<Record<string, unknown>>): number {
  const records = ['records', 'sleep'].flatMap((name) => listOf(body[name])).filter(isRecord)
  return records.reduce(
    (sum, record) => sum + ['samples', 'deltas', 'stages'].reduce((n, name) => n + listOf(record[name]).length, 0),
    0,
  )
}
