import { seed } from '@tributary/protocol/testing'
import { expect, test } from 'vitest'
import { runMutations } from './testing/mutation-run.ts'

const inputs = process.env['DEEP'] ? 3_000_000 : 4000

test(`${inputs} damaged files and archives (seed ${seed}) are each read soundly or refused with a reason, within 256 MB and a second per 100 kB`, {
  timeout: inputs * 40,
}, async () => {
  const report = await runMutations({ inputs, seed })
  expect(report.failures).toEqual([])
  expect(report.parsed + report.refused).toBe(inputs)
  // Damage that always or never mattered would show that the mutations miss the point.
  expect(report.parsed).toBeGreaterThan(inputs / 3)
  expect(report.refused).toBeGreaterThan(inputs / 50)
  expect(report.slowest.msPer100kB).toBeLessThan(1000)
  expect(report.hungriest.megabytes).toBeLessThan(256)
})
