/** The hand-written reader and the contract's schema are two tellings of one rule; this holds them to it. */

import { data } from '@tributary/protocol'
import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readBody } from './read-body.ts'
import { isUsable } from './upload.ts'

/** What the schema does not say: these are about meaning, not form. */
const meanings = new Set([
  'field_not_taken',
  'value_missing',
  'value_not_a_number',
  'time_missing',
  'part_missing',
  'stage_unknown',
  'too_many_units',
  'text_unstorable',
])

const junk = fc.oneof(
  fc.constantFrom(
    null,
    true,
    '',
    'x',
    [],
    {},
    -1,
    1.5,
    1e300,
    Number.POSITIVE_INFINITY,
    'x'.repeat(120),
    '2023-13-01',
    'NaN',
  ),
  fc.anything({ maxDepth: 1 }),
)
/** Present and right, absent, or wrong. */
const maybe = <T>(right: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 5, arbitrary: right as fc.Arbitrary<unknown> },
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: junk },
  )
const present = <T>(right: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 30, arbitrary: right as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: junk })

const instant = fc.constantFrom('2023-12-01T12:00:00Z', '2023-12-01T12:01:00.250+01:00', '2023-02-29T00:00:00Z')
const finite = fc.oneof(fc.integer({ min: -10, max: 300 }), fc.double({ noNaN: true, noDefaultInfinity: true }))
const quality = fc.constantFrom('good', 'fair', 'poor', 'unknown', 0, 0.5, 1, 1.1, 'best')

const rare = <T>(right: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 1, arbitrary: right as fc.Arbitrary<unknown> }, { weight: 6, arbitrary: fc.constant(undefined) })
const value = fc.record({
  timestamp: maybe(instant),
  end: rare(instant),
  date: rare(fc.constantFrom('2023-12-01', '2023-02-30')),
  value: maybe(fc.oneof(finite, fc.constantFrom('positive', 'x'.repeat(101)))),
  unit: maybe(fc.constantFrom('bpm', 'kg', 'u'.repeat(41))),
  quality: maybe(quality),
  systolic: rare(finite),
  lat: rare(finite),
  ele: rare(junk),
  stage: rare(fc.constantFrom('deep', 'Core', 's'.repeat(41))),
  start: rare(instant),
  colour: rare(fc.constant('red')),
})
const metadata = fc.record({
  source: maybe(fc.constantFrom('device', 's'.repeat(201))),
  accuracy: maybe(fc.constantFrom(0, 0.95, 1, 1.01)),
  battery_level: maybe(fc.constantFrom(0, 85, 100, 101, 1.5)),
  signal_strength: maybe(fc.constantFrom('good', 's'.repeat(21))),
  note: maybe(fc.string()),
})
const dataType = fc.constantFrom(
  'heart_rate',
  'steps',
  'weight',
  'blood_pressure',
  'gps',
  'sleep',
  'ovulation_test',
  'resting_heart_rate',
)
const head = {
  data_type: present(dataType),
  unit: maybe(fc.constantFrom('bpm', 'kg')),
  metadata: rare(present(metadata)),
}
const valuesBody = fc.record({
  ...head,
  timestamp: maybe(instant),
  values: present(fc.array(present(value), { maxLength: 4 })),
  more: rare(junk),
})
const column = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 2, maxLength: 2 })
const columnsBody = fc.record({
  ...head,
  t0: present(instant),
  dt: present(column(present(fc.integer({ min: -5, max: 100_000 })))),
  v: present(column(present(finite))),
  d: rare(present(column(present(fc.integer({ min: -1, max: 60_000 }))))),
  q: rare(present(column(present(quality)))),
  more: rare(junk),
})

/** As it would arrive: through JSON, where there are no undefined fields and no infinities but those too large for a number. */
const arrive = (body: unknown): unknown =>
  JSON.parse(
    JSON.stringify(body, (_, part) => (part === Number.POSITIVE_INFINITY ? '<1e400>' : part))?.replaceAll(
      '"<1e400>"',
      '1e400',
    ) ?? 'null',
  )

test('a body is sound to the reader exactly when it is sound to the schema', () => {
  let sound = 0
  fc.assert(
    fc.property(
      fc.oneof(
        valuesBody,
        columnsBody,
        fc.anything({ maxDepth: 2 }).filter((any) => typeof any !== 'bigint'),
      ),
      (sent) => {
        const body = arrive(sent)
        const inSchema = data.UploadBody.safeParse(body).success
        const read = readBody(body)
        // Columns must be as long as each other and hold plain numbers, metadata is small: the schema leaves these to the reader.
        const formFaults = isUsable(read)
          ? read.rejected.filter(({ code }) => !meanings.has(code))
          : read.errors.filter(
              ({ detail }) => read.code !== 'data_type_unknown' && !/as many as dt|are not plain numbers/.test(detail),
            )
        if (inSchema) expect({ body, faults: formFaults }).toEqual({ body, faults: [] })
        else expect({ body, read: isUsable(read) ? read.rejected.length > 0 : true }).toEqual({ body, read: true })
        if (inSchema && isUsable(read)) sound++
      },
    ),
    { numRuns: runs(20_000) },
  )
  expect(sound).toBeGreaterThan(1_000)
})

test('every value is a reading or a loss, none is both', () => {
  fc.assert(
    fc.property(fc.oneof(valuesBody, columnsBody), (sent) => {
      const read = readBody(arrive(sent))
      if (!isUsable(read)) return
      const places = read.readings.flatMap((reading) => {
        if (reading.kind === 'series') return [...(reading.places ?? reading.t.keys())]
        return reading.kind === 'positions' ? [...(reading.places ?? [])] : [reading.place]
      })
      const all = [...places, ...read.rejected.map(({ index }) => index)].sort((a, b) => Number(a) - Number(b))
      expect(all).toEqual([...Array(read.received).keys()])
    }),
    { numRuns: runs(5_000) },
  )
})
