import { expect, test } from 'vitest'
import { killImports } from './import-kills.ts'

// `npm run prove` does the same with 200 MB and ten kills.
test('a program killed three times in the middle of an export of 20 MB ends it as one that was left alone', async () => {
  const report = await killImports({ kills: 3, megabytes: 20, seed: Number(process.env['FC_SEED'] ?? 1) })
  expect(report.faults).toEqual([])
  expect(report.inTheMiddle, 'the kills met it at work').toBeGreaterThan(0)
  expect(report.samples).toBeGreaterThan(10_000)
}, 180_000)
