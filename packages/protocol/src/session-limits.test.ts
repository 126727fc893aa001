import { expect, test } from 'vitest'
import type { ActivityType } from './activities.ts'
import type { SessionPart, SessionReading, SessionType, Totals } from './batch.ts'
import { catalogue, metricIds } from './metrics.ts'
import { figureFaultOf, lengthsOf, metricOfFigure, soundSession } from './session-limits.ts'

const start = Date.UTC(2026, 5, 1, 6)

interface Told {
  type?: SessionType
  activity?: ActivityType
  seconds?: number
  totals?: Totals
  parts?: SessionPart[]
}

const told = ({ type = 'workout', activity, seconds = 3_600, totals = {}, parts = [] }: Told): SessionReading => ({
  kind: 'session',
  type,
  ...(activity && { activity }),
  start,
  end: start + seconds * 1_000,
  externalId: 'one',
  totals,
  parts,
})
const lap = (totals: Totals, from = 0, seconds = 60): SessionPart => ({
  kind: 'lap',
  start: start + from * 1_000,
  end: start + (from + seconds) * 1_000,
  totals,
})
const codes = (session: Told) => soundSession(told(session)).losses.map(({ code, detail }) => `${code}: ${detail}`)

test.each<[fact: string, session: Told, losses: string[]]>([
  ['a power of 65,535 W', { totals: { power_max: 65_535 } }, ['out_of_range: power_max can be 0 to 4000 W']],
  [
    'a ride at 65.535 m/s',
    { activity: 'cycling', totals: { speed_max: 65.535 } },
    ['out_of_range: speed_max can be 0 to 45 m/s'],
  ],
  [
    'a run at 13 m/s',
    { activity: 'running', totals: { speed_avg: 13 } },
    ['out_of_range: speed_avg can be 0 to 12.5 m/s'],
  ],
  ['a flight at 65 m/s', { totals: { speed_max: 65 } }, []],
  [
    'a heart that was not measured',
    { totals: { heart_rate_avg: 0 } },
    ['zero_is_missing: 0 means that heart_rate_avg was not measured'],
  ],
  ['a heart at 255', { totals: { heart_rate_max: 255 } }, []],
  [
    'a walk of 60 km in an hour',
    { activity: 'walking', totals: { distance: 60_000 } },
    ['rate_impossible: distance cannot grow this fast'],
  ],
  ['a ride of 60 km in an hour', { activity: 'cycling_electric', totals: { distance: 60_000 } }, []],
  [
    'a swim of 12 km in an hour',
    { activity: 'swimming_pool', totals: { distance: 12_000 } },
    ['rate_impossible: distance cannot grow this fast'],
  ],
  [
    'a hike 11 km up in an hour',
    { activity: 'hiking', totals: { elevation_gain: 11_000 } },
    ['rate_impossible: elevation_gain cannot grow this fast'],
  ],
  ['a gondola 11 km up in an hour', { activity: 'skiing_alpine', totals: { elevation_gain: 11_000 } }, []],
  [
    'a descent of 65,535 m',
    { activity: 'skiing_alpine', totals: { elevation_loss: 65_535 } },
    ['out_of_range: elevation_loss can be 0 to 25000 m'],
  ],
  [
    '65,535 kcal in an hour',
    { totals: { energy_total: 65_535 } },
    ['out_of_range: energy_total can be 0 to 25000 kcal'],
  ],
  [
    'less than nothing eaten up',
    { totals: { energy_active: -1 } },
    ['out_of_range: energy_active can be 0 to 20000 kcal'],
  ],
  [
    'an amount over three days, of three days',
    { seconds: 3 * 86_400, totals: { steps: 400_000, energy_total: 50_000 } },
    [],
  ],
  [
    'a timer of 49 days',
    { totals: { active_duration: 4_294_967 } },
    ['out_of_range: active_duration can be 0 to 604800 s'],
  ],
  [
    'more than a day asleep',
    { type: 'sleep', seconds: 36_000, totals: { sleep_total: 86_401, sleep_deep: 43_201 } },
    ['out_of_range: sleep_total can be 0 to 86400 s', 'out_of_range: sleep_deep can be 0 to 43200 s'],
  ],
  ['no number', { totals: { feel: Number.NaN } }, ['value_not_finite: feel is not a finite number']],
  ['a figure that the catalogue does not know', { totals: { feel: 1e9 } }, []],
])('the catalogue judges what a session tells: %s', (_, session, losses) => {
  expect(codes(session)).toEqual(losses)
})

test.each<[fact: string, totals: Totals, left: string[], reasons: string[]]>([
  [
    'a highest below the average',
    { heart_rate_min: 90, heart_rate_avg: 148, heart_rate_max: 120 },
    ['heart_rate_min', 'heart_rate_avg'],
    ['heart_rate_max is below heart_rate_avg'],
  ],
  [
    'a lowest above the average',
    { power_min: 300, power_avg: 200, power_max: 400 },
    ['power_avg', 'power_max'],
    ['power_min is above power_avg'],
  ],
  [
    'a lowest above the highest, with nothing to tell which is wrong',
    { speed_min: 3.2, speed_max: 3.1 },
    [],
    ['speed_min is above speed_max', 'speed_max is below speed_min'],
  ],
  [
    'an average that cannot be itself judges nobody',
    { heart_rate_avg: 900, heart_rate_max: 171 },
    ['heart_rate_max'],
    ['heart_rate_avg can be 20 to 300 bpm'],
  ],
  ['a highest rounded to a whole number', { cadence_avg: 87.4, cadence_max: 87 }, ['cadence_avg', 'cadence_max'], []],
  [
    'figures that are lines of the catalogue themselves',
    { sleep_heart_rate_min: 60, sleep_heart_rate_avg: 52 },
    ['sleep_heart_rate_avg'],
    ['sleep_heart_rate_min is above sleep_heart_rate_avg'],
  ],
  ['figures that the catalogue does not know', { feel_avg: 9, feel_max: 2 }, ['feel_avg', 'feel_max'], []],
])('the lowest, the average and the highest of one figure fit each other: %s', (_, totals, left, reasons) => {
  const { session, losses } = soundSession(told({ totals }))
  expect(Object.keys(session?.totals ?? {})).toEqual(left)
  expect(losses.map(({ detail }) => detail)).toEqual(reasons)
})

