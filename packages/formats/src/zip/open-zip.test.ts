import { expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import type { FormatError } from '../parsed-file.ts'
import type { ArchiveEntry } from '../piece.ts'
import { writeZip, type ZipPart, zipOf } from '../testing/zip.ts'
import { openZip } from './open-zip.ts'
import { fromBytes, spool } from './spool.ts'

const MB = 1_000_000

function open(bytes: Uint8Array): Promise<ArchiveEntry[]> {
  return openZip(fromBytes(bytes))
}

async function textOf(entry: ArchiveEntry | undefined): Promise<string> {
  if (!entry) throw new Error('no such entry')
  const chunks: Uint8Array[] = []
  for await (const chunk of entry.chunks()) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function refusal(work: Promise<unknown>): Promise<FormatError> {
  return await work.then(
    () => {
      throw new Error('it was not refused')
    },
    (error) => error,
  )
}

/** Written by yazl, another hand than ours. */
async function yazlZip(build: (zip: ZipFile) => void, zip64 = false): Promise<Uint8Array> {
  const zip = new ZipFile()
  build(zip)
  zip.end({ forceZip64Format: zip64, comment: '' })
  const chunks: Uint8Array[] = []
  for await (const chunk of zip.outputStream as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('files come in their order with their contents, as often as they are asked for', async () => {
  const entries = await open(zipOf({ 'b/two.txt': 'zwei', 'a.txt': 'eins'.repeat(100_000), 'empty.csv': '' }))
  expect(entries.map(({ path, size }) => [path, size])).toEqual([
    ['b/two.txt', 4],
    ['a.txt', 400_000],
    ['empty.csv', 0],
  ])
  expect(await textOf(entries[1])).toBe('eins'.repeat(100_000))
  expect(await textOf(entries[1])).toBe('eins'.repeat(100_000))
  expect(await textOf(entries[2])).toBe('')
})

test.each([
  [false, 'with data descriptors'],
  [true, 'in Zip64'],
])('an archive of another writer is read (Zip64: %s)', async (zip64) => {
  const bytes = await yazlZip((zip) => {
    zip.addBuffer(Buffer.from('stored'), 'stored.txt', { compress: false, forceZip64Format: zip64 })
    zip.addEmptyDirectory('folder')
    zip.addBuffer(Buffer.from('{"ä":1}'.repeat(1000)), 'folder/Übung.json', { forceZip64Format: zip64 })
  }, zip64)
  const entries = await open(bytes)
  expect(entries.map((entry) => entry.path)).toEqual(['stored.txt', 'folder/Übung.json'])
  expect(await textOf(entries[0])).toBe('stored')
  expect(await textOf(entries[1])).toBe('{"ä":1}'.repeat(1000))
})

test('sizes that stand behind the data are found', async () => {
  const [entry] = await open(writeZip([{ path: 'a', data: 'streamed', descriptor: true }]))
  expect(await textOf(entry)).toBe('streamed')
})

test('folders and what macOS adds for itself are left out', async () => {
  const entries = await open(zipOf({ 'a/': '', '__MACOSX/._a.csv': 'x', 'a/__MACOSX/b': 'x', './a//b.csv': '1' }))
  expect(entries.map((entry) => entry.path)).toEqual(['a/b.csv'])
})

test.each([
  ['CP437', Buffer.from([0x81, 0x62, 0x2e, 0x63]), 'üb.c'],
  ['UTF-8 that does not say so', Buffer.from('über/Sûre/数据.csv'), 'über/Sûre/数据.csv'],
  ['backslashes', Buffer.from('Takeout\\Fit\\a.json'), 'Takeout/Fit/a.json'],
])('a name in %s is read', async (_, path, name) => {
  const [entry] = await open(writeZip([{ path, data: 'x' }]))
  expect(entry?.path).toBe(name)
})

test('two files of one name are both kept', async () => {
  const entries = await open(writeZip(['1', '2', '3'].map((data) => ({ path: 'd.x/a.csv', data }))))
  expect(entries.map((entry) => entry.path)).toEqual(['d.x/a.csv', 'd.x/a (2).csv', 'd.x/a (3).csv'])
  expect(await Promise.all(entries.map(textOf))).toEqual(['1', '2', '3'])
})

test.each(['../etc/passwd', 'a/../../b', '/etc/passwd', 'C:\\Windows\\x', '..\\..\\x', 'a\u0000b'])(
  'a path that leads outside (%j) condemns the archive',
  async (path) => {
    expect(
      await refusal(
        open(
          writeZip([
            { path: 'good', data: '1' },
            { path, data: 'x' },
          ]),
        ),
      ),
    ).toMatchObject({ code: 'zip_path' })
  },
)

test('a link is refused', async () => {
  const link: ZipPart = { path: 'a', data: '/etc/passwd', attributes: 0o120777 << 16 }
  expect(await refusal(open(writeZip([link])))).toMatchObject({ code: 'zip_symlink' })
})

test.each([0x1, 0x41])('a locked archive (flags %d) is refused with what to do about it', async (flags) => {
  const error = await refusal(open(writeZip([{ path: 'SLEEP/SLEEP_1.csv', data: 'x', flags }])))
  expect(error.code).toBe('zip_encrypted')
  expect(error.detail).toMatch(/password .*e-mail.* packed again without one/s)
})

test('a way of packing that is not known loses its file only', async () => {
  const entries = await open(
    writeZip([
      { path: 'odd', data: 'x', method: 93 },
      { path: 'good', data: '1' },
    ]),
  )
  expect(await refusal(textOf(entries[0]))).toMatchObject({ code: 'zip_method' })
  expect(await textOf(entries[1])).toBe('1')
})

test.each([0.2, 0.9, 0.999])('a download that broke off at %d of its length says so', async (part) => {
  const whole = zipOf({ 'a.csv': 'x'.repeat(5000), 'b.csv': 'y' })
  const error = await refusal(open(whole.subarray(0, Math.floor(whole.length * part))))
  expect(error.code).toBe('zip_broken')
  expect(error.detail).toContain('Was the download complete?')
})

test('a list of files that lies elsewhere or behind the end is damage, not a crash', async () => {
  const parts = [{ path: 'a', data: 'x' }]
  for (const directoryAt of [0, 5, 4_000_000_000]) {
    expect(await refusal(open(writeZip(parts, { directoryAt })))).toMatchObject({ code: 'zip_broken' })
  }
})

test('nothing and what is no archive at all are refused', async () => {
  for (const bytes of [new Uint8Array(0), Buffer.from('PK'), Buffer.alloc(70_000, 'PK\u0003\u0004')]) {
    expect(await refusal(open(bytes))).toMatchObject({ code: 'zip_broken' })
  }
})

test.each([
  ['larger', { unpacked: 5 }, /larger than the 5 bytes/],
  ['smaller', { unpacked: 500 }, /breaks off after 10 of 500/],
  ['another', { crc: 1 }, /checksum/],
])('a file %s than its claim is damaged, with the others unharmed', async (_, claim, words) => {
  const entries = await open(
    writeZip([
      { path: 'a', data: '0123456789', ...claim },
      { path: 'b', data: '1' },
    ]),
  )
  const error = await refusal(textOf(entries[0]))
  expect(error).toMatchObject({ code: 'zip_entry_damaged' })
  expect(error.detail).toMatch(words)
  expect(await textOf(entries[1])).toBe('1')
})

test('an error of the storage is not taken for damage of the archive', async () => {
  const bytes = zipOf({ a: 'x' })
  const failing = { size: bytes.length, readAt: () => Promise.reject(new Error('disk')) }
  await expect(openZip(failing)).rejects.toThrow(/^disk$/)
})

test('a ZIP inside a ZIP is opened in the same way, up to a size', async () => {
  const [inner] = await open(zipOf({ 'inner.zip': zipOf({ 'deep.csv': 'a,b' }) }))
  if (!inner) throw new Error('no inner archive')
  const [deep] = await openZip(await spool(inner))
  expect(await textOf(deep)).toBe('a,b')
  expect(await refusal(spool(inner, 10))).toMatchObject({ code: 'nested_too_large' })
})

/** What is hostile must be refused within two seconds, whatever its size claims. */
async function refusedSoon(bytes: Uint8Array): Promise<string> {
  const begun = performance.now()
  const error = await refusal(open(bytes).then((entries) => Promise.all(entries.map(textOf))))
  expect(performance.now() - begun).toBeLessThan(2000)
  return error.code
}

test('what would unpack to a thousand times its size is refused before it is unpacked', async () => {
  const zeros = Buffer.alloc(10 * MB)
  expect(await refusedSoon(zipOf({ 'zeros.json': zeros }))).toBe('zip_bomb')
  expect(await refusedSoon(writeZip([{ path: 'z', data: zeros, unpacked: 3_000_000_000 }]))).toBe('zip_bomb')
})

test('a bomb that lies about its size ends where its claim ends', async () => {
  expect(await refusedSoon(writeZip([{ path: 'z', data: Buffer.alloc(20 * MB), unpacked: 900_000 }]))).toBe(
    'zip_entry_damaged',
  )
})

test('many small bombs are one', async () => {
  const zeros = Buffer.alloc(900_000)
  expect(await refusedSoon(writeZip(Array.from({ length: 16 }, (_, i) => ({ path: `z${i}`, data: zeros }))))).toBe(
    'zip_bomb',
  )
})

test('a bomb inside an archive that hardly packs it is found when it is opened', async () => {
  const [inner] = await open(zipOf({ 'lib 0.zip': zipOf({ zeros: Buffer.alloc(10 * MB) }) }))
  if (!inner) throw new Error('no inner archive')
  expect(await refusal(spool(inner).then(openZip))).toMatchObject({ code: 'zip_bomb' })
})

test('entries that share their bytes are refused', async () => {
  const kernel = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251))
  const parts = Array.from({ length: 250 }, (_, i) => ({
    path: `${i}`,
    data: i ? '' : kernel,
    method: 0,
    offset: 0,
    packed: 5000,
    unpacked: 5000,
  }))
  expect(await refusedSoon(writeZip(parts))).toBe('zip_overlap')
})

test('local headers quoted by their neighbours are refused', async () => {
  const part = (path: string, packed: number): ZipPart => ({
    path,
    data: 'x'.repeat(60),
    method: 0,
    packed,
    unpacked: packed,
  })
  expect(await refusedSoon(writeZip([part('a', 300), part('b', 150), part('c', 60)]))).toBe('zip_overlap')
})

test('a million files are refused by the count, and by the list when the counter wrapped around', async () => {
  const one = Buffer.from(writeZip([{ path: 'x', data: '', method: 0 }]))
  const [list, end] = [one.indexOf(Buffer.from([0x50, 0x4b, 1, 2])), one.length - 22]
  const records = Array.from({ length: 70_000 }, () => one.subarray(list, end))
  const wrapped = Buffer.concat([one.subarray(0, list), ...records, one.subarray(end)])
  wrapped.writeUInt16LE(70_000 & 0xffff, wrapped.length - 14)
  wrapped.writeUInt16LE(70_000 & 0xffff, wrapped.length - 12)
  wrapped.writeUInt32LE(70_000 * (end - list), wrapped.length - 10)
  expect(await refusedSoon(wrapped)).toBe('zip_broken')
  const many = Buffer.from(await yazlZip((zip) => zip.addBuffer(Buffer.from('x'), 'x'), true))
  const end64 = many.indexOf(Buffer.from([0x50, 0x4b, 6, 6]))
  many.writeBigUInt64LE(1_000_000n, end64 + 32)
  expect(await refusedSoon(many)).toBe('too_many_files')
})

test('any byte of a good archive may be damaged: it is read or refused, never a crash', async () => {
  const good = Buffer.from(zipOf({ 'a.csv': 'a,b\n1,2\n', 'b.json': '{"a":[1,2,3]}' }))
  for (let at = 0; at < good.length; at++) {
    for (const value of [0, 0xff, (good[at] as number) ^ 1]) {
      const bytes = Buffer.from(good)
      bytes[at] = value
      try {
        for (const entry of await open(bytes)) await textOf(entry).catch(assertFormatError)
      } catch (error) {
        assertFormatError(error)
      }
    }
  }
})

function assertFormatError(error: unknown): void {
  if ((error as Error).name !== 'FormatError') throw error
}
