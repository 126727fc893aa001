import { PassThrough } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { deliveredBytes } from './delivered-bytes.ts'

const ours = ['data', 'end', 'close'] as const

test('every byte that came is handed on, also when the line is cut behind it, and nobody listens any more', async () => {
  const body = new PassThrough()
  const before = ours.map((event) => body.listenerCount(event))
  const came: Buffer[] = []
  const reading = (async () => {
    for await (const chunk of deliveredBytes(body)) came.push(chunk)
  })()
  body.write('one ')
  body.write('two')
  await turn()
  body.destroy(new Error('cut'))
  await reading
  expect(Buffer.concat(came).toString()).toBe('one two')
  expect(ours.map((event) => body.listenerCount(event))).toEqual(before)
})

test('whoever stops early collects nothing of what comes later, and a line cut then is no fault', async () => {
  const body = new PassThrough()
  const before = ours.map((event) => body.listenerCount(event))
  body.write('one')
  for await (const chunk of deliveredBytes(body)) {
    expect(chunk.toString()).toBe('one')
    break
  }
  expect(ours.map((event) => body.listenerCount(event))).toEqual(before)
  body.destroy(new Error('cut'))
  await turn()
  expect(body.destroyed).toBe(true)
})
