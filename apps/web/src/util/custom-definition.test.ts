import { expect, test } from 'vitest'
import { customExample } from '../pages/connections/custom-example.ts'
import { sketchOf } from './custom-definition.ts'

test('a definition says which fields of a key it wants, and which lists it has', () => {
  expect(sketchOf(customExample)).toMatchObject({ credentials: ['secret'], feeds: ['weights'], fault: undefined })
  expect(sketchOf('{"auth":{"kind":"basic"}}')).toMatchObject({ credentials: ['user', 'secret'], feeds: [] })
  expect(sketchOf('{}').credentials).toEqual([])
})

test.each([
  ['{\n  "name": "x",\n  oops\n}', 'line 3'],
  ['', 'nothing'],
  ['{"name": ', 'not JSON yet'],
  ['[]', 'JSON object'],
])('a text that is none says where: %j', (text, says) => {
  expect(sketchOf(text)).toMatchObject({ definition: undefined, fault: expect.stringContaining(says) })
})
