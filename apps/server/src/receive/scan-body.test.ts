/** The scanner and the reader of every body are two tellings of one rule; this holds them to it, byte by byte. */
import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readBody } from './read-body.ts'
import { scanBody } from './scan-body.ts'

const readerSays = (bytes: Buffer): unknown => {
  try {
    return readBody(JSON.parse(bytes.toString('utf8')))
  } catch {
    return 'no JSON'
  }
}

/** Whether it was scanned; that it was scanned alike is asserted. */
function scansAlike(bytes: Buffer): boolean {
  const scanned = scanBody(bytes)
  if (scanned)
    expect({ text: bytes.toString(), read: scanned }).toEqual({ text: bytes.toString(), read: readerSays(bytes) })
  return scanned !== undefined
}

const times = fc.constantFrom(
  '2026-01-05T23:59:58Z',
  '2026-01-05T23:59:59.250Z',
  '2024-02-29T00:00:00.5+05:30',
  '2026-01-06T07:08:09.123456Z',
)
const numbers = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: -10, max: 300 }) },
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 1e9 }).map((n) => n / 1e6) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.constantFrom(-0, 0.1, 123456789012345, 1234567890123456, 0.000001, 1e21) },
)
const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd })
const rare = <T>(odd: fc.Arbitrary<T>) => mostly<T | undefined>(fc.constant(undefined), odd)
const value = fc
  .record(
    {
      timestamp: times,
      value: numbers,
      unit: mostly(fc.constant('bpm'), fc.constantFrom('kg', 'u'.repeat(41))),
      quality: mostly(fc.constantFrom('good', 'fair', 0.5), fc.constantFrom('best', 1.1)),
      end: rare(times),
      note: rare(fc.constant(1)),
    },
    { requiredKeys: ['value'], noNullPrototype: true },
  )
  .map((made) => made as Record<string, unknown>)
const like = fc.record({ value, count: fc.integer({ min: 1, max: 6 }) }).chain(({ value: model, count }) =>
  fc
    .array(fc.record({ ms: fc.integer({ min: 0, max: 200_000_000 }), number: numbers }), {
      minLength: count,
      maxLength: count,
    })
    .map((steps) =>
      steps.map(({ ms, number }) => ({
        ...model,
        ...('timestamp' in model ? { timestamp: new Date(Date.parse('2026-01-05T00:00:00Z') + ms).toISOString() } : {}),
        value: number,
      })),
    ),
)
const body = fc.record(
  {
    data_type: mostly(
      fc.constantFrom('heart_rate', 'steps', 'weight', 'resting_heart_rate'),
      fc.constantFrom('blood_pressure', 'ovulation_test', 'nonsense'),
    ),
    timestamp: times,
    unit: fc.constantFrom('bpm', 'kg'),
    values: fc.oneof(fc.array(value, { maxLength: 4 }), like),
    metadata: mostly<unknown>(
      fc.record({ source: fc.constantFrom('ring', 'ring é'), battery_level: fc.integer({ min: 0, max: 101 }) }),
      fc.jsonValue(),
    ),
  },
  { requiredKeys: ['data_type', 'values'], noNullPrototype: true },
)
/** As encoders of several languages write it. */
const spellings = fc.constantFrom(
  (sent: unknown) => JSON.stringify(sent),
  (sent: unknown) => JSON.stringify(sent, null, 1),
  (sent: unknown) => JSON.stringify(sent).replaceAll(',"', ', "').replaceAll('":', '": '),
  (sent: unknown) => ` ${JSON.stringify(sent)}\r\n`,
)
const shuffled = body.chain((sent) =>
  fc.shuffledSubarray(Object.entries(sent), { minLength: Object.keys(sent).length }).map(Object.fromEntries),
)

test('what the scanner reads, the reader of every body reads alike', () => {
  let scanned = 0
  fc.assert(
    fc.property(fc.oneof(body, shuffled), spellings, (sent, spell) => {
      if (scansAlike(Buffer.from(spell(sent)))) scanned++
    }),
    { numRuns: runs(10_000) },
  )
  expect(scanned).toBeGreaterThan(1_500)
})

const ordinary = (count: number, separator = ','): string => {
  const values = Array.from({ length: count }, (_, i) => {
    const timestamp = new Date(Date.parse('2026-01-05T23:59:30Z') + i * 1_000).toISOString()
    return `{"timestamp":"${timestamp}","value":${60 + (i % 7) / 10},"unit":"bpm","quality":"good"}`
  })
  return `{"data_type":"heart_rate","timestamp":"2026-01-05T23:59:30Z","values":[${values.join(separator)}],"metadata":{"source":"ring é","accuracy":0.95}}`
}

test('an ordinary upload is scanned, also over midnight and with blanks', () => {
  expect(scansAlike(Buffer.from(ordinary(60)))).toBe(true)
  expect(scansAlike(Buffer.from(ordinary(60, ', ')))).toBe(true)
  expect(scansAlike(Buffer.from(ordinary(1)))).toBe(true)
})

test('no byte that is changed, lost or added makes the scanner read what the reader reads otherwise', () => {
  const bytes = Buffer.from(ordinary(4))
  const place = fc.integer({ min: 0, max: bytes.length - 1 })
  const byte = fc.oneof(
    fc.constantFrom(...Buffer.from('"\\{}[],:.-+eE019TZ \n\0\x7f\x80\xff', 'latin1')),
    fc.integer({ min: 0, max: 255 }),
  )
  const change = fc.record({ place, byte, kind: fc.constantFrom('set', 'drop', 'add') })
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let mutated = bytes
      for (const { place: at, byte: now, kind } of changes)
        mutated = Buffer.concat([
          mutated.subarray(0, at),
          kind === 'drop' ? Buffer.alloc(0) : Buffer.of(now),
          mutated.subarray(kind === 'add' ? at : at + 1),
        ])
      scansAlike(mutated)
    }),
    { numRuns: runs(20_000) },
  )
  for (let cut = 0; cut < bytes.length; cut++) expect(scansAlike(bytes.subarray(0, cut))).toBe(false)
})

test('what two requests have in common lends neither the values of the other', () => {
  const first = scanBody(Buffer.from(ordinary(60)))
  const kept = structuredClone(first?.readings)
  for (let i = 0; i < 500; i++) scanBody(Buffer.from(ordinary(60 + (i % 3)).replaceAll('"value":6', '"value":7')))
  expect(first?.readings).toEqual(kept)
})
