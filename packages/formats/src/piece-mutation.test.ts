import { expect, test } from 'vitest'
import { runPieceMutations } from './testing/piece-mutations.ts'

const seed = Number(process.env['FC_SEED'] ?? 20_261_121)
const inputs = process.env['DEEP'] ? 1_000_000 : 1500

test(`${inputs} damaged health files and tables (seed ${seed}) are each read soundly or refused with a reason`, {
  timeout: inputs * 40,
}, async () => {
  const report = await runPieceMutations({ inputs, seed })
  expect(report.failures).toEqual([])
  expect(report.parsed + report.refused).toBe(inputs)
  expect(report.parsed).toBeGreaterThan(inputs / 3)
  expect(report.refused).toBeGreaterThan(inputs / 50)
  expect(report.slowest.msPer100kB).toBeLessThan(1000)
})
