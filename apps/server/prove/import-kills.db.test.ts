import { seed } from '@tributary/protocol/testing'
import { expect, test } from 'vitest'
import { killImports } from './import-kills.ts'

// `npm run prove` does the same with 200 MB and ten kills.
test('a program killed in the upload of 20 MB and three times in the middle of its import ends it as one that was left alone', async () => {
  const report = await killImports({ kills: 3, megabytes: 20, seed })
  expect(report.faults).toEqual([])
  expect(report.inTheMiddle, 'each kill met an import that had got on').toBe(3)
  expect(report.resumedAt, 'the upload went on where it was cut').toBeGreaterThan(0)
  expect(report.samples).toBeGreaterThan(10_000)
  expect(report.chunks, 'days were compacted, and each was recounted').toBeGreaterThan(100)
}, 180_000)
