import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Losses } from '../losses.ts'
import { namedRows } from './csv.ts'
import { Gatherer } from './gatherer.ts'
import { knownLeaves, leaveRest } from './leaves.ts'
import { overlaid, type Stage, withoutOverlaps } from './night.ts'
import { readAmerican, readIso, readNumber } from './read-times.ts'

const wall = (text: string) => Date.parse(`${text}Z`)

test.each([
  ['2026-10-14T08:01:02.250+05:30', '2026-10-14T08:01:02.250', 330],
  ['2026-10-14 08:01:02+0000', '2026-10-14T08:01:02', 0],
  ['2026-10-14T08:01Z', '2026-10-14T08:01', 0],
  ['2026-10-14', '2026-10-14', undefined],
])('the time %s', (text, expected, offset) => {
  expect(readIso(text)).toEqual({ wall: Date.parse(expected.length > 10 ? `${expected}Z` : expected), offset })
})

test.each(['2026-02-29', '2026-13-01', '2026-1-1', '10/14/2026', 'soon', '2026-10-14T25:00'])(
  '%s is no ISO time',
  (text) => {
    expect(readIso(text)).toBeUndefined()
  },
)

test.each([
  ['10/14/26 07:05:09', '2026-10-14T07:05:09'],
  ['1/2/2019', '2019-01-02T00:00:00'],
])('the American time %s', (text, expected) => expect(readAmerican(text)).toBe(wall(expected)))

test.each(['13/14/26', '02/30/26', '14.10.26'])('%s is no American time', (text) =>
  expect(readAmerican(text)).toBeUndefined(),
)

test('only a whole number is a number', () => {
  expect([' 12 ', '-3.5', '1e3', '.5', 7].map(readNumber)).toEqual([12, -3.5, 1000, 0.5, 7])
  expect(
    ['', 'null', '1,5', '0x10', 'Infinity', '12kg', null, undefined, true].every((text) =>
      Number.isNaN(readNumber(text)),
    ),
  ).toBe(true)
})

async function rowsOf(text: string, gather = new Gatherer({ now: 0 })) {
  async function* chunks() {
    const bytes = Buffer.from(text)
    const length = bytes.length < 1000 ? 1 : 65_536
    for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
  }
  const rows = []
  const entry = { path: 'table.csv', size: text.length, chunks }
  for await (const row of namedRows(entry, gather, { name: 'Table', columns: new Set(['a', 'b']) }))
    rows.push([row.get('a'), row.get('b'), row.raw()])
  return rows
}

test('a table is read whatever its marks, quotes, line ends and missing cells', async () => {
  const gather = new Gatherer({ now: 0 })
  expect(await rowsOf('\uFEFFA, b ,C\r\n1,"x, ""y""",3\r\nnull\r\n\r\n5, 6 ,7,8', gather)).toEqual([
    ['1', 'x, "y"', 'A, b ,C\n1,"x, ""y""",3'],
    [undefined, undefined, 'A, b ,C\nnull'],
    ['5', '6', 'A, b ,C\n5, 6 ,7,8'],
  ])
  expect(gather.losses.unused).toEqual([{ name: 'Table column c', count: 1 }])
})

test('a table whose quote never closes gives the rows before it and says so', async () => {
  await expect(rowsOf(`a,b\n1,2\n3,"${'x'.repeat(2_000_000)}`)).rejects.toMatchObject({ code: 'csv_row_too_long' })
})

test('leaves that nobody asked for are counted by their path', () => {
  const losses = new Losses()
  const record = {
    id: 1,
    list: [
      { a: 1, b: 2 },
      { a: 1, b: null },
    ],
    branch: { x: { y: 1 } },
    other: { z: true },
  }
  leaveRest('Record', record, knownLeaves('id list.*.a branch.**'), losses)
  expect(losses.unused).toEqual([
    { name: 'Record list.*.b', count: 1 },
    { name: 'Record other.z', count: 1 },
  ])
})

const stages = fc.array(
  fc.record({
    stage: fc.constantFrom('light', 'deep', 'rem', 'awake' as const),
    start: fc.integer({ min: 0, max: 50 }),
    length: fc.integer({ min: 0, max: 20 }),
  }),
  { maxLength: 12 },
)
const spans = (list: { stage: Stage['stage']; start: number; length: number }[]): Stage[] =>
  list.map(({ stage, start, length }) => ({ stage, start, end: start + length }))
const covered = (list: readonly Stage[]) => {
  const moments = new Map<number, string>()
  for (const { stage, start, end } of list) for (let t = start; t < end; t++) moments.set(t, stage)
  return moments
}

test('what lies on top of a night hides just what it covers', () => {
  fc.assert(
    fc.property(stages, stages, (below, above) => {
      const base = withoutOverlaps(spans(below))
      const top = withoutOverlaps(spans(above))
      const made = overlaid(spans(below), spans(above))
      for (const [i, stage] of made.entries()) expect(stage.start).toBeGreaterThanOrEqual(made[i - 1]?.end ?? 0)
      expect(covered(made)).toEqual(new Map([...covered(base), ...covered(top)]))
    }),
  )
})

test.each([
  ['begins', 5, 6, 'time_in_future'],
  ['ends', 0, 5, 'time_in_future'],
  ['ends no number of', 0, Number.NaN, 'span_backwards'],
])('a workout that %s days from now is refused', (_, start, end, code) => {
  const now = Date.UTC(2026, 10, 1)
  const gather = new Gatherer({ now })
  const at = (days: number) => now + days * 86_400_000
  const workout = { kind: 'session', type: 'workout', externalId: 'w', totals: {}, parts: [] } as const
  expect(gather.session({ key: 'k', name: 'K' }, { ...workout, parts: [], start: at(start), end: at(end) })).toBe(false)
  expect(gather.losses.rejectedByCode).toEqual({ [code]: 1 })
  expect([...gather.rest()]).toEqual([])
})
