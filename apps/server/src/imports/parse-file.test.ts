import { MessageChannel } from 'node:worker_threads'
import { writeRide } from '@tributary/formats/testing'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../platform/clock.ts'
import { createParser, type Parser, parserLimits, type StoredFile, type Taker } from './parse-file.ts'
import { listenToThread } from './thread-line.ts'

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

const told = { filename: 'ride.fit', timeZone: 'UTC', depth: 0, entriesTaken: [], mappings: [] }
const takesNothing: Taker = {
  piece: () => Promise.reject(new Error('an activity has no pieces')),
  part: () => Promise.reject(new Error('an activity has no files')),
}

/** A file of which `most` bytes are given at a time. */
function fileOf(bytes: Uint8Array, most = 1_000_000): StoredFile {
  const readAt = async (offset: number, length: number) =>
    Uint8Array.from(bytes.subarray(offset, offset + Math.min(length, most)))
  return { ...told, bytes: bytes.length, readAt }
}

test('a file is parsed in a thread, from stretches of any size', async () => {
  const parser = parserWith()
  const whole = await parser.parse(fileOf(ride), takesNothing, never)
  expect(whole).toMatchObject({ parsed: { format: 'fit', records: 300 } })
  expect(await parser.parse(fileOf(ride, 700), takesNothing, never)).toEqual(whole)
})

test('a file that is no activity is refused in words', async () => {
  const outcome = await parserWith().parse(fileOf(Buffer.from('nothing')), takesNothing, never)
  expect(outcome).toEqual({ refused: { code: 'not_an_activity', detail: 'this is neither FIT nor TCX nor GPX' } })
})

test('a thread that takes too much memory dies alone, and its file is refused', async () => {
  const outcome = await parserWith({ ...parserLimits, heapMb: 9 }).parse(fileOf(ride), takesNothing, never)
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

test('a thread that falls silent is given up, but not while it is kept waiting', async () => {
  const { port1, port2 } = new MessageChannel()
  const bytes = Promise.withResolvers<void>()
  const slow = {
    ...fileOf(ride),
    readAt: (offset: number, length: number) => bytes.promise.then(() => fileOf(ride).readAt(offset, length)),
  }
  const line = listenToThread(port1, slow, takesNothing, 100)
  port2.postMessage({ read: 0, offset: 0, length: 10 })
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(line.late.aborted).toBe(false)
  bytes.resolve()
  await expect.poll(() => line.late.aborted, { timeout: 2_000 }).toBe(true)
  port1.close()
})

test('bytes that cannot be read are the reader’s fault, not the file’s', async () => {
  const gone = new Error('the database is away')
  const broken = { ...fileOf(ride), readAt: () => Promise.reject(gone) }
  await expect(parserWith().parse(broken, takesNothing, never)).rejects.toBe(gone)
})

test('whoever stops gets out at once', async () => {
  const stop = new AbortController()
  const reason = new Error('the program stops')
  const waiting = {
    ...fileOf(ride),
    readAt: () => {
      stop.abort(reason)
      return new Promise<never>(() => undefined)
    },
  }
  await expect(parserWith().parse(waiting, takesNothing, stop.signal)).rejects.toBe(reason)
})
