/** Inputs that are small to send and mean to be large to read: each is made when it is thrown, none is stored. */
import { DatabaseSync } from 'node:sqlite'
import { brotliCompressSync, constants, deflateRawSync, gzipSync } from 'node:zlib'
import { writeRide, writeZip, type ZipPart, zipOf } from '@tributary/formats/testing'

export interface Upload {
  file: string
  bytes: Uint8Array
}

export interface Sent {
  method: string
  path: string
  headers?: Record<string, string>
  body?: Uint8Array | string
}

export interface Bomb {
  name: string
  make(): Upload | Sent
}

const MB = 1_000_000
const text = (words: string) => Buffer.from(words)

/** Zeros that were packed a thousand to one; any number of stretches of 16 MB behind each other is one valid stream. */
let stretch: Buffer | undefined
function deflatedZeros(megabytes: number): Buffer {
  stretch ??= deflateRawSync(Buffer.alloc(16 * MB), { finishFlush: constants.Z_FULL_FLUSH })
  const one = stretch
  const parts = Array.from({ length: Math.ceil(megabytes / 16) }, () => one)
  return Buffer.concat([...parts, deflateRawSync(Buffer.alloc(0))])
}

const zip = (parts: readonly ZipPart[], claims = {}): Upload => ({ file: 'x.zip', bytes: writeZip(parts, claims) })
const packed = (path: string, megabytes: number, claimed: number): ZipPart => ({
  path,
  data: deflatedZeros(megabytes),
  isPacked: true,
  unpacked: claimed,
})

/** A ZIP of sixteen ZIPs of sixteen ZIPs …, with a gigabyte in each of the innermost. */
function nested(levels: number): Uint8Array {
  let bytes: Uint8Array = writeZip([packed('0.dll', 1_000, 1e9)])
  for (let level = 0; level < levels; level++)
    bytes = writeZip(Array.from({ length: 16 }, (_, i) => ({ path: `lib ${i}.zip`, data: bytes })))
  return bytes
}

/** One file, said to be there so many times. */
function repeatedRecords(times: number, counted = times & 0xffff): Uint8Array {
  const one = Buffer.from(writeZip([{ path: 'x', data: '', method: 0 }]))
  const [list, end] = [one.indexOf(Buffer.from([0x50, 0x4b, 1, 2])), one.length - 22]
  const records = Array.from({ length: times }, () => one.subarray(list, end))
  const bytes = Buffer.concat([one.subarray(0, list), ...records, one.subarray(end)])
  bytes.writeUInt16LE(counted, bytes.length - 14)
  bytes.writeUInt16LE(counted, bytes.length - 12)
  bytes.writeUInt32LE(times * (end - list), bytes.length - 10)
  return bytes
}

const gzipMembers = (megabytes: number): Uint8Array => {
  const member = gzipSync(Buffer.alloc(16 * MB))
  return Buffer.concat(Array.from({ length: Math.ceil(megabytes / 16) }, () => member))
}

