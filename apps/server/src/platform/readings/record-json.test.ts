import { expect, test } from 'vitest'
import { recordOf, recordText } from './record-json.ts'

test('a record comes back as it was, files and all', () => {
  const record = { id: 7, file: Uint8Array.of(0, 1, 255), list: [null, 'text'] }
  expect(recordOf(recordText(record))).toEqual(record)
  expect(recordOf(recordText({ file: Buffer.from([1, 2]) }))).toEqual({ file: Uint8Array.of(1, 2) })
})
