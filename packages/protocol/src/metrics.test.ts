import { describe, expect, test } from 'vitest'
import { metricGroups } from './metric.ts'
import { catalogue, hasKind, isMetric, metricIds, metrics, primaryKind } from './metrics.ts'

/** Written out a second time on purpose: a metric that goes missing or changes its heading must be a decision. */
const groups: Record<string, string> = {
  heart: `heart_rate resting_heart_rate walking_heart_rate sleep_heart_rate_avg sleep_heart_rate_min heart_rate_recovery_1min rr_interval hrv_rmssd hrv_sdnn bp_systolic bp_diastolic bp_mean vo2max vascular_age pulse_wave_velocity perfusion_index af_burden ecg heart_event_irregular heart_event_high heart_event_low`,
  breathing: `spo2 respiratory_rate breathing_disturbance_index ahi snoring_duration fev1 fvc peak_expiratory_flow inhaler_use`,
  temperature: `body_temperature basal_body_temperature skin_temperature skin_temperature_deviation ambient_temperature water_temperature`,
  body: `body_mass body_height bmi body_fat fat_mass lean_mass muscle_mass bone_mass body_water_mass body_water visceral_fat_rating waist impedance basal_metabolic_rate metabolic_age`,
  movement: `steps wheelchair_pushes distance distance_walking_running distance_cycling distance_swimming distance_wheelchair distance_equivalent floors_climbed elevation_gain energy_active energy_basal energy_total active_duration exercise_duration move_duration stand_duration stand_hours sedentary_duration moderate_duration vigorous_duration active_zone_minutes heart_points met`,
  workout: `cadence cadence_steps speed power functional_threshold_power stride_length vertical_oscillation vertical_ratio ground_contact_time stance_balance swim_strokes underwater_depth elevation muscle_oxygen perceived_exertion training_load workout`,
  mobility: `walking_speed walking_step_length walking_asymmetry walking_double_support walking_steadiness six_minute_walk_distance stair_ascent_speed stair_descent_speed falls`,
  sleep: `sleep sleep_total sleep_time_in_bed sleep_deep sleep_light sleep_rem sleep_awake sleep_latency sleep_awakenings sleep_efficiency sleep_score`,
  metabolic: `blood_glucose glucose_trend_rate ketones hba1c insulin_delivery energy_intake carbohydrates_intake protein_intake fat_intake fiber_intake sugar_intake sodium_intake caffeine_intake water_intake alcohol_intake blood_alcohol medication_dose`,
  wellbeing: `stress_score stress_high_duration recovery_high_duration readiness_score recovery_score energy_reserve activity_score strain pai electrodermal_activity mood mindfulness_duration environment_audio headphone_audio daylight_duration uv_index handwashing menstruation_flow intermenstrual_bleeding ovulation_test cervical_mucus symptom`,
}

describe('the catalogue', () => {
  test.each(Object.entries(groups))('the heading "%s" holds its metrics, in order', (group, ids) => {
    expect(metricIds.filter((id) => metrics[id].group === group)).toEqual(ids.split(/\s+/))
  })

  test('it holds 151 metrics, each under a heading that is known', () => {
    expect(metricIds).toHaveLength(151)
    expect(Object.keys(groups)).toEqual(Object.keys(metricGroups))
  })

  test('a metric can be told from the names of the language itself', () => {
    expect(isMetric('heart_rate')).toBe(true)
    expect(isMetric('toString')).toBe(false)
    expect(isMetric('Heart_Rate')).toBe(false)
  })

  test('every name is lower-case and fits in a path, a column and a file name', () => {
    for (const id of metricIds) expect(id).toMatch(/^[a-z][a-z0-9_]{1,39}$/)
  })

  test('titles are different, so that a list of them can be chosen from', () => {
    expect(new Set(metricIds.map((id) => metrics[id].title)).size).toBe(metricIds.length)
  })
})

describe('kinds', () => {
  test('a plain value takes the first kind of its metric', () => {
    expect(primaryKind('heart_rate')).toBe('S')
    expect(primaryKind('steps')).toBe('I')
    expect(primaryKind('resting_heart_rate')).toBe('D')
    expect(primaryKind('bp_systolic')).toBe('E')
    expect(primaryKind('hrv_rmssd')).toBe('S')
    expect(primaryKind('energy_total')).toBe('I')
    expect(primaryKind('strain')).toBe('D')
  })

  test('heart rate variability comes as samples and as one value for a night', () => {
    expect(hasKind('hrv_rmssd', 'S')).toBe(true)
    expect(hasKind('hrv_rmssd', 'D')).toBe(true)
    expect(hasKind('hrv_rmssd', 'E')).toBe(false)
  })

  test('six metrics come in two kinds', () => {
    const two = metricIds.filter((id) => metrics[id].kind.length > 1)
    expect(two).toEqual(['hrv_rmssd', 'hrv_sdnn', 'skin_temperature', 'energy_total', 'stress_score', 'strain'])
  })

  test('every amount has a limit of some kind', () => {
    const limitless = metricIds.filter((id) => {
      const { reject, rejectRate, rejectDay } = catalogue[id]
      return hasKind(id, 'I') && !reject && !rejectRate && rejectDay === undefined
    })
    expect(limitless).toEqual([])
  })

  test('every sample has a range that a living person stays in', () => {
    expect(metricIds.filter((id) => hasKind(id, 'S') && !catalogue[id].reject)).toEqual([])
  })
})

