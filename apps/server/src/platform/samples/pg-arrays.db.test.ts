import { afterAll, beforeAll, expect, test } from 'vitest'
import { arrayOf, type ColumnType } from './pg-arrays.ts'
import { type TestStore, testStore } from './test-store.ts'

let kit: TestStore
beforeAll(async () => {
  kit = await testStore()
})
afterAll(() => kit.drop())

test.each<[ColumnType, unknown[], string]>([
  ['uuid', ['0192f0c1-2345-7abc-8def-0123456789ab', null], '{0192f0c1-2345-7abc-8def-0123456789ab,NULL}'],
  ['int2', [-32_768, null, 32_767], '{-32768,NULL,32767}'],
  ['int4', [-(2 ** 31), 2 ** 31 - 1], '{-2147483648,2147483647}'],
  [
    'int8',
    [Number.MIN_SAFE_INTEGER, -1, 0, 2 ** 32, Number.MAX_SAFE_INTEGER],
    '{-9007199254740991,-1,0,4294967296,9007199254740991}',
  ],
  ['float8', [-0, 0.1, 1e308, 5e-324], '{-0,0.1,1e+308,5e-324}'],
  ['bool', [true, false, null], '{t,f,NULL}'],
  ['text', ['', 'ä "q"', null], '{"","ä \\"q\\"",NULL}'],
  ['bytea', [Buffer.of(0, 255), Buffer.alloc(0)], '{"\\\\x00ff","\\\\x"}'],
  ['date', [0, -719_528, 20_458], '{1970-01-01,"0001-01-01 BC",2026-01-05}'],
  ['jsonb', [{ a: [1, null] }, null], '{"{\\"a\\": [1, null]}",NULL}'],
  [
    'timestamptz',
    [
      Date.UTC(2026, 0, 5, 1, 2, 3, 4),
      new Date(0),
      Date.parse('0000-01-01T00:00:00Z'),
      Date.parse('9999-12-31T23:59:59.999Z'),
      null,
    ],
    '{"2026-01-05 01:02:03.004+00","1970-01-01 00:00:00+00","0001-01-01 00:00:00+00 BC","9999-12-31 23:59:59.999+00",NULL}',
  ],
  ['text', [], '{}'],
])('PostgreSQL reads a column of %s as it was meant', async (type, values, expected) => {
  const [row] = await kit.query<{ told: string }>(
    `select ($1::${type}[])::text as told from (select set_config('TimeZone', 'UTC', true)) as zone`,
    [arrayOf(type, values)],
  )
  expect(row?.told).toBe(expected)
})

test('what a column cannot hold is refused', () => {
  expect(() => arrayOf('uuid', ['not-a-uuid'])).toThrow('is no UUID')
  expect(() => arrayOf('int8', [2 ** 53])).toThrow('is no int8')
  expect(() => arrayOf('int2', [40_000])).toThrow()
})
