/**
 * Glucose of the sensor (a series), calibrations and blood from the finger (events), what was eaten, injected, done and felt, alerts of low and high.
 * An account's traits say which oddity of the page it shows: `mmol`, `two_phones`, `no_transmitter`, `old_times`, `bare_events`.
 */
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { round } from '../kit/measured.ts'
import { isoLocal, wallClock } from '../kit/times.ts'

const mgPerMmol = 18.0156

/** What the sensor tells; beyond it stands one less or more, with a status. */
const [lowest, highest] = [40, 400]

/** Without seconds, `Z` and offset in records of before. */
export function timesOf({ traits, measured }: Account, t: number) {
  const offset = measured.offsetAt(t)
  return traits.has('old_times')
    ? { systemTime: wallClock(t, 0).slice(0, 16), displayTime: wallClock(t, offset).slice(0, 16) }
    : { systemTime: `${wallClock(t, 0)}Z`, displayTime: isoLocal(t, offset) }
}

export function* recordsOf(ids: Ids, account: Account): Iterable<Draft> {
  yield* glucoseOf(ids, account)
  yield* eventsOf(ids, account)
}

const glucoseIn = ({ traits }: Account, mg: number) =>
  traits.has('mmol') ? { value: round(mg / mgPerMmol, 1), unit: 'mmol/L' } : { value: Math.round(mg), unit: 'mg/dL' }

const sensorOf = (ids: Ids, { id, traits }: Account) => ({
  transmitterId: traits.has('no_transmitter') ? '' : ids.hex(64, 'transmitter', id),
  transmitterGeneration: 'g7',
  displayDevice: 'iOS',
})

function* glucoseOf(ids: Ids, account: Account): Iterable<Draft> {
  const { measured, traits } = account
  const { t, v } = measured.column('blood_glucose')
  const sensor = sensorOf(ids, account)
  for (const [i, at] of t.entries()) {
    const mg = (v[i] ?? 0) * mgPerMmol
    const minutes = (at - (t[i - 1] ?? Number.NEGATIVE_INFINITY)) / 60_000
    const rate = minutes <= 10 ? round((mg - (v[i - 1] ?? 0) * mgPerMmol) / minutes, 1) : null
    const status = mg < lowest ? 'low' : mg > highest ? 'high' : 'ok'
    const body = {
      ...timesOf(account, at),
      ...sensor,
      transmitterTicks: Math.floor((at - (t[0] ?? 0)) / 1000),
      ...glucoseIn(account, Math.min(highest + 1, Math.max(lowest - 1, mg))),
      trend: trendOf(rate),
      trendRate: rate,
      rateUnit: traits.has('mmol') ? 'mmol/L/min' : 'mg/dL/min',
      status,
      displayApp: 'G7',
    }
    const make = (displayDevice: string): Draft => {
      const recordId = ids.uuid('egv', at, displayDevice)
      return { feed: 'egv', id: recordId, at, body: { recordId, ...body, displayDevice } }
    }
    yield make('iOS')
    if (traits.has('two_phones')) yield make('android')
    if (status !== 'ok') {
      const recordId = ids.uuid('alert', at)
      const alert = { alertName: status, alertState: 'activeAlarming', ...sensor }
      yield { feed: 'alert', id: recordId, at, body: { recordId, ...timesOf(account, at), ...alert } }
    }
  }
}

function trendOf(rate: number | null): string {
  if (rate === null) return 'notComputable'
  const size = Math.abs(rate)
  if (size < 1) return 'flat'
  return `${size < 2 ? 'fortyFive' : size < 3 ? 'single' : 'double'}${rate > 0 ? 'Up' : 'Down'}`
}

const entered = [
  ['carbohydrates_intake', 'carbs', null, 'grams'],
  ['insulin_delivery', 'insulin', 'fastActing', 'units'],
] as const

function* eventsOf(ids: Ids, account: Account): Iterable<Draft> {
  const { measured, traits, id } = account
  const { transmitterId, transmitterGeneration, displayDevice } = sensorOf(ids, account)
  const event = (
    key: string,
    at: number,
    eventType: string,
    eventSubType: string | null,
    value: string | null,
    unit: string | null,
  ): Draft => {
    const recordId = ids.uuid('event', id, key)
    const amount = traits.has('bare_events') ? {} : { value, unit }
    const head = { recordId, ...timesOf(account, at), eventStatus: 'created', eventType, eventSubType }
    return {
      feed: 'event',
      id: recordId,
      at,
      body: { ...head, ...amount, transmitterId, transmitterGeneration, displayDevice },
    }
  }
  for (const [metric, type, subtype, unit] of entered)
    for (const at of measured.column(metric).t) {
      const { v, key } = measured.valueAt(metric, at) ?? { v: 0 }
      yield event(key ?? `${type}/${at}`, at, type, subtype, String(v), unit)
    }
  for (const { reading, key } of measured.sessions('workout')) {
    const minutes = String(Math.round((reading.end - reading.start) / 60_000))
    yield event(key, reading.start, 'exercise', 'medium', minutes, 'minutes')
  }
  for (const { reading, key } of measured.events('symptom'))
    yield event(key, reading.start, 'health', String(reading.value['value']), null, null)
  for (const { reading, key } of measured.events('blood_glucose')) {
    const glucose = glucoseIn(account, Number(reading.value['value']) * mgPerMmol)
    if (reading.value['calibration'] !== 1) {
      yield event(key, reading.start, 'bloodGlucose', null, String(glucose.value), glucose.unit)
      continue
    }
    const recordId = ids.uuid('calibration', key)
    const sensor = { transmitterId, transmitterTicks: 0, transmitterGeneration, displayDevice }
    const body = { recordId, ...timesOf(account, reading.start), ...glucose, ...sensor }
    yield { feed: 'calibration', id: recordId, at: reading.start, body }
  }
}
