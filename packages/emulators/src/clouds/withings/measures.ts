/** Groups of measures: what one thing measured of one body at one time. */
import type { Recording } from '../cloud.ts'
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import type { Measured } from '../kit/measured.ts'
import { unix } from '../kit/times.ts'

/** Metric to type, and the power of ten it is written with. */
const types: Readonly<Record<string, readonly [type: number, unit: number]>> = {
  body_mass: [1, -3],
  body_height: [4, -3],
  lean_mass: [5, -3],
  body_fat: [6, -2],
  fat_mass: [8, -3],
  spo2: [54, 0],
  body_temperature: [71, -2],
  skin_temperature: [73, -2],
  muscle_mass: [76, -3],
  body_water_mass: [77, -3],
  bone_mass: [88, -3],
  pulse_wave_velocity: [91, -2],
  vascular_age: [155, 0],
  vo2max: [123, -1],
  visceral_fat_rating: [170, -1],
  basal_metabolic_rate: [226, 0],
  metabolic_age: [227, 0],
}

const bloodPressure = { diastolic: 9, systolic: 10, pulse: 11 } as const

const models: Readonly<Record<string, number>> = { 'Body Comp': 18, 'BPM Connect': 45, Thermo: 70 }

export const deviceOf = ({ model, serial }: Recording['device']) => ({
  deviceid: serial,
  hash_deviceid: serial,
  model,
  modelid: models[model] ?? 93,
})

interface Measure {
  value: number
  type: number
  unit: number
  algo: number
  fm: number
}

const measure = (type: number, real: number, unit: number): Measure => ({
  value: Math.round(real * 10 ** -unit),
  type,
  unit,
  algo: 0,
  fm: 131,
})

export function* groupsOf(ids: Ids, account: Account): Iterable<Draft> {
  for (const { device, measured } of account.things()) {
    const times = new Set(
      Object.keys(types).flatMap((metric) => (asleep(metric, measured) ? [] : measured.column(metric).t)),
    )
    for (const t of times) {
      const measures: Measure[] = []
      let isManual = false
      for (const [metric, [type, unit]] of Object.entries(types)) {
        const value = measured.valueAt(metric, t)
        if (!value) continue
        isManual ||= value.isManual
        // Some things tell oxygen as a share: an account's trait `oxygen_shares`.
        const isShare = metric === 'spo2' && account.traits.has('oxygen_shares')
        measures.push(isShare ? measure(type, value.v / 100, -2) : measure(type, value.v, unit))
      }
      const mass = measured.valueAt('body_mass', t)
      if (mass) measures.push(...watersOf(measured, t, mass.v))
      // Who shares a scale with somebody as heavy cannot be told from them.
      const attrib = isManual ? 2 : account.traits.has('shared_scale') && mass ? 1 : 0
      yield group(ids.integer(10, 'group', account.email, device.serial, t), t, attrib, device, measures)
    }
    for (const { reading, key } of measured.events('blood_pressure')) {
      const { start, value } = reading
      const pulse = measured.valueAt('heart_rate', start)
      const measures = [
        measure(bloodPressure.diastolic, Number(value['diastolic']), 0),
        measure(bloodPressure.systolic, Number(value['systolic']), 0),
        ...(pulse ? [measure(bloodPressure.pulse, pulse.v, 0)] : []),
      ]
      yield group(ids.integer(10, 'group', key), start, 0, device, measures)
    }
  }
}

/** Outside and inside of cells, of a body whose water is known. */
const partsOfWater = [
  [168, 0.4],
  [169, 0.6],
] as const

function watersOf(measured: Measured, t: number, mass: number): Measure[] {
  const told = measured.valueAt('body_water_mass', t)
  const percent = measured.valueAt('body_water', t)
  const kg = told?.v ?? (percent && (mass * percent.v) / 100)
  if (kg === undefined) return []
  return [...(told ? [] : [measure(77, kg, -3)]), ...partsOfWater.map(([type, share]) => measure(type, kg * share, -3))]
}

/** Blood oxygen of a night is told with its minutes, not as measures. */
const asleep = (metric: string, measured: Measured) => metric === 'spo2' && measured.sessions('sleep').length > 0

function group(
  grpid: number,
  t: number,
  attrib: number,
  device: Recording['device'],
  measures: readonly Measure[],
): Draft {
  const body = { grpid, attrib, date: unix(t), category: 1, ...deviceOf(device), comment: null, measures }
  return { feed: 'measure', id: String(grpid), at: t, body }
}

/** 1 weight and what it is made of · 2 temperature · 4 blood pressure and oxygen. */
export function appliOf(body: Draft['body']): number {
  const has = (...wanted: readonly number[]) =>
    (body['measures'] as readonly Measure[]).some(({ type }) => wanted.includes(type))
  if (has(9, 10, 54)) return 4
  return has(12, 71, 73) ? 2 : 1
}

/** Comes along with real measures unless `category=1` is asked for. */
export const goalOf = (account: Account) => ({
  grpid: 1,
  attrib: 2,
  date: unix(account.createdAt),
  created: unix(account.createdAt),
  modified: unix(account.createdAt),
  category: 2,
  deviceid: null,
  hash_deviceid: null,
  model: null,
  modelid: null,
  comment: null,
  measures: [measure(1, 70, -3)],
})
