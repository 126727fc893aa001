import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { base } from './fit/base-types.ts'
import { FitWriter } from './fit/write.ts'
import { parseActivity } from './parse-activity.ts'
import { codesOf, fixture } from './testing/fixture.ts'
import { writeRide } from './testing/ride.ts'

const now = Date.UTC(2026, 11, 31)
const text = (words: string) => new TextEncoder().encode(words)
const MB = 1_000_000

/** A stream of one text over and over, which counts how much of it was taken. */
function endless(head: string, again: string, most: number) {
  const taken = { bytes: 0 }
  const piece = text(again.repeat(Math.ceil(65_536 / again.length)))
  async function* chunks() {
    yield text(head)
    while (taken.bytes < most) {
      taken.bytes += piece.length
      yield piece
    }
  }
  return { taken, chunks: chunks() }
}

const gpx = '<gpx xmlns="http://www.topografix.com/GPX/1/1">'

test.each([
  ['an attribute of 200 MB', '<gpx creator="', 'x', 200 * MB, 'xml_token_too_long'],
  ['a text of 200 MB', `${gpx}<trk><name>`, 'x', 200 * MB, 'xml_token_too_long'],
  ['a comment of 200 MB', `${gpx}<!--`, 'x', 200 * MB, 'xml_token_too_long'],
  ['an element name of 200 MB', `${gpx}<`, 'x', 200 * MB, 'xml_token_too_long'],
  ['elements a million deep', gpx, '<a>', 20 * MB, 'xml_too_deep'],
  ['10 MB of [', '', '[', 10 * MB, 'not_an_activity'],
  ['200 MB of nothing', '', '\0', 200 * MB, 'not_an_activity'],
])('%s is refused after less than 2 MB of it', async (_, head, again, size, code) => {
  const { taken, chunks } = endless(head, again, size)
  await expect(parseActivity(chunks, { now })).rejects.toMatchObject({
    name: 'FormatError',
    code: expect.stringMatching(code),
  })
  expect(taken.bytes).toBeLessThan(2 * MB)
})

test('a file beyond its format limit is refused as soon as that much has come', async () => {
  const { taken, chunks } = endless(`${gpx}<trk><trkseg>`, '<trkpt lat="1" lon="2"/>', 200 * MB)
  await expect(parseActivity(chunks, { now, limits: { bytes: MB } })).rejects.toMatchObject({ code: 'too_large' })
  expect(taken.bytes).toBeLessThan(2 * MB)
})

test('an element with hundreds of attributes is refused', async () => {
  const attributes = Array.from({ length: 200 }, (_, i) => `a${i}="b"`).join(' ')
  await expect(parseActivity(text(`<gpx ${attributes}/>`), { now })).rejects.toMatchObject({
    code: 'xml_attributes_many',
  })
})

const laughs = `<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, i) => `<!ENTITY ${'b'.repeat(i + 1)} "${`&${i ? 'b'.repeat(i) : 'a'};`.repeat(10)}">`).join('')}]><gpx>&bbbbbbbbb;</gpx>`

test.each([
  ['at the start', laughs],
  ['behind a long comment', `<gpx xmlns="x"><!--${'.'.repeat(9000)}--></gpx><!DOCTYPE gpx>`],
  ['that names an outer file', '<?xml version="1.0"?><!DOCTYPE gpx SYSTEM "file:///etc/passwd"><gpx/>'],
])('a document type %s is refused or left unread, and no entity is expanded', async (_, document) => {
  await expect(parseActivity(text(document), { now })).rejects.toMatchObject({
    code: expect.stringMatching('xml_doctype|empty'),
  })
})

test('a document type between a long comment and the root is refused', async () => {
  const document = `<?xml version="1.0"?><!--${'.'.repeat(3000)}--><!DOCTYPE gpx [<!ENTITY a "b">]><gpx/>`
  await expect(parseActivity(text(document), { now })).rejects.toMatchObject({ code: 'xml_doctype' })
})

test('a gzip bomb is refused once it has unpacked to a hundred times its size', async () => {
  const bomb = gzipSync(text(gpx + '<a></a>'.repeat(MB)))
  expect(bomb.length).toBeLessThan(100_000)
  await expect(parseActivity(bomb, { now })).rejects.toMatchObject({ code: 'gzip_bomb' })
})

test('a gzip file inside a gzip file is refused', async () => {
  const twice = gzipSync(gzipSync(text(gpx)))
  await expect(parseActivity(twice, { now })).rejects.toMatchObject({
    code: 'not_an_activity',
    detail: 'this is a gzip file inside a gzip file',
  })
})

