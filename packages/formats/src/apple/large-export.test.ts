import { expect, test } from 'vitest'
import { xmlLimits } from '../limits.ts'
import { pieceValues } from '../piece.ts'
import { appleExport } from '../testing/apple-export.ts'
import { inputOf, readAll } from '../testing/read.ts'
import { appleHealthXml } from './index.ts'

const now = Date.UTC(2026, 11, 1)
const MB = 1_000_000
const start = '<?xml version="1.0"?><HealthData locale="en_GB"><ExportDate value="2026-10-13 09:15:00 +0200"/>'
const heartRate = (t: number, source: string) => {
  const date = `${new Date(t).toISOString().slice(0, 19).replace('T', ' ')} +0000`
  return `<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="${source}" unit="count/min" startDate="${date}" endDate="${date}" value="60"/>`
}

/** Reads without keeping anything: what each piece was, and the most memory in use. */
async function follow(chunks: Iterable<Uint8Array>) {
  const input = inputOf('', { now })
  async function* given() {
    yield* chunks
  }
  const reading = appleHealthXml.read({ ...input, chunks: given })
  const sizes: number[] = []
  for (;;) {
    const { done, value } = await reading.next()
    if (done) return { sizes, ending: value }
    sizes.push(
      value.readings.reduce(
        (sum, reading) => sum + (reading.kind === 'series' ? reading.t.length : 1),
        value.sessions.length,
      ),
    )
  }
}

test('a large export comes in pieces of a bounded size, and every record is among them', async () => {
  const { sizes, ending } = await follow(appleExport({ bytes: 5 * MB }))
  expect(Math.max(...sizes)).toBeLessThanOrEqual(pieceValues)
  expect(ending).toMatchObject({ rejected: [], warnings: [] })
  const { pieces } = await readAll(
    appleHealthXml.read(inputOf(Buffer.concat([...appleExport({ bytes: 3 * MB })]), { now })),
  )
  const points = pieces
    .flatMap((piece) => piece.readings)
    .reduce((sum, one) => sum + (one.kind === 'series' ? one.t.length : 0), 0)
  const stages = pieces
    .flatMap((piece) => piece.sessions)
    .flatMap((session) => (session.type === 'sleep' ? session.parts : []))
  const workouts = pieces.flatMap((piece) => piece.sessions).filter((session) => session.type === 'workout')
  expect(stages.length).toBeGreaterThan(100)
  expect(workouts.length).toBeGreaterThan(5)
  expect(points).toBeGreaterThan(6000)
})

test('the same export in other chunks is cut at the same places', async () => {
  const bytes = Buffer.concat([...appleExport({ bytes: 2 * MB, seed: 7 })])
  const whole = await readAll(appleHealthXml.read(inputOf(bytes, { now, chunk: bytes.length })))
  expect(await readAll(appleHealthXml.read(inputOf(bytes, { now, chunk: 1013 })))).toEqual(whole)
})

test('the generator gives the same bytes for the same options, and as many as asked for, to a hundredth', () => {
  const one = Buffer.concat([...appleExport({ bytes: 3 * MB, seed: 3 })])
  expect(Buffer.concat([...appleExport({ bytes: 3 * MB, seed: 3 })]).equals(one)).toBe(true)
  expect(Buffer.concat([...appleExport({ bytes: 3 * MB, seed: 4 })]).equals(one)).toBe(false)
  const bytes = [...appleExport({ bytes: 5 * MB })].reduce((sum, chunk) => sum + chunk.length, 0)
  expect(Math.abs(bytes / MB - 5)).toBeLessThan(0.05)
})

test.each([
  ['one source: pieces are full', 1, 210_000, [100_000, 100_000, 10_000]],
  // A fifth of what may wait is the fullest one's; the others wait on.
  [
    'five at once: they wait in a bounded space, and the fullest goes first',
    5,
    255_000,
    [50_000, 1000, 51_000, 51_000, 51_000, 51_000],
  ],
])('%s', async (_, sources, points, expected) => {
  function* chunks() {
    yield Buffer.from(start)
    for (let i = 0; i < points; i += 100) {
      const some = Array.from({ length: 100 }, (_, j) =>
        heartRate(Date.UTC(2020, 0, 1) + (i + j) * 1000, `S${(i + j) % sources}`),
      )
      yield Buffer.from(some.join(''))
    }
    yield Buffer.from('</HealthData>')
  }
  const { sizes } = await follow(chunks())
  expect(sizes).toEqual(expected)
})

test('a source for every record costs pieces, not memory', async () => {
  function* chunks() {
    yield Buffer.from(start)
    for (let i = 0; i < 5000; i++) yield Buffer.from(heartRate(Date.UTC(2020, 0, 1), `S${i}`))
    yield Buffer.from('</HealthData>')
  }
  const { sizes } = await follow(chunks())
  expect(sizes).toHaveLength(5000)
})

/** One text over and over, and how much of it was taken. */
function endless(head: string, again: string, most: number) {
  const taken = { bytes: 0 }
  const piece = Buffer.from(again.repeat(Math.ceil(65_536 / again.length)))
  function* chunks() {
    yield Buffer.from(head)
    while (taken.bytes < most) {
      taken.bytes += piece.length
      yield piece
    }
  }
  return { taken, chunks: chunks() }
}

test.each([
  ['an attribute', `${start}<Record type="`, 'x', 'xml_token_too_long'],
  ['a comment', `${start}<!--`, 'x', 'xml_token_too_long'],
  ['an element name', `${start}<`, 'x', 'xml_token_too_long'],
  ['attributes', `${start}<Record`, ' a="1"', 'xml_attributes_many'],
  ['elements in one another', start, '<a>', 'xml_too_deep'],
  ['a document type', '<!DOCTYPE HealthData [', '<!ELEMENT a (b)>', 'not_an_export'],
  ['nothing', '', '\0', 'not_an_export'],
])('200 MB of %s are refused after less than 2 MB', async (_, head, again, code) => {
  const { taken, chunks } = endless(head, again, 200 * MB)
  await expect(follow(chunks)).rejects.toMatchObject({ name: 'FormatError', code })
  expect(taken.bytes).toBeLessThan(2 * xmlLimits.token)
})

test('a workout of half a million events keeps the first of them and says so', async () => {
  const event = '<WorkoutEvent type="HKWorkoutEventTypeMarker" date="2026-10-12 08:00:00 +0200"/>'
  const { chunks } = endless(
    `${start}<Workout workoutActivityType="HKWorkoutActivityTypeYoga" sourceName="S" startDate="2026-10-12 08:00:00 +0200" endDate="2026-10-12 09:00:00 +0200">`,
    event,
    40 * MB,
  )
  const { ending } = await follow(chunks)
  expect(ending.warnings.map(({ code }) => code)).toEqual(['element_too_many', 'truncated'])
})
