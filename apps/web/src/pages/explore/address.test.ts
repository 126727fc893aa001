import { expect, test } from 'vitest'
import { hiddenOf, hiddenWord, metricsOf, metricsWord } from './address.ts'

test('an address holds up to four metrics, each once, and nothing that is none', () => {
  expect(metricsOf({ metric: 'heart_rate,steps,heart_rate,shoe_size' })).toEqual(['heart_rate', 'steps'])
  expect(metricsOf({ metric: 'heart_rate,steps,spo2,body_mass,vo2max' })).toHaveLength(4)
  expect(metricsOf({})).toEqual([])
  expect(metricsOf({ metric: metricsWord(['steps', 'spo2']) })).toEqual(['steps', 'spo2'])
})

test('what is switched off goes with its metric', () => {
  const hidden = hiddenOf({ hidden: 'steps~b,heart_rate~a' })
  expect(hiddenWord(hidden, ['heart_rate', 'steps'])).toBe('heart_rate~a,steps~b')
  expect(hiddenWord(hidden, ['heart_rate'])).toBe('heart_rate~a')
  expect(hiddenWord(hidden, ['spo2'])).toBeUndefined()
})