test('a gzip file that broke off gives what it had', async () => {
  const whole = gzipSync(writeRide({ start: Date.UTC(2026, 4, 1), seconds: 3000 }))
  const parsed = await parseActivity(whole.subarray(0, whole.length / 2), { now })
  expect(parsed.records).toBeGreaterThan(500)
  expect(codesOf(parsed)).toContain('truncated')
})

test('a gzip file with wrong bytes in it keeps what came before them', async () => {
  const whole = gzipSync(writeRide({ start: Date.UTC(2026, 4, 1), seconds: 20_000 }))
  whole.fill(0xff, whole.length * 0.75, whole.length * 0.75 + 50)
  const parsed = await parseActivity(whole, { now })
  expect(parsed.records).toBeGreaterThan(5000)
  expect(codesOf(parsed)).toEqual(expect.arrayContaining(['gzip_broken', 'session_rebuilt']))
})

test('a gzip file that is nothing else is refused', async () => {
  await expect(parseActivity(Uint8Array.of(0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8), { now })).rejects.toMatchObject({
    code: 'gzip_broken',
  })
})

test('a hundred thousand empty FIT files in one are refused', async () => {
  const one = Uint8Array.from([12, 0x10, 0, 0, 0, 0, 0, 0, 0x2e, 0x46, 0x49, 0x54, 0, 0])
  const many = Buffer.concat(Array.from({ length: 100_000 }, () => one))
  await expect(parseActivity(many, { now })).rejects.toMatchObject({ code: 'too_many_records' })
})

test('records of one byte each are refused beyond the limit, before they fill the memory', async () => {
  const head = [12, 0x10, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0x2e, 0x46, 0x49, 0x54]
  const definition = [0x40, 0, 0, 20, 0, 0]
  const file = Buffer.concat([Uint8Array.from([...head, ...definition]), Buffer.alloc(3 * MB)])
  await expect(parseActivity(file, { now })).rejects.toMatchObject({ code: 'too_many_records' })
})

test('definitions and nothing else are refused, and one before each record of a day is not', async () => {
  const wide = [0x40, 0, 0, 20, 0, 255, ...Array.from({ length: 255 }, (_, i) => [i, 255, 13]).flat()]
  const head = [12, 0x10, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0x2e, 0x46, 0x49, 0x54]
  const file = Buffer.concat([Uint8Array.from(head), ...Array.from({ length: 20_000 }, () => Uint8Array.from(wide))])
  await expect(parseActivity(file, { now })).rejects.toMatchObject({ code: 'too_many_records' })

  const fit = new FitWriter().define(0, 0, [[0, base.enum]]).message(0, [4])
  const fields = [3, 4, 5, 6, 7, 13, 29, 30, 39, 53].map((num) => [num, base.uint8] as const)
  for (let i = 0; i < 86_400; i++)
    fit.define(1, 20, [[253, base.uint32], ...fields]).message(1, [1_149_000_000 + i, ...fields.map(() => 1)])
  expect((await parseActivity(fit.finish(), { now })).records).toBe(86_400)
})

test('several files are parsed at once without touching one another', async () => {
  const files = ['fit/garmin-fenix-5-walk.fit', 'tcx/sup_activity_1.tcx', 'gpx/cerknicko-jezero.gpx'].map(fixture)
  const alone = []
  for (const file of files) alone.push(await parseActivity(file, { now }))
  expect(await Promise.all(files.map((file) => parseActivity(file, { now })))).toEqual(alone)
})

test('a small file that would unfold into fifty columns of half a million records is refused', async () => {
  const fit = new FitWriter().define(0, 0, [[0, base.enum]]).message(0, [4])
  const fields = [2, 3, 5, 6, 7, 9, 13, 30, 32, 39, 41, 43, 44, 45, 46, 47, 54, 57, 83, 84, 85, 92, 99, 108, 116, 139]
  fit.define(2, 20, [[253, base.uint32], ...fields.map((num) => [num, base.uint8] as const)])
  fit.message(2, [1_149_000_000, ...fields.map(() => 1)])
  fit.define(3, 20, [[3, base.uint8]])
  for (let i = 0; i < 490_000; i++) fit.compressed(3, i, [100])
  await expect(parseActivity(fit.finish(), { now })).rejects.toMatchObject({ code: 'too_many_records' })
})
