import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { throwBombs } from './bomb-run.ts'

// `npm run prove bombs` throws all that there are, and holds the clock against them.
const chosen = [
  'a ZIP of 1 MB with a gigabyte in it',
  'a ZIP of a gigabyte that claims a thousand bytes',
  'a thousand entries that share their bytes',
  'a gzip file of 1 MB with a gigabyte in it',
  'a billion laughs',
  'a text of 20 MB',
  'a FIT file that claims 4 GB',
  'a FIT file of definitions and nothing else',
  'JSON 100,000 deep',
  'a number of 20 MB of digits',
  'a table with one row of 20 MB',
  'a request packed with gzip that is a gigabyte',
]

test.skipIf(!existsSync('/proc/self/stat'))(
  '12 bombs are each refused within two seconds of work and 200 MB, and somebody else is answered all the time',
  async () => {
    const report = await throwBombs({ only: (name) => chosen.includes(name), isLoaded: true })
    expect(report.faults).toEqual([])
    expect(report.bombs).toBe(12)
    expect(report.requests, 'requests of the other person').toBeGreaterThan(20)
  },
  180_000,
)