describe('limits', () => {
  test('what is implausible lies inside of what is possible', () => {
    for (const id of metricIds) {
      const { reject, flag, rejectRate, flagRate, rejectDuration, flagDuration } = catalogue[id]
      if (flag) expect(reject, id).toBeDefined()
      expectInside(flag, reject, id)
      expectInside(flagDuration, rejectDuration, id)
      if (flagRate && rejectRate) {
        expect(flagRate[1], id).toBe(rejectRate[1])
        expect(flagRate[0], id).toBeLessThanOrEqual(rejectRate[0])
      }
    }
  })

  test.each([
    ['heart_rate', [20, 300], [30, 220]],
    ['heart_rate_recovery_1min', [-20, 150], [0, 90]],
    ['spo2', [50, 100], [85, 100]],
    ['body_temperature', [25, 45], [34, 41.5]],
    ['body_mass', [1, 500], [30, 250]],
    ['elevation', [-450, 9000], [-100, 5000]],
    ['blood_glucose', [0.6, 55], [2.2, 22.2]],
    ['basal_metabolic_rate', [200, 10_000], [700, 4000]],
    ['mood', [-1, 1], [-1, 1]],
    ['insulin_delivery', [0, 300], [0, 60]],
  ] as const)('%s is possible within %j and plausible within %j', (id, reject, flag) => {
    expect(catalogue[id].reject).toEqual(reject)
    expect(catalogue[id].flag).toEqual(flag)
  })

  test('steps have a pace and a day limit', () => {
    expect(metrics.steps).toMatchObject({
      rejectRate: [300, 'min'],
      flagRate: [240, 'min'],
      rejectDay: 150_000,
      flagDay: 60_000,
    })
  })

  test('nobody walks 400 km a day or faster than the fastest sprinter', () => {
    expect(metrics.distance_walking_running).toMatchObject({ rejectRate: [12.5, 's'], rejectDay: 400_000 })
  })

  test('only a climb on foot is limited to 3 metres a second: cable cars are faster', () => {
    expect(metrics.elevation_gain).toMatchObject({ rejectRateOnFoot: [3, 's'], rejectDay: 25_000, flagDay: 6000 })
    expect(catalogue.elevation_gain.rejectRate).toBeUndefined()
  })

  test('too little resting energy in a day is as odd as too much', () => {
    expect(metrics.energy_basal.flagDay).toEqual([700, 4000])
    expect(metrics.energy_total.flagDay).toEqual([800, 9000])
  })

  test('a night is between 5 minutes and 24 hours, a workout at most 7 days', () => {
    expect(metrics.sleep.rejectDuration).toEqual([300, 86_400])
    expect(metrics.workout.rejectDuration).toEqual([0, 604_800])
  })

  test('a zero that means "no reading" is never inside the possible range', () => {
    for (const id of metricIds) {
      const { zeroIsMissing, reject } = catalogue[id]
      if (zeroIsMissing) expect(reject?.[0], id).toBeGreaterThan(0)
    }
  })

  test('a zero is a real reading for cadence, power and the temperature of the air, not for a pulse', () => {
    for (const id of ['cadence', 'power', 'ambient_temperature', 'ahi', 'steps'] as const) {
      expect(catalogue[id].zeroIsMissing, id).toBeUndefined()
    }
    for (const id of ['heart_rate', 'spo2', 'hrv_sdnn', 'body_mass', 'body_height', 'body_temperature'] as const) {
      expect(catalogue[id].zeroIsMissing, id).toBe(true)
    }
  })
})

describe('names elsewhere', () => {
  test('every LOINC code has its right check digit', () => {
    for (const id of metricIds) {
      const { loinc = [], loincWhen = {} } = catalogue[id]
      for (const code of [...loinc, ...Object.values(loincWhen)])
        expect(hasRightCheckDigit(code), `${id} ${code}`).toBe(true)
    }
  })

  test('a count of steps and the steps of a day have different LOINC codes', () => {
    expect(metrics.steps).toMatchObject({ loinc: ['55423-8'], loincWhen: { day: '41950-7' } })
  })

  test('blood oxygen is written under both of its LOINC codes', () => {
    expect(metrics.spo2.loinc).toEqual(['59408-5', '2708-6'])
  })

  test('what Apple measures as a fraction is known to be one', () => {
    expect(metrics.spo2.foreignUnits).toEqual({ healthkit: '1' })
    expect(metrics.body_fat.foreignUnits).toEqual({ healthkit: '1' })
  })

  test('an event that is a word says which words', () => {
    for (const id of metricIds) expect(catalogue[id].words !== undefined, id).toBe(metrics[id].unit === 'word')
    expect(metrics.menstruation_flow.words).toEqual(['none', 'light', 'medium', 'heavy'])
  })
})

type Range = readonly [number, number]

function expectInside(inner: Range | undefined, outer: Range | undefined, id: string): void {
  if (!inner || !outer) return
  expect(inner[0], id).toBeGreaterThanOrEqual(outer[0])
  expect(inner[1], id).toBeLessThanOrEqual(outer[1])
}

/** LOINC's check digit is Luhn's (mod 10). */
function hasRightCheckDigit(code: string): boolean {
  const [digits = '', check] = code.split('-')
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const weighted = place % 2 === 0 ? Number(digit) * 2 : Number(digit)
    return total + (weighted > 9 ? weighted - 9 : weighted)
  }, 0)
  return Number(check) === (10 - (sum % 10)) % 10
}
