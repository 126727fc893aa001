/** What a person writes down, and what a device says once: each a point with a name. */
import type { EventReading } from '@tributary/protocol'
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { round } from '../kit/measured.ts'
import { nameOf, spanIn } from './sessions.ts'
import { civil, offset, rfc, spanOf } from './times.ts'
import { type Body, camel } from './types.ts'

interface Entry {
  type: string
  /** What its id is made from. */
  key: string
  start: number
  end: number
  message: Body
}

export function* entriesOf(ids: Ids, account: Account): Iterable<Draft> {
  for (const { type, key, start, end, message } of allOf(account)) {
    const id = String(ids.integer(10, type, key))
    const point = { start, end, value: { name: nameOf(type, id), [camel(type)]: message } }
    yield { feed: type, id, at: start, end, body: { points: [point] } }
  }
}

function* allOf(account: Account): Iterable<Entry> {
  yield* mealsOf(account)
  yield* drinksOf(account)
  yield* ecgsOf(account)
  yield* noticesOf(account)
  yield* noted(account, 'symptom', 'symptoms', symptomsOf)
  yield* noted(account, 'mood', 'moods', moodsOf)
  yield* noted(account, 'ovulation_test', 'ovulation-test', ({ value }) => ({
    result: results[String(value['value'])] ?? 'INDETERMINATE',
  }))
  for (const { reading, key } of account.measured.events('menstruation_flow')) {
    const { start, end = start } = reading
    yield {
      type: 'menstrual-period',
      key,
      start,
      end,
      message: { interval: intervalOf(account, start, end), notes: '' },
    }
  }
}

const intervalOf = ({ measured }: Account, start: number, end: number) =>
  spanOf(start, end, measured.offsetAt(start), measured.offsetAt(end))

const grams = (v: number) => ({ grams: v, userProvidedUnit: 'GRAM' })

/** By the catalogue's name. Sodium and caffeine are milligrams there, and grams here like everything else. */
const nutrients: Readonly<Record<string, readonly [nutrient: string, perGram: number]>> = {
  protein_intake: ['PROTEIN', 1],
  fiber_intake: ['DIETARY_FIBER', 1],
  sugar_intake: ['SUGAR', 1],
  sodium_intake: ['SODIUM', 1000],
  caffeine_intake: ['CAFFEINE', 1000],
}

/** What was eaten at one moment is one meal. */
function* mealsOf(account: Account): Iterable<Entry> {
  const { measured } = account
  const metrics = ['energy_intake', 'carbohydrates_intake', 'fat_intake', ...Object.keys(nutrients)]
  for (const start of new Set(metrics.flatMap((metric) => measured.column(metric).t))) {
    const at = (metric: string) => measured.valueAt(metric, start)
    const [energy, carbohydrate, fat] = [at('energy_intake'), at('carbohydrates_intake'), at('fat_intake')]
    const first = metrics.map(at).find((value) => value)
    const list = Object.entries(nutrients).flatMap(([metric, [nutrient, perGram]]) => {
      const v = at(metric)?.v
      return v === undefined ? [] : [{ nutrient, quantity: grams(round(v / perGram, 6)) }]
    })
    const message = {
      interval: intervalOf(account, start, start),
      mealType: 'ANYTIME',
      foodDisplayName: 'Meal',
      ...(energy ? { energy: { kcal: energy.v, userProvidedUnit: 'KILOCALORIE' } } : {}),
      ...(carbohydrate ? { totalCarbohydrate: grams(carbohydrate.v) } : {}),
      ...(fat ? { totalFat: grams(fat.v) } : {}),
      ...(list.length ? { nutrients: list } : {}),
    }
    yield { type: 'nutrition-log', key: first?.key ?? `at ${start}`, start, end: start, message }
  }
}

function* drinksOf(account: Account): Iterable<Entry> {
  for (const start of account.measured.column('water_intake').t) {
    const value = account.measured.valueAt('water_intake', start)
    const amountConsumed = { milliliters: value?.v ?? 0, userProvidedUnit: 'MILLILITER' }
    const message = { interval: intervalOf(account, start, start), amountConsumed }
    yield { type: 'hydration-log', key: value?.key ?? `at ${start}`, start, end: start, message }
  }
}

/** What the value of a sample is divided by to be millivolts. */
const scale = 10_922
const classes: Readonly<Record<string, string>> = { afib: 'ATRIAL_FIBRILLATION', none: 'NORMAL_SINUS_RHYTHM' }
const medicalDeviceInfo = { deviceModel: 'Charge 6', firmwareVersion: '194.91', featureVersion: '2.3.5-3.1' }

/** An ECG's interval has no length: start and end are the time of the reading. */
function* ecgsOf(account: Account): Iterable<Entry> {
  for (const { reading, key } of account.measured.sessions('ecg')) {
    const { start, totals, streams = {}, extra = {} } = reading
    const { t = [], v = [] } = streams['ecg'] ?? {}
    const beats = totals['heart_rate_avg']
    const message = {
      interval: spanIn({ ...reading, end: start }, account),
      ...(beats === undefined ? {} : { beatsPerMinuteAvg: String(Math.round(beats)) }),
      leadNumber: 1,
      millivoltsScalingFactor: scale,
      samplingFrequencyHertz: Math.round(1000 / ((t[1] ?? 4) - (t[0] ?? 0))),
      waveformSamples: Array.from(v, (microvolts) => Math.round((microvolts * scale) / 1000)),
      resultClassification: classes[extra['afib'] ? 'afib' : 'none'],
      medicalDeviceInfo,
    }
    yield { type: 'electrocardiogram', key, start, end: start, message }
  }
}

function* noticesOf(account: Account): Iterable<Entry> {
  for (const { reading, key } of account.measured.events('heart_event_irregular')) {
    const { start, end = start } = reading
    const interval = intervalOf(account, start, end)
    const message = { interval, alertWindows: [{ ...interval, positive: true, heartBeats: [] }], medicalDeviceInfo }
    yield { type: 'irregular-rhythm-notification', key, start, end, message }
  }
}

function* noted(
  account: Account,
  metric: string,
  type: string,
  messageOf: (event: EventReading) => Body,
): Iterable<Entry> {
  const { measured } = account
  for (const { reading, key } of measured.events(metric)) {
    const { start } = reading
    const minutes = measured.offsetAt(start)
    const sampleTime = { physicalTime: rfc(start), utcOffset: offset(minutes), civilTime: civil(start, minutes) }
    yield { type, key, start, end: start, message: { sampleTime, ...messageOf(reading) } }
  }
}

const symptomsOf = ({ value }: EventReading): Body => ({ symptoms: String(value['value']).toUpperCase().split(' ') })

/** A third of the way to either end is neither. */
function moodsOf({ value }: EventReading): Body {
  const pleasant = Number(value['value'])
  const valence = pleasant > 1 / 3 ? 'PLEASANT' : pleasant < -1 / 3 ? 'UNPLEASANT' : 'BASELINE'
  return { moods: [pleasant > 0 ? 'HAPPY' : 'SAD'], valences: [valence] }
}

const results: Readonly<Record<string, string>> = {
  negative: 'NEGATIVE',
  positive: 'LUTEINIZING_HORMONE_SURGE',
  high: 'ESTROGEN_SURGE',
}
