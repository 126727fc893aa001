/**
 * The body of HC Webhook (an app for Android that posts Health Connect), as its docs/webhook.md states it: a list for each type, without ids.
 * A record is known by its type and its start, so that the same sent twice is one, and one that grew replaces what it was.
 */
import { tableOf } from '@tributary/protocol'
import { isRecord } from '../json/records.ts'

/** Each list: the record type, and the member that is its value, with its unit. */
const lists: Readonly<Record<string, readonly [type: string, value?: string, unit?: string]>> = tableOf({
  steps: ['Steps', 'count', 'count'],
  heart_rate: ['HeartRate', 'bpm', 'bpm'],
  heart_rate_variability: ['HeartRateVariabilityRmssd', 'rmssd_millis', 'ms'],
  resting_heart_rate: ['RestingHeartRate', 'bpm', 'bpm'],
  distance: ['Distance', 'meters', 'm'],
  active_calories: ['ActiveCaloriesBurned', 'calories', 'kcal'],
  total_calories: ['TotalCaloriesBurned', 'calories', 'kcal'],
  weight: ['Weight', 'kilograms', 'kg'],
  height: ['Height', 'meters', 'm'],
  blood_pressure: ['BloodPressure'],
  blood_glucose: ['BloodGlucose', 'mmol_per_liter', 'mmol/L'],
  oxygen_saturation: ['OxygenSaturation', 'percentage', '%'],
  body_temperature: ['BodyTemperature', 'celsius', '°C'],
  basal_body_temperature: ['BasalBodyTemperature', 'celsius', '°C'],
  skin_temperature: ['SkinTemperature'],
  respiratory_rate: ['RespiratoryRate', 'rate', 'breaths/min'],
  hydration: ['Hydration', 'liters', 'L'],
  nutrition: ['Nutrition'],
  basal_metabolic_rate: ['BasalMetabolicRate', 'watts', 'W'],
  body_fat: ['BodyFat', 'percentage', '%'],
  lean_body_mass: ['LeanBodyMass', 'kilograms', 'kg'],
  bone_mass: ['BoneMass', 'kilograms', 'kg'],
  vo2_max: ['Vo2Max', 'ml_per_kg_per_min', 'mL/kg/min'],
  menstruation_flow: ['MenstruationFlow', 'flow'],
  intermenstrual_bleeding: ['IntermenstrualBleeding'],
  ovulation_test: ['OvulationTest', 'result'],
  cervical_mucus: ['CervicalMucus', 'appearance'],
  menstruation_period: ['MenstruationPeriod'],
  sexual_activity: ['SexualActivity'],
  sleep: ['SleepSession'],
  exercise: ['ExerciseSession'],
})

export const isHcWebhook = (body: Readonly<Record<string, unknown>>): boolean =>
  typeof body['app_version'] === 'string' && typeof body['timestamp'] === 'string' && !('records' in body)

export function recordsOfHcWebhook(body: Readonly<Record<string, unknown>>): { type: string; value: unknown }[] {
  return Object.entries(body).flatMap(([list, items]) => {
    const known = lists[list]
    if (!Array.isArray(items)) return []
    // A list of a later version is told record by record as unknown, not passed over.
    const [type, value, unit] = known ?? [list]
    return items.map((item) => ({ type, value: isRecord(item) ? recordFrom(type, item, value, unit) : item }))
  })
}

function recordFrom(
  type: string,
  item: Readonly<Record<string, unknown>>,
  value: string | undefined,
  unit: string | undefined,
): unknown {
  const start = startOf(item)
  const id = `hc_webhook:${type}:${start}`
  const record = {
    ...item,
    id,
    start,
    end: item['end_time'] ?? item['session_end_time'] ?? item['time'],
    source: { app: 'com.hcwebhook.app', appName: 'HC Webhook' },
  }
  switch (type) {
    case 'SleepSession':
      return { ...record, lastModified: item['sleep_updated_at'] }
    case 'SkinTemperature':
      return {
        ...record,
        baseline: item['baseline_celsius'],
        deltas: [{ time: item['time'], delta: item['delta_celsius'] }],
      }
    case 'Nutrition':
      return { ...record, value: mealOf(item) }
    case 'ExerciseSession':
      return {
        ...record,
        type: item['type'],
        totals: { distance_m: item['distance_meters'], steps: item['steps'], cadence_avg: item['avg_cadence_spm'] },
      }
    default:
      return { ...record, ...(value ? { value: item[value] } : {}), ...(unit ? { unit } : {}) }
  }
}

/** Sleep says only when it ended and how long it was. */
function startOf(item: Readonly<Record<string, unknown>>): unknown {
  const given = item['start_time'] ?? item['time']
  if (given !== undefined) return given
  const [end, seconds] = [item['session_end_time'], item['duration_seconds']]
  const from = typeof end === 'string' && typeof seconds === 'number' ? Date.parse(end) - seconds * 1_000 : Number.NaN
  return Number.isNaN(from) ? undefined : new Date(from).toISOString()
}

const mealOf = (item: Readonly<Record<string, unknown>>) => ({
  energy: item['calories'],
  protein: item['protein_grams'],
  total_carbohydrate: item['carbs_grams'],
  total_fat: item['fat_grams'],
  sugar: item['sugar_grams'],
  sodium: item['sodium_grams'],
  dietary_fiber: item['dietary_fiber_grams'],
})