test('an average that a person gave drops no bound, and a bound that they gave is not dropped', () => {
  const totals = { heart_rate_avg: 148, heart_rate_max: 120 }
  for (const name of ['heart_rate_avg', 'heart_rate_max'])
    expect(soundSession(told({ totals }), [name]).losses).toEqual([])
})

test('the bounds of a lap are held against the average of the lap, and named so', () => {
  const parts = [lap({ power_avg: 200, power_max: 150 })]
  expect(codes({ parts })).toEqual(['pair_impossible: power_max of lap 1 is below power_avg'])
})

test('the session stays, with its other figures, and what was worked out of a bad one is not said to be', () => {
  const session = { ...told({ totals: { power_max: 65_535, distance: 9_000 } }), derived: ['power_max', 'distance'] }
  expect(soundSession(session).session).toEqual({ ...session, totals: { distance: 9_000 }, derived: ['distance'] })
})

test('what a person says is held against no length of a recording that broke off, but against what can be', () => {
  const session = told({
    activity: 'cycling',
    seconds: 60,
    totals: { distance: 12_345, energy_active: 700, power_max: 65_535 },
  })
  const { losses } = soundSession(session, ['distance', 'energy_active', 'power_max'])
  expect(losses.map(({ detail }) => detail)).toEqual(['power_max can be 0 to 4000 W'])
})

test('a session without a fault is handed on as it is', () => {
  const session = told({ totals: { distance: 9_000 }, parts: [lap({ distance: 300 })] })
  expect(soundSession(session).session).toBe(session)
})

test('laps are judged like their session, over their own time, and named', () => {
  const parts = [lap({ distance: 900, power_avg: 65_535 }), lap({ distance: 20, energy_total: 1 }, 60, 1)]
  const { session, losses } = soundSession(told({ activity: 'running', parts }))
  expect(losses.map(({ detail }) => detail)).toEqual([
    'distance of lap 1 cannot grow this fast',
    'power_avg of lap 1 can be 0 to 4000 W',
    'distance of lap 2 cannot grow this fast',
  ])
  expect(session?.parts.map(({ totals }) => totals)).toEqual([{}, { energy_total: 1 }])
})

test('a lap that ends before it begins, or lasts longer than any session, is left out', () => {
  const parts = [lap({}, 0, -1), lap({}, 0, 4_294_967), lap({}, 0, Number.NaN), lap({})]
  const { session, losses } = soundSession(told({ parts }))
  expect(losses.map(({ code }) => code)).toEqual(['end_before_start', 'interval_too_long', 'time_unreadable'])
  expect(session?.parts).toEqual([lap({})])
})

test.each<[type: SessionType, seconds: number, code: string | undefined]>([
  ['workout', -1, 'end_before_start'],
  ['workout', 0, undefined],
  ['workout', 604_800, undefined],
  ['workout', 604_801, 'interval_too_long'],
  ['sleep', 299, 'interval_too_short'],
  ['sleep', 300, undefined],
  ['sleep', 86_400, undefined],
  ['sleep', 86_401, 'interval_too_long'],
  ['meditation', 86_401, 'interval_too_long'],
  ['ecg', 30, undefined],
  ['workout', Number.NaN, 'time_unreadable'],
])('a session of %s that lasts %i s: %s', (type, seconds, code) => {
  const { session, losses } = soundSession(told({ type, seconds, totals: { power_max: 65_535 } }))
  expect(session === null ? losses.map((loss) => loss.code) : [undefined]).toEqual([code])
})

test('lengths are the catalogue’s own', () => {
  expect(lengthsOf('sleep')).toEqual(catalogue.sleep.rejectDuration)
  expect(lengthsOf('workout')).toEqual(catalogue.workout.rejectDuration)
})

test('every gauge of the catalogue bounds its average, its highest and its lowest', () => {
  const of = { type: 'workout', activity: 'other', seconds: 3_600 } as const
  const gauges = metricIds.filter(
    (id) => catalogue[id].reject && !catalogue[id].kind.includes('I') && id !== 'active_duration',
  )
  expect(gauges.length).toBeGreaterThan(60)
  for (const id of gauges)
    for (const part of ['', '_avg', '_max', '_min']) {
      const [least, most] = catalogue[id].reject as readonly [number, number]
      expect(metricOfFigure(id + part)).toBe(id)
      expect(figureFaultOf(id + part, most * 1.01 + 0.01, of)?.code).toBe('out_of_range')
      expect(figureFaultOf(id + part, least - 0.01 - Math.abs(least) * 0.01, of)?.code).toMatch(
        /out_of_range|zero_is_missing/,
      )
      expect(figureFaultOf(id + part, (least + most) / 2 || 0.1, of)).toBeNull()
    }
})
