/** What belongs to a date: steps of each thing minute by minute, pulse and beats by milliseconds since midnight; tests and temperatures. */
import { localTime } from '../../people/local-time.ts'
import type { Account, Draft } from '../kit/accounts.ts'
import { type Column, type Measured, round } from '../kit/measured.ts'
import { isoUtc, wallClock } from '../kit/times.ts'
import { numberOf, uuidOf } from './devices.ts'

const minute = 60_000

type Thing = ReturnType<Account['things']>[number]

export function* daysOf(account: Account): Iterable<Draft> {
  const things = account.things()
  yield* byDate('activity', things, 'activitiesPerDevice', activityOf, account.measured)
  yield* byDate('ppi', things, 'ppiSamplesPerDevice', beatsOf, account.measured)
  for (const thing of things) yield* heartRatesOf(thing)
  yield* testsOf(account.measured)
  yield* temperaturesOf(account.measured)
}

interface OfDate {
  date: string
  from: number
  to: number
}

/** A record a date, with what each thing has of it: things are not added up. */
function* byDate(
  feed: string,
  things: readonly Thing[],
  name: string,
  make: (thing: Thing, day: OfDate) => object | undefined,
  measured: Measured,
): Iterable<Draft> {
  const dates = new Set(['steps', 'met', 'rr_interval'].flatMap((metric) => datesOf(measured.column(metric), measured)))
  for (const date of [...dates].sort()) {
    const [from, to] = [0, 1_440].map((minutes) => localTime(measured.timeZone, date, minutes)) as [number, number]
    const own = things.flatMap((thing) => make(thing, { date, from, to }) ?? [])
    if (own.length) yield { feed, id: `${feed}/${date}`, at: from, end: to, date, body: { date, [name]: own } }
  }
}

const datesOf = ({ t }: Column, measured: Measured): string[] => t.map((at) => measured.dateOf(at))

function activityOf({ device, measured }: Thing, { from, to }: OfDate) {
  const steps = measured.between('steps', from, to)
  const mets = measured.between('met', from, to)
  if (!steps.t.length && !mets.t.length) return undefined
  const minutes = (to - from) / minute
  const run = { startTime: '00:00:00', interval: minute }
  const counted = Array.from({ length: minutes }, () => 0)
  for (const [i, at] of steps.t.entries()) {
    const place = Math.floor((at - from) / minute)
    counted[place] = (counted[place] ?? 0) + Math.round(steps.v[i] ?? 0)
  }
  const efforts = Array.from({ length: minutes }, () => 0)
  for (const [i, at] of mets.t.entries()) efforts[Math.floor((at - from) / minute)] = round(mets.v[i] ?? 0, 3)
  return {
    deviceReference: { uuid: uuidOf(device) },
    activitySamples: [
      {
        ...(steps.t.length ? { stepSamples: { ...run, steps: counted } } : {}),
        ...(mets.t.length ? { metSamples: { ...run, mets: efforts } } : {}),
        activityInfos: [{ activityClass: 'SEDENTARY', time: '00:00:00', factor: 1 }],
      },
    ],
  }
}

function beatsOf({ device, measured }: Thing, { from, to }: OfDate) {
  const { t, v } = measured.between('rr_interval', from, to)
  if (!t.length) return undefined
  return {
    recordingDevice: { uuid: uuidOf(device) },
    ppiSamples: t.map((at, i) => ({
      offsetMillis: Math.round(at - from),
      ppInterval: Math.round(v[i] ?? 0),
      errorEstimateMillis: 8,
      skinContact: true,
      movement: false,
      offline: false,
    })),
    recordingTriggerTypeChanges: [{ offsetMillis: 0, triggerType: 'TRIGGER_TIMED_247' }],
  }
}

/** Every five minutes. */
function* heartRatesOf({ device, measured }: Thing): Iterable<Draft> {
  const { t, v } = measured.column('heart_rate')
  const days = new Map<string, object[]>()
  let next = Number.NEGATIVE_INFINITY
  for (const [i, at] of t.entries()) {
    if (at < next) continue
    next = (Math.floor(at / 300_000) + 1) * 300_000
    const date = measured.dateOf(at)
    const samples = days.get(date) ?? []
    days.set(date, samples)
    samples.push({
      heartRate: Math.round(v[i] ?? 0),
      offsetMillis: Math.round(at - localTime(measured.timeZone, date, 0)),
      triggerType: 'TRIGGER_TIMED_247',
    })
  }
  for (const [date, samples] of days) {
    const body = { date, deviceRef: { deviceId: numberOf(device) }, samples }
    yield { feed: 'heart', id: `heart/${date}/${device.serial}`, at: localTime(measured.timeZone, date, 0), date, body }
  }
}

/** A fitness test tells what the body can take in; one of lying and standing, how the heart varied. Nights vary by themselves. */
function* testsOf(measured: Measured): Iterable<Draft> {
  const nights = measured.sessions('sleep')
  const of = function* (metric: string, resultOf: (v: number) => object): Iterable<Draft> {
    const { t, v } = measured.column(metric)
    for (const [i, at] of t.entries()) {
      if (nights.some(({ reading }) => reading.start <= at && at < reading.end)) continue
      const startTime = wallClock(at, measured.offsetAt(at))
      const body = { startTime, created: isoUtc(at), modified: isoUtc(at), ...resultOf(v[i] ?? 0) }
      yield { feed: 'tests', id: `tests/${metric}/${at}`, at, date: measured.dateOf(at), body }
    }
  }
  yield* of('vo2max', (v) => ({
    fitnessTestResult: {
      ownIndex: Math.round(v),
      fitnessClass: 'FITNESS_CLASS_GOOD',
      physicalInformation: { weight: 71.8, restingHeartRate: 48, vo2Max: Math.round(v) },
    },
  }))
  yield* of('hrv_rmssd', (v) => ({
    orthostaticTestResult: {
      rrAvgSupine: 1_150,
      rrMinStandup: 640,
      rrAvgStand: 810,
      rrLtAvgSupine: 1_140,
      rrLtAvgStand: 800,
      rmssdSupine: Math.round(v),
      rmssdStand: Math.round(v / 2),
      rmssdLtAvgSupine: 58,
      rmssdLtAvgStand: 27,
    },
  }))
}

/** A stretch a date; times are UTC. */
function* temperaturesOf(measured: Measured): Iterable<Draft> {
  for (const [metric, measurementType, sensorLocation] of [
    ['skin_temperature', 'TM_SKIN_TEMPERATURE', 'SL_DISTAL'],
    ['body_temperature', 'TM_CORE_TEMPERATURE', 'SL_PROXIMAL'],
  ] as const) {
    const { t, v } = measured.column(metric)
    const days = Map.groupBy(
      t.map((at, i) => [at, v[i] ?? 0] as const),
      ([at]) => measured.dateOf(at),
    )
    for (const [date, rows] of days) {
      const first = rows[0]?.[0] ?? 0
      const body = {
        startTime: isoUtc(first),
        sensorLocation,
        measurementType,
        temperatureMeasurementSamples: rows.map(([at, value]) => ({
          temperatureCelsius: round(value, 2),
          recordingTimeDeltaMilliseconds: at - first,
        })),
      }
      yield { feed: 'temperature', id: `temperature/${metric}/${date}`, at: first, date, body }
    }
  }
}
