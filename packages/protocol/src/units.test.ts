import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { catalogue, type MetricId, metricIds, metrics } from './metrics.ts'
import { runs } from './testing/chance.ts'
import { conversionFor, durationSeconds, fromCanonical, toCanonical, unitsOf } from './units.ts'
import { ownUnits, unitTable } from './units-table.ts'

const everyUnit = metricIds.flatMap((metric) => unitsOf(metric).map((unit) => ({ metric, unit })))

describe('conversions', () => {
  // The figures that the rules of conversion are checked with, to the digits they are stated in.
  test.each([
    ['blood_glucose', 100, 'mg/dL', 5.5507, 4],
    ['blood_glucose', 0.00101, 'kg/L', 5.6063, 3],
    ['blood_glucose', 0.0055, 'mol/L', 5.5, 12],
    ['hba1c', 48, 'mmol/mol', 6.54, 2],
    ['body_mass', 160, 'lb', 72.5748, 4],
    ['body_mass', 11, 'st', 69.85322498, 8],
    ['body_mass', 80_000, 'g', 80, 12],
    ['body_height', 6, 'ft', 1.8288, 12],
    ['body_height', 70, 'in', 1.778, 12],
    ['distance', 26.2, 'mi', 42_164.8128, 8],
    ['distance', 100, 'yd', 91.44, 12],
    ['body_temperature', 98.6, '°F', 37, 12],
    ['body_temperature', 310.15, 'K', 37, 12],
    ['skin_temperature_deviation', 0.9, '°F', 0.5, 12],
    ['bp_systolic', 16, 'kPa', 120.01, 2],
    ['energy_active', 1000, 'kJ', 239.0057, 4],
    ['energy_active', 4184, 'J', 1, 12],
    ['water_intake', 8, 'fl oz', 236.588, 3],
    ['water_intake', 1, '[foz_br]', 28.4130625, 12],
    ['water_intake', 1, 'cup', 236.588237, 12],
    ['heart_rate', 1.2, 'count/s', 72, 12],
    ['respiratory_rate', 0.25, 'Hz', 15, 12],
    ['speed', 400, 's/km', 2.5, 12],
    ['speed', 6.705_6, 'min/mi', 4, 12],
    ['speed', 36, 'km/h', 10, 12],
    ['met', 35, 'mL/kg/min', 10, 12],
    ['cadence_steps', 84, 'strides/min', 168, 12],
    ['spo2', 0.97, '1', 97, 12],
    ['spo2', 97, '%', 97, 12],
    ['sleep_total', 7.5, 'h', 27_000, 12],
    ['sodium_intake', 1.2, 'g', 1200, 12],
    ['vertical_oscillation', 8.5, 'cm', 85, 12],
    ['electrodermal_activity', 0.000_002, 'S', 2, 12],
  ] as const)('%s of %d %s is %d', (metric, value, unit, canonical, digits) => {
    expect(toCanonical(metric, value, unit)).toBeCloseTo(canonical, digits)
  })

  test('a value that needs no conversion keeps every bit', () => {
    for (const metric of metricIds) {
      expect(toCanonical(metric, 0.1 + 0.2, metrics[metric].unit)).toBe(0.1 + 0.2)
      expect(toCanonical(metric, 0.1 + 0.2)).toBe(0.1 + 0.2)
      expect(toCanonical(metric, 0.1 + 0.2, ' ')).toBe(0.1 + 0.2)
    }
  })

  test('every value comes back from every unit of every metric', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...everyUnit),
        fc.double({ min: -1e9, max: 1e9, noNaN: true }).filter((value) => Math.abs(value) > 1e-6),
        ({ metric, unit }, value) => {
          const canonical = toCanonical(metric, value, unit) ?? Number.NaN
          const back = fromCanonical(metric, canonical, unit) ?? Number.NaN
          // Adding and taking off a freezing point costs digits of small values: the scale of the point counts too.
          const { minus = 0, plus = 0, times = 1, over = 1 } = conversionFor(metric, unit) ?? {}
          const scale = Math.max(Math.abs(value), Math.abs(minus), Math.abs((plus * over) / times))
          expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-12 * scale)
        },
      ),
      { numRuns: runs(2000) },
    )
  })

  test('a pace of zero is infinitely fast, which the range of a speed refuses', () => {
    expect(toCanonical('speed', 0, 's/km')).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('spellings', () => {
  test.each([
    ['heart_rate', ['bpm', 'BPM', 'beats/min', 'Beats / Min', '/min', 'count/min', '{beats}/min', '1/min']],
    ['body_mass', ['kg', 'KG', ' kg ', 'Kilograms']],
    ['body_temperature', ['°C', 'C', 'degC', 'Cel', '℃', 'Celsius']],
    ['bmi', ['kg/m²', 'kg/m2', 'kg/m^2', 'count']],
    ['blood_glucose', ['mmol/L', 'mmol/l', 'mmol<180.1558800000541>/L']],
    ['electrodermal_activity', ['\u00b5S', '\u03bcS', 'uS']],
    ['impedance', ['\u03a9', '\u2126', 'ohm']],
    ['energy_active', ['kcal', 'Cal', '[Cal]', 'KCAL']],
    ['steps', ['count', 'steps', '{steps}', '1']],
    ['environment_audio', ['dB(A)', 'dBA', 'dBASPL']],
    ['vo2max', ['mL/kg/min', 'mL/min·kg', 'mL/(kg.min)']],
  ] as const)('%s understands %j as one unit', (metric, spellings) => {
    for (const unit of spellings) expect(toCanonical(metric, 50, unit), unit).toBe(50)
  })

  test.each(['lb', 'lbs', 'LBS', '[lb_av]', 'pounds'])('%s is a pound', (unit) => {
    expect(toCanonical('body_mass', 1, unit)).toBe(0.45359237)
  })

  test.each(['°F', 'F', 'degF', '[degF]', '℉'])('%s is a degree Fahrenheit', (unit) => {
    expect(toCanonical('ambient_temperature', 32, unit)).toBe(0)
  })

  test.each([
    ['heart_rate', 'kg'],
    ['heart_rate', 'toString'],
    ['ketones', 'mg/dL'], // glucose alone has this factor
    ['energy_active', 'cal'], // a thousandth of a kilocalorie, and hardly ever meant
    ['environment_audio', 'dB'], // not weighted
    ['electrodermal_activity', 'ms'], // milliseconds are no millisiemens
    ['body_temperature', 'mmol/mol'],
    ['recovery_score', '%'],
  ] as const)('%s is not understood in %s', (metric, unit) => {
    expect(toCanonical(metric, 1, unit)).toBeUndefined()
    expect(fromCanonical(metric, 1, unit)).toBeUndefined()
  })

  test('a unit as long as a book is not even looked at', () => {
    expect(toCanonical('heart_rate', 72, `${'{x}'.repeat(100_000)}bpm`)).toBeUndefined()
  })

  test('no spelling means two things for one metric', () => {
    for (const metric of metricIds) {
      const own = ownUnits[metric]
      const rows = [...(own?.only ? [] : unitTable[metrics[metric].unit]), ...(own?.rows ?? [])]
      const seen = new Map<string, string>()
      for (const [spellings, conversion] of rows) {
        for (const spelling of spellings.split('|')) {
          const meaning = JSON.stringify(conversion)
          expect(seen.get(spelling) ?? meaning, `${metric} in ${spelling}`).toBe(meaning)
          seen.set(spelling, meaning)
        }
      }
    }
  })

  test('every metric lists its own unit first', () => {
    for (const metric of metricIds) expect(unitsOf(metric)[0]).toBe(metrics[metric].unit)
    expect(unitsOf('body_mass')).toEqual(['kg', 'g', 'lb', 'st', 'oz'])
    expect(unitsOf('skin_temperature_deviation')).toEqual(['°C', '°F'])
  })

  test('the units in which other systems measure are understood', () => {
    const misunderstood = metricIds.flatMap((metric) =>
      foreignUnits(metric).filter((unit) => !conversionFor(metric, unit)),
    )
    expect(misunderstood).toEqual([])
  })
})

describe('durations', () => {
  test.each([
    ['PT1H2M3S', 3723],
    ['PT45M', 2700],
    ['PT0.5S', 0.5],
    ['P1DT2H', 93_600],
    ['P2D', 172_800],
    ['PT2712S', 2712],
    ['01:02:03', 3723],
    ['7:30', 450],
    ['26:00:00', 93_600],
    ['00:00:01.25', 1.25],
  ])('%s lasts %d seconds', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds)
  })

  test.each(['', 'P', 'PT', 'P1Y', '1:60', '1:75:00', '12', 'PT-5S', 'soon'])('"%s" is no duration', (text) => {
    expect(durationSeconds(text)).toBeUndefined()
  })
})

function foreignUnits(metric: MetricId): string[] {
  return Object.values(catalogue[metric].foreignUnits ?? {})
}
