import { Instant, Uuid } from '@tributary/protocol'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { faultsOf } from './validate.ts'

const wordsOf = (schema: z.ZodType, value: unknown) => {
  const { error } = schema.safeParse(value)
  return error ? faultsOf(error, 'body').map(({ detail }) => detail) : []
}

test.each([
  ['nothing at all', z.strictObject({ name: z.string() }), {}, 'is missing'],
  ['text for a number', z.number(), 'a', 'takes a number'],
  ['what is no number in a query', z.coerce.number().int(), 'ten', 'takes a number'],
  ['half for a whole number', z.number().int(), 0.5, 'takes a whole number'],
  ['a short text', z.string().min(8), 'short', 'takes at least 8 characters'],
  ['an empty text', z.string().min(1), '', 'takes at least 1 character'],
  ['a long list', z.array(z.number()).max(2), [1, 2, 3], 'takes at most 2 elements'],
  ['a small number', z.number().min(15), 1, 'takes a number of at least 15'],
  ['a word that is not in the list', z.enum(['json', 'csv', 'ndjson']), 'xls', 'takes json, csv or ndjson'],
  [
    'a time without an offset',
    Instant,
    '2026-01-31T08:30:00',
    'takes a date and time with an offset, like 2026-01-31T08:30:00Z',
  ],
  [
    'a time in no year of four digits',
    Instant,
    '9999-12-31T23:59:59-01:00',
    'lies outside the years 0000 to 9999 in UTC',
  ],
  ['an id that is none', Uuid, '7', 'takes an id, like 01980a4e-7c00-7000-8000-000000000000'],
  ['none of two kinds', z.union([z.number(), z.string()]), true, 'takes a number or text'],
  ['one of two kinds, but too long', z.union([z.number(), z.string().max(3)]), 'four', 'takes at most 3 characters'],
])('%s is answered with what is taken', (_, schema, value, words) => {
  expect(wordsOf(schema, value)).toEqual([words])
})
