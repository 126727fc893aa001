import { writeRide } from '@tributary/formats/testing'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../platform/clock.ts'
import { createParser, type Parser, parserLimits } from './parse-file.ts'

const ride = writeRide({ start: Date.UTC(2025, 0, 5, 7), seconds: 300 })
const never = new AbortController().signal
const parsers: Parser[] = []
afterEach(async () => {
  for (const parser of parsers.splice(0)) await parser.close()
})

function parserWith(limits = parserLimits): Parser {
  const parser = createParser({ clock: systemClock, log: { warn: () => undefined } }, limits)
  parsers.push(parser)
  return parser
}

/** A file that comes in parts of `size` bytes. */
function fileOf(bytes: Uint8Array, size = 1_000) {
  let at = 0
  const nextPart = async () => {
    if (at >= bytes.length) return null
    at += size
    return Uint8Array.from(bytes.subarray(at - size, at))
  }
  return { filename: 'ride.fit', nextPart }
}

test('a file is parsed in a thread, from parts of any size', async () => {
  const parser = parserWith()
  const whole = await parser.parse(fileOf(ride, 1_000_000), never)
  expect(whole).toMatchObject({ parsed: { format: 'fit', records: 300 } })
  expect(await parser.parse(fileOf(ride, 7), never)).toEqual(whole)
})

test('a file that is no activity is refused in words', async () => {
  const outcome = await parserWith().parse(fileOf(Buffer.from('nothing')), never)
  expect(outcome).toEqual({ refused: { code: 'not_an_activity', detail: 'this is neither FIT nor TCX nor GPX' } })
})

test('a thread that takes too much memory dies alone, and its file is refused', async () => {
  const outcome = await parserWith({ ...parserLimits, heapMb: 9 }).parse(fileOf(ride), never)
  expect(outcome).toMatchObject({ refused: { code: 'parse_memory' } })
})

test('a thread that dies before it has a file does not end the program', async () => {
  const deaths: unknown[] = []
  const log = { warn: (fields: { err: { code: string } }) => void deaths.push(fields.err.code) }
  const parser = createParser({ clock: systemClock, log: log as never }, { ...parserLimits, heapMb: 3 })
  parsers.push(parser)
  parser.warm()
  await expect.poll(() => deaths, { timeout: 10_000 }).toEqual(['ERR_WORKER_OUT_OF_MEMORY'])
})

test('a file that takes too long is given up, and the next one is read', async () => {
  const limits = { ...parserLimits, timeoutMs: 200 }
  const parser = parserWith(limits)
  const stuck = { filename: 'stuck.fit', nextPart: () => new Promise<null>(() => undefined) }
  expect(await parser.parse(stuck, never)).toMatchObject({ refused: { code: 'parse_timeout' } })
  limits.timeoutMs = parserLimits.timeoutMs
  expect(await parser.parse(fileOf(ride), never)).toHaveProperty('parsed')
})

test('bytes that cannot be read are the reader’s fault, not the file’s', async () => {
  const gone = new Error('the database is away')
  const broken = { filename: 'ride.fit', nextPart: () => Promise.reject(gone) }
  await expect(parserWith().parse(broken, never)).rejects.toBe(gone)
})

test('whoever stops gets out at once', async () => {
  const stop = new AbortController()
  const reason = new Error('the program stops')
  const waiting = {
    filename: 'ride.fit',
    nextPart: () => {
      stop.abort(reason)
      return new Promise<null>(() => undefined)
    },
  }
  await expect(parserWith().parse(waiting, stop.signal)).rejects.toBe(reason)
})
