import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { parseActivity } from './parse-activity.ts'
import { sniff } from './sniff.ts'
import { fixture } from './testing/fixture.ts'

const text = (words: string) => new TextEncoder().encode(words)

test.each([
  ['fit', fixture('fit/garmin-fenix-5-walk.fit')],
  ['tcx', fixture('tcx/sup_activity_1.tcx')],
  ['gpx', fixture('gpx/cerknicko-jezero.gpx')],
  ['gpx', text('\uFEFF \n<!-- a > b --><?x y?><g:gpx xmlns:g="urn:x">')],
  ['gpx', Buffer.from('\uFEFF<gpx/>', 'utf16le')],
  ['gzip', gzipSync('x')],
  ['zip', text('PK\u0003\u0004')],
  ['apple_health', text('<?xml version="1.0"?><HealthData locale="pl_PL">')],
  ['apple_health', text('<?xml version="1.0"?>\n<!DOCTYPE HealthData [\n<!ELEMENT')],
  ['kml', text('<kml xmlns="http://www.opengis.net/kml/2.2">')],
  ['html', text('<!DOCTYPE html><html>')],
  ['xml', text('<osm version="0.6">')],
  ['json', text(' {"a":1}')],
  ['sqlite', text('SQLite format 3\0')],
  ['pdf', text('%PDF-1.7')],
  [undefined, text('hello')],
  [undefined, new Uint8Array(0)],
])('%s is told by its first bytes', (format, bytes) => {
  expect(sniff(bytes)).toBe(format)
})

test('the name of a file does not decide what it is', async () => {
  const parsed = await parseActivity(fixture('fit/garmin-fenix-5-walk.fit'), {
    filename: 'walk.gpx',
    now: Date.UTC(2026, 0, 1),
  })
  expect(parsed.format).toBe('fit')
})

test.each([
  ['', 'the file is empty', 'empty'],
  ['PK\u0003\u0004', 'this is a ZIP archive', 'not_an_activity'],
  [
    '<!DOCTYPE html><html>',
    'this is a web page, perhaps a sign-in page that was saved instead of the file',
    'not_an_activity',
  ],
  ['hello', 'this is neither FIT nor TCX nor GPX', 'not_an_activity'],
])('a file that begins with "%s" is refused: %s', async (words, detail, code) => {
  await expect(parseActivity(text(words))).rejects.toMatchObject({ name: 'FormatError', code, detail })
})
