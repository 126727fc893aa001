import { expect, test } from 'vitest'
import { runKills } from './kill-run.ts'

// `npm run prove` does the same with 300 kills and 50 restarts.
test('8 kills of the program and 2 of its database under uploads, imports and compaction lose and double nothing', async () => {
  const report = await runKills({ kills: 8, databaseRestarts: 2, seed: Number(process.env['FC_SEED'] ?? 1) })
  expect(report.faults).toEqual([])
  expect(report.acknowledged, 'the load did get through').toBeGreaterThan(50)
  expect(report.imports).toBeGreaterThan(3)
}, 180_000)
