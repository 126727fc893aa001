import { expect, test } from 'vitest'
import { runArchiveMutations } from './testing/archive-mutations.ts'

const seed = Number(process.env['FC_SEED'] ?? 20_261_121)
const inputs = process.env['DEEP'] ? 200_000 : 1000

test(`${inputs} damaged exports (seed ${seed}) are each read soundly or refused with a reason`, {
  timeout: inputs * 60,
}, async () => {
  const report = await runArchiveMutations({ inputs, seed })
  expect(report.failures).toEqual([])
  expect(report.parsed + report.refused).toBe(inputs)
  expect(report.parsed).toBeGreaterThan(inputs / 2)
  expect(report.refused).toBeGreaterThan(inputs / 50)
  expect(report.slowest.msPer100kB).toBeLessThan(1000)
})
