import { describe, expect, test } from 'vitest'
import { type SleepStage, type StageSystem, sleepStages, stageFromNumber, stageFromWord } from './stages.ts'

/** Numbers 0, 1, 2 … of each system, as its makers publish them. */
const published: [StageSystem, string][] = [
  ['healthkit', 'in_bed asleep_unspecified awake light deep rem unknown'],
  ['health_connect', 'unknown awake asleep_unspecified out_of_bed light deep rem awake unknown'],
  ['google_fit', 'unknown awake asleep_unspecified out_of_bed light deep rem unknown'],
  ['oura', 'unknown deep light rem awake unknown'],
  ['withings', 'awake light deep rem asleep_unspecified asleep_unspecified unknown'],
  ['mi_fitness', 'unknown unknown deep light rem awake asleep_unspecified unknown'],
  ['fit', 'unknown awake light deep rem unknown'],
  ['polar', 'awake rem light light deep unknown unknown'],
  ['zepp', 'unknown unknown unknown unknown light deep unknown awake rem unknown unknown rem unknown'],
]

describe('stages of sleep', () => {
  test.each(published)('the numbers of %s count up %s', (system, stages) => {
    expect(stages.split(' ').map((_, number) => stageFromNumber(system, number))).toEqual(stages.split(' '))
  })

  test('Samsung counts from 40001, Withings says 15 for out of bed', () => {
    expect([40_001, 40_002, 40_003, 40_004].map((n) => stageFromNumber('samsung', n))).toEqual([
      'awake',
      'light',
      'deep',
      'rem',
    ])
    expect(stageFromNumber('withings', 15)).toBe('out_of_bed')
    expect(stageFromNumber('samsung', 1)).toBe('unknown')
  })

  test('our own names are understood as they are', () => {
    for (const stage of sleepStages) expect(stageFromWord(stage)).toBe(stage)
  })

  test.each<[string, SleepStage]>([
    ['Core', 'light'],
    ['HKCategoryValueSleepAnalysisAsleepCore', 'light'],
    ['HKCategoryValueSleepAnalysisAsleepUnspecified', 'asleep_unspecified'],
    ['HKCategoryValueSleepAnalysisInBed', 'in_bed'],
    ['AWAKE', 'awake'],
    ['wake', 'awake'],
    ['RESTLESS', 'awake'],
    ['ASLEEP', 'asleep_unspecified'],
    ['slow_wave', 'deep'],
    ['unmeasurable', 'unknown'],
    ['no_data', 'unknown'],
  ])('%s is %s', (word, stage) => {
    expect(stageFromWord(word)).toBe(stage)
  })

  test('a word that nobody uses for sleep is not understood', () => {
    expect(stageFromWord('dreaming')).toBeUndefined()
    expect(stageFromWord('constructor')).toBeUndefined()
    expect(stageFromWord('')).toBeUndefined()
  })
})
