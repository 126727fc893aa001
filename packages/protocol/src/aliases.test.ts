import { describe, expect, test } from 'vitest'
import { aliases, aliasesOf, compoundNames, compounds, resolveDataType } from './aliases.ts'
import { catalogue, isMetric, metricIds } from './metrics.ts'

const metricOf = (name: string) => {
  const type = resolveDataType(name)
  return type?.kind === 'metric' ? type.metric : undefined
}

describe('data types', () => {
  test.each([
    ['heart_rate', 'heart_rate'],
    ['Heart Rate', 'heart_rate'],
    ['heart-rate', 'heart_rate'],
    ['hr', 'heart_rate'],
    ['pulse', 'heart_rate'],
    ['weight', 'body_mass'],
    ['floors', 'floors_climbed'],
    ['altitude', 'elevation'],
    ['elevation', 'elevation'],
    ['calories', 'energy_active'],
    ['oxygen_saturation', 'spo2'],
    ['blood_oxygen', 'spo2'],
    ['temperature', 'body_temperature'],
    ['height', 'body_height'],
    ['glucose', 'blood_glucose'],
    ['hydration', 'water_intake'],
    ['step_count', 'steps'],
    ['garmin_body_battery', 'energy_reserve'],
    ['heart_rate_variability_sdnn', 'hrv_sdnn'],
  ])('"%s" is %s', (name, metric) => {
    expect(metricOf(name)).toBe(metric)
  })

  test.each(['hrv', 'sugar', 'distance_ran', '', 'toString', '__proto__', 'exercise_time'])(
    '"%s" may mean nothing or two things and is not understood',
    (name) => {
      expect(resolveDataType(name)).toBeUndefined()
    },
  )

  test('the names of Open Wearables are understood, but for those whose unit is not ours', () => {
    const unknown = metricIds.flatMap((id) =>
      (catalogue[id].open_wearables ?? []).filter((name) => !resolveDataType(name)),
    )
    expect(unknown).toEqual([
      'active_time', // times in minutes
      'exercise_time',
      'stand_time',
      'average_met', // of a day, where ours is of a moment
      'running_stride_length', // cm
      'running_vertical_oscillation', // cm
      'time_in_daylight',
    ])
  })

  test('a metric knows its other names', () => {
    expect(aliasesOf('body_mass')).toEqual(['weight', 'body_weight'])
    expect(aliasesOf('cadence')).toEqual([])
  })

  test('no alias hides a metric', () => {
    for (const name of Object.keys(aliases)) {
      expect(isMetric(name), name).toBe(false)
      expect(metricOf(name), name).toBe(aliases[name])
    }
  })
})

describe('values of more than one part', () => {
  test('blood pressure is systolic and diastolic, and may carry the mean', () => {
    expect(resolveDataType('blood_pressure')).toEqual({ kind: 'compound', name: 'blood_pressure' })
    expect(compounds.blood_pressure.parts).toEqual({
      systolic: { metric: 'bp_systolic' },
      diastolic: { metric: 'bp_diastolic' },
      mean: { metric: 'bp_mean', optional: true },
    })
  })

  test('a position is a latitude and a longitude on this planet, and may carry a height', () => {
    expect(resolveDataType('location')).toEqual({ kind: 'compound', name: 'gps' })
    expect(compounds.gps.parts.lat.range).toEqual([-90, 90])
    expect(compounds.gps.parts.lon.range).toEqual([-180, 180])
    expect(compounds.gps.parts.ele.metric).toBe('elevation')
  })

  test('sleep sent by a device is a stage with its start and end', () => {
    expect(resolveDataType('sleep')).toEqual({ kind: 'compound', name: 'sleep' })
    expect(compounds.sleep.parts.stage.words).toContain('rem')
  })

  test('there are three', () => {
    expect(compoundNames).toEqual(['blood_pressure', 'gps', 'sleep'])
  })
})
