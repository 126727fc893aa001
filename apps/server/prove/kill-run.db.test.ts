import { seed } from '@tributary/protocol/testing'
import { expect, test } from 'vitest'
import { runKills } from './kill-run.ts'

// `npm run prove` does the same with 300 kills and 50 restarts.
test('8 kills of the program and 2 of its database under uploads, imports and compaction lose and double nothing', async () => {
  const report = await runKills({ kills: 4, killsInCompaction: 4, databaseRestarts: 2, seed })
  expect(report.faults).toEqual([])
  expect(report.acknowledged, 'the load did get through').toBeGreaterThan(50)
  expect(report.imports).toBeGreaterThan(3)
  expect(report.inCompaction, 'kills that met a compaction').toBe(4)
  expect(report.chunks, 'days were compacted, and each was recounted').toBeGreaterThan(7)
}, 180_000)
