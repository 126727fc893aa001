import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitLists } from './split-lists.ts'

const partsOf = (text: string, most: number) =>
  Array.from(splitLists(new TextEncoder().encode(text), most), (part) => JSON.parse(new TextDecoder().decode(part)))

test('the parts of a delivery hold its items, each once and in their order, whatever stands in them', () => {
  const lists = fc.dictionary(fc.string(), fc.array(fc.json().map((text) => JSON.parse(text))))
  fc.assert(
    fc.property(lists, fc.integer({ min: 0, max: 60 }), fc.constantFrom(undefined, 1), (said, most, indent) => {
      const together: Record<string, unknown[]> = Object.create(null)
      for (const part of partsOf(JSON.stringify(said, null, indent), most))
        for (const [name, items] of Object.entries(part)) {
          const list = together[name] ?? []
          together[name] = list
          list.push(...(items as unknown[]))
        }
      const wanted = Object.entries(said).filter(([, items]) => items.length)
      expect(Object.entries(together)).toEqual(wanted)
    }),
    { numRuns: 200 },
  )
})

test('no part is larger than it may be by more than an item, and what is no list is left out', () => {
  expect(partsOf('{"a":[1,22,333],"b":"[","c":{"d":[1]},"e":[]}', 4)).toEqual([{ a: [1, 22] }, { a: [333] }])
  expect(partsOf(' { } ', 4)).toEqual([])
})

test('what is cut off or no delivery at all is refused', () => {
  for (const text of ['', '[]', '{"a":[1,2', '{"a":[1,2]', '{"a":[{"b":1]', '{"a" [1]}', '{"a":["x]}'])
    expect(() => partsOf(text, 100), text).toThrow('a delivery is not lists of items')
})
