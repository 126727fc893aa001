import { expect, test } from 'vitest'
import { tableOf } from './table.ts'

test('a table knows what is written in it, and no word that every object is born with', () => {
  const table: Readonly<Record<string, number>> = tableOf({ steps: 1 })
  const born = [...Object.getOwnPropertyNames(Object.prototype), 'steps']
  expect(born.filter((name) => table[name] !== undefined)).toEqual(['steps'])
})