const gpx = '<gpx xmlns="http://www.topografix.com/GPX/1/1">'
const xml = (head: string, again: string, megabytes: number): Upload => ({
  file: 'x.gpx',
  bytes: Buffer.concat([text(head), Buffer.alloc(megabytes * MB, again)]),
})
const document = (words: string, file = 'x.gpx'): Upload => ({ file, bytes: text(words) })
const doctype = (inside: string, body: string) => `<?xml version="1.0"?><!DOCTYPE gpx [${inside}]><gpx>${body}</gpx>`
const laughs = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i} "${i ? `&l${i - 1};`.repeat(10) : 'ha'}">`).join('')
const appleDoctype = (body: string) =>
  `<?xml version="1.0"?><!DOCTYPE HealthData [<!ELEMENT HealthData ANY>${laughs}]><HealthData locale="en_GB">${body}</HealthData>`

const json = (head: string, again: string, megabytes: number): Upload => ({
  file: 'HealthAutoExport.json',
  bytes: Buffer.concat([text(head), Buffer.alloc(megabytes * MB, again)]),
})
const metrics = '{"data":{"metrics":['

/** The head of a FIT file that claims so many bytes. */
function fit(claimed: number, body: Uint8Array): Upload {
  const head = Buffer.from([14, 0x20, 0, 0, 0, 0, 0, 0, 0x2e, 0x46, 0x49, 0x54, 0, 0])
  head.writeUInt32LE(claimed, 4)
  return { file: 'x.fit', bytes: Buffer.concat([head, body]) }
}
const emptyDefinition = Buffer.from([0x40, 0, 0, 20, 0, 0])
/** 255 fields of 255 bytes. */
const wideDefinition = Buffer.concat([
  Buffer.from([0x40, 0, 0, 20, 0, 255]),
  Buffer.from(Array.from({ length: 255 }, (_, i) => [i, 255, 13]).flat()),
])

function database(sql: string): Upload {
  const db = new DatabaseSync(':memory:')
  try {
    db.exec(`create table DEVICE (_id integer primary key, NAME text, IDENTIFIER text); ${sql}`)
    return { file: 'Gadgetbridge.db', bytes: db.serialize() }
  } finally {
    db.close()
  }
}

const own = (files: Record<string, Uint8Array | string>, more: object = {}): Upload => ({
  file: 'tributary.zip',
  bytes: zipOf({
    'manifest.json': JSON.stringify({
      format: 'tributary',
      version: 1,
      sources: [{ key: 'k', name: 'Watch' }],
      counts: {},
      ...more,
    }),
    ...files,
  }),
})

const post = (body: Uint8Array | string, headers: Record<string, string> = {}): Sent => ({
  method: 'POST',
  path: '/api/v1/samples',
  headers: { 'content-type': 'application/json', ...headers },
  body,
})

const bomb = (name: string, make: Bomb['make']): Bomb => ({ name, make })

// biome-ignore format: a table, one line for each.
export const bombs: readonly Bomb[] = [
  // archives that swell
  bomb('a ZIP of 1 MB with a gigabyte in it', () => zip([packed('x.gpx', 1_000, 1e9)])),
  bomb('a ZIP of 10 MB with ten gigabytes in it', () => zip([packed('x.gpx', 10_000, 0xffff_fffe)])),
  bomb('a ZIP of a gigabyte that claims a thousand bytes', () => zip([packed('x.gpx', 1_000, 1_000)])),
  bomb('a ZIP of a gigabyte that claims to hold nothing', () => zip([packed('x.gpx', 1_000, 0)])),
  bomb('a ZIP of a thousand small bombs', () => zip(Array.from({ length: 1_000 }, (_, i) => packed(`${i}.gpx`, 16, 16 * MB)))),
  bomb('a bomb hidden beside a file that does not shrink', () => zip([{ path: 'a.bin', data: Buffer.from(writeRide({ start: 1.7e12, seconds: 9_000, seed: 1 })), method: 0 }, packed('x.gpx', 1_000, 1e9)])),
  bomb('ZIPs in ZIPs, four levels of sixteen', () => ({ file: '42.zip', bytes: nested(4) })),
  bomb('256 ZIPs in sixteen ZIPs, each another one', () => zip(Array.from({ length: 16 }, (_, i) => ({ path: `${i}.zip`, data: zipOf(Object.fromEntries(Array.from({ length: 16 }, (_, j) => [`${j}.zip`, zipOf({ 'a.txt': `${i} ${j}` })]))) })))),
  bomb('a ZIP in a ZIP in a ZIP', () => ({ file: 'x.zip', bytes: zipOf({ 'a.zip': zipOf({ 'b.zip': zipOf({ 'c.zip': zipOf({ 'd.gpx': gpx }) }) }) }) })),
  bomb('an Apple export of a gigabyte in 1 MB', () => zip([packed('apple_health_export/export.xml', 1_000, 1e9)])),
  bomb('a Takeout file of a gigabyte in 1 MB', () => zip([packed('Takeout/Fitbit/Global Export Data/steps-2026-01-01.json', 1_000, 1e9)])),
  bomb('a manifest of ours of a gigabyte in 1 MB', () => zip([packed('manifest.json', 1_000, 1e9)])),
  bomb('a manifest of ours of 60 MB', () => own({ 'manifest.json': `{"format":"tributary","version":1,"x":"${'x'.repeat(60 * MB)}"}` })),
  bomb('a column of ours that says it has a million million values', () => own({ 'samples/0.ndjson': '{"metric":"heart_rate","n":1000000,"t":{"runs":[1,1000000000000]},"v":[1]}\n' })),
  // archives of too much, or of what is not there
  bomb('a million entries', () => ({ file: 'x.zip', bytes: repeatedRecords(1_000_000) })),
  bomb('70,000 entries whose counter wrapped around', () => ({ file: 'x.zip', bytes: repeatedRecords(70_000) })),
  bomb('a list of files that is not there', () => zip([{ path: 'a', data: 'x' }], { directoryAt: 4_000_000_000 })),
  bomb('65,535 entries that are not there', () => zip([{ path: 'a', data: 'x' }], { entries: 65_535 })),
  bomb('a thousand entries that share their bytes', () => zip(Array.from({ length: 1_000 }, (_, i) => ({ path: `${i}.gpx`, data: 'x'.repeat(1_000), offset: 0 })))),
  bomb('an entry that begins inside another', () => zip([{ path: 'a.gpx', data: Buffer.alloc(2_000, 'x'), method: 0 }, { path: 'b.gpx', data: 'x', offset: 100 }])),
  // archives that lead elsewhere
  bomb('a path upwards', () => zip([{ path: '../../etc/cron.d/x', data: 'x' }])),
  bomb('a path upwards in the middle', () => zip([{ path: 'a/../../b', data: 'x' }])),
  bomb('a path from the root', () => zip([{ path: '/etc/passwd', data: 'x' }])),
  bomb('a path of Windows', () => zip([{ path: 'C:\\Windows\\x', data: 'x' }])),
  bomb('a path with backslashes upwards', () => zip([{ path: '..\\..\\x', data: 'x' }])),
  bomb('a path with a zero in it', () => zip([{ path: 'a.gpx\0.txt', data: 'x' }])),
  bomb('a link', () => zip([{ path: 'a', data: '/etc/passwd', attributes: 0o120777 << 16 }])),
  bomb('a locked archive', () => zip([{ path: 'a', data: 'x', flags: 1 }])),
  // gzip
  bomb('a gzip file of 1 MB with a gigabyte in it', () => ({ file: 'x.gpx.gz', bytes: gzipMembers(1_000) })),
  bomb('a gzip file of 10 MB with ten gigabytes in it', () => ({ file: 'x.fit.gz', bytes: gzipMembers(10_000) })),
  bomb('a gzip file in a gzip file in a gzip file', () => ({ file: 'x.gz', bytes: gzipSync(gzipSync(gzipMembers(1_000))) })),
  // XML
  bomb('a billion laughs', () => document(doctype(laughs, '&l9;'))),
  bomb('a quadratic blow-up', () => document(doctype(`<!ENTITY a "${'a'.repeat(100_000)}">`, '&a;'.repeat(50_000)))),
  bomb('an entity that names a file', () => document(doctype('<!ENTITY a SYSTEM "file:///etc/passwd">', '&a;'))),
  bomb('an entity that names an address', () => document(doctype('<!ENTITY a SYSTEM "http://127.0.0.1:1/">', '&a;'))),
  bomb('a parameter entity', () => document(doctype('<!ENTITY % a SYSTEM "file:///dev/zero"> %a;', ''))),
  bomb('a billion laughs in an Apple export', () => document(appleDoctype('<Record type="HKQuantityTypeIdentifierStepCount" sourceName="&l9;"/>'), 'export.xml')),
  bomb('an attribute of 200 MB', () => xml('<gpx creator="', 'x', 200)),
  bomb('a text of 20 MB', () => xml(`${gpx}<trk><name>`, 'x', 20)),
  bomb('a comment of 20 MB', () => xml(`${gpx}<!--`, 'x', 20)),
  bomb('an element name of 20 MB', () => xml(`${gpx}<`, 'x', 20)),
  bomb('CDATA of 20 MB', () => xml(`${gpx}<trk><name><![CDATA[`, 'x', 20)),
  bomb('seven million elements inside each other', () => xml(gpx, '<a>', 20)),
  bomb('an element of 100,000 attributes', () => document(`<gpx ${Array.from({ length: 100_000 }, (_, i) => `a${i}="b"`).join(' ')}/>`)),
  bomb('an Apple export of elements inside each other', () => document(`<HealthData>${'<Correlation>'.repeat(500_000)}`, 'export.xml')),
  // FIT
  bomb('a FIT file that claims 4 GB', () => fit(0xffff_ffff, emptyDefinition)),
  bomb('a FIT file of records of one byte each', () => fit(0x7fff_ffff, Buffer.concat([emptyDefinition, Buffer.alloc(30 * MB)]))),
  bomb('a FIT file of definitions and nothing else', () => fit(20 * MB, Buffer.concat(Array.from({ length: 20_000 }, () => wideDefinition)))),
  bomb('a FIT record of 65,025 bytes that is not there', () => fit(100, Buffer.concat([wideDefinition, Buffer.from([0])]))),
  bomb('200,000 empty FIT files in one', () => ({ file: 'x.fit', bytes: Buffer.concat(Array.from({ length: 200_000 }, () => fit(0, Buffer.alloc(0)).bytes)) })),
  // JSON, tables, databases
  bomb('JSON 100,000 deep', () => document(`${metrics}${'['.repeat(100_000)}`, 'x.json')),
  bomb('JSON of 10 MB of [', () => json('', '[', 10)),
  bomb('a text of 20 MB in JSON', () => json(`${metrics}{"name":"`, 'x', 20)),
  bomb('a number of 20 MB of digits', () => json(`${metrics}{"name":"step_count","units":"count","data":[{"qty":`, '9', 20)),
  bomb('a name of 20 MB in JSON', () => json(`${metrics}{"`, 'x', 20)),
  bomb('a record of 80 MB in JSON', () => json(`${metrics}{"name":"step_count","units":"count","data":[{"a":[`, '1,', 80)),
  bomb('a table with one row of 20 MB', () => ({ file: 'x.csv', bytes: Buffer.concat([text('date,value\n"'), Buffer.alloc(20 * MB, '\n')]) })),
  bomb('a table of ten million columns', () => ({ file: 'x.csv', bytes: Buffer.alloc(10 * MB, 'a,') })),
  bomb('a database whose table is a view without end', () => database('create view MI_BAND_ACTIVITY_SAMPLE as with recursive n (TIMESTAMP) as (select 1 union all select TIMESTAMP + 1 from n) select TIMESTAMP, 1 as DEVICE_ID, 1 as STEPS from n')),
  bomb('a database whose column computes a gigabyte', () => database('create table MI_BAND_ACTIVITY_SAMPLE (TIMESTAMP integer, DEVICE_ID integer, STEPS generated always as (length(zeroblob(1000000000))) virtual); insert into MI_BAND_ACTIVITY_SAMPLE values (1, 1)')),
  // requests
  bomb('a request packed with gzip that is a gigabyte', () => post(gzipMembers(1_000), { 'content-encoding': 'gzip' })),
  bomb('a request packed with Brotli that is 256 MB', () => post(brotliCompressSync(Buffer.alloc(256 * MB), { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }), { 'content-encoding': 'br' })),
  bomb('a request of JSON 100,000 deep', () => post('['.repeat(100_000))),
  bomb('a request of 100 MB', () => post(Buffer.alloc(100 * MB, ' '))),
  bomb('a request that reaches for prototypes', () => post('{"__proto__":{"metric":"weight"},"constructor":{"prototype":{}}}')),
  bomb('a title that regular expressions choke on', () => ({ ...post(JSON.stringify({ type: 'workout', start_time: `${'0'.repeat(500_000)}!`, end_time: `${'2026-'.repeat(100_000)}!` })), path: '/api/v1/sessions' })),
  bomb('a cursor of 60,000 letters', () => ({ method: 'GET', path: `/api/v1/sessions?cursor=${'a'.repeat(60_000)}` })),
  bomb('an address with 2,000 parameters', () => ({ method: 'GET', path: `/api/v1/sessions?${Array.from({ length: 2_000 }, (_, i) => `a${i}=1`).join('&')}` })),
]
