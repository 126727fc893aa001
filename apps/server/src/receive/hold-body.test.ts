import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { createHoldBody } from './hold-body.ts'

const arriving = (bytes: number, length: number | undefined = bytes) => ({
  payload: Readable.from([Buffer.alloc(Math.floor(bytes / 2)), Buffer.alloc(Math.ceil(bytes / 2))]),
  length,
})
const sizeOf = async (bytes: Uint8Array) => bytes.length

test('a body is read whole, whether or not it said how long it is, and not beyond what its provider may send', async () => {
  const hold = createHoldBody(100)
  const unpacked = { ...arriving(60), length: undefined }
  expect(await hold(arriving(60), 60, sizeOf)).toBe(60)
  expect(await hold(unpacked, 60, sizeOf)).toBe(60)
  expect(await hold(undefined, 60, sizeOf)).toBe(0)
  for (const large of [arriving(61), { ...arriving(61), length: undefined }]) {
    await expect(hold(large, 60, sizeOf)).rejects.toMatchObject({ code: 'payload_too_large', extra: { max_bytes: 60 } })
    expect(large.payload.destroyed, 'its sender can still be told').toBe(false)
  }
})

test('what is too much at once is to be sent again, and there is room as soon as another is done with', async () => {
  const hold = createHoldBody(100)
  const done = Promise.withResolvers<void>()
  const first = hold(arriving(70), 80, () => done.promise)
  await expect(hold(arriving(40), 80, sizeOf)).rejects.toMatchObject({ code: 'busy', retryAfterSeconds: 30 })
  expect(await hold(arriving(30), 80, sizeOf)).toBe(30)
  done.resolve()
  await first
  expect(await hold(arriving(80), 80, sizeOf)).toBe(80)
  const failing = hold(arriving(80), 80, () => Promise.reject(new Error('broken off')))
  await expect(failing).rejects.toThrow('broken off')
  expect(await hold(arriving(80), 80, sizeOf)).toBe(80)
})
