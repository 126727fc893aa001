import { expect, test } from 'vitest'
import { runMutations } from './testing/mutation-run.ts'

const seed = Number(process.env['FC_SEED'] ?? 20_261_121)
const inputs = process.env['DEEP'] ? 3_000_000 : 4000

test(`${inputs} damaged files and archives (seed ${seed}) are each read soundly or refused with a reason`, {
  timeout: inputs * 40,
}, async () => {
  const report = await runMutations({ inputs, seed })
  expect(report.failures).toEqual([])
  expect(report.parsed + report.refused).toBe(inputs)
  // Damage that always or never mattered would show that the mutations miss the point.
  expect(report.parsed).toBeGreaterThan(inputs / 3)
  expect(report.refused).toBeGreaterThan(inputs / 50)
  expect(report.slowest.msPer100kB).toBeLessThan(1000)
})
