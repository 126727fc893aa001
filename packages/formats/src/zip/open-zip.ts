import { type Entry, fromRandomAccessReaderPromise, type ZipFile } from 'yauzl'
import { FormatError } from '../parsed-file.ts'
import type { ArchiveEntry } from '../piece.ts'
import { damaged, type Packed, unpackedBytes } from './entry-bytes.ts'
import { zipLimits } from './limits.ts'
import { isContent, pathOf, uniquePath } from './names.ts'
import { type RandomAccess, WindowReader } from './reader.ts'

/** An entry of the directory, and the part of the archive that may be its own. */
interface Listed extends Packed {
  entry: Entry
  start: number
  /** Where the next entry (or the directory) begins: packed bytes beyond would be somebody else's. */
  end: number
}

const localHeader = 30
const symlinkMode = 0o120000
const modeMask = 0o170000
const directoryRecord = 0x02014b50

/**
 * The files of a ZIP, in the order of its directory, each to be streamed as often as wanted. All that the directory claims is judged
 * before a byte is unpacked, and what comes out is held to it; a `FormatError` says what is wrong with the whole (here) or with one
 * entry (in `chunks`). Zip64, data descriptors and old code pages are fine.
 */
export async function openZip(input: RandomAccess): Promise<ArchiveEntry[]> {
  const reader = new WindowReader(input)
  try {
    return await listFiles(reader, input)
  } catch (error) {
    if (reader.failed) throw reader.failed.error
    if (error instanceof FormatError) throw error
    throw asFormatError(error as Error)
  }
}

async function listFiles(reader: WindowReader, input: RandomAccess): Promise<ArchiveEntry[]> {
  const zip = await fromRandomAccessReaderPromise(reader, input.size, {
    autoClose: false,
    decodeStrings: false, // names are judged by ours, which say what they refuse
    validateEntrySizes: false,
  })
  const directoryAt = Number(zip.readEntryCursor)
  if (directoryAt > input.size) throw broken('its list of files lies behind its end')
  const listed = await readDirectory(zip, directoryAt)
  await assertWhole(zip, reader)
  assignParts(listed, directoryAt)
  assertNoBomb(listed, input.size)
  const taken = new Set<string>()
  const next = new Map<string, number>()
  const entries: ArchiveEntry[] = []
  for (const file of listed) {
    if (!isContent(file.path)) continue
    const path = uniquePath(file.path, taken, next)
    taken.add(path)
    file.path = path
    entries.push({ path, size: file.unpacked, chunks: () => bytesOf(zip, reader, input, file) })
  }
  return entries
}

async function readDirectory(zip: ZipFile, directoryAt: number): Promise<Listed[]> {
  if (zip.entryCount > zipLimits.entries) throw tooMany(zip.entryCount)
  const listed: Listed[] = []
  for await (const entry of zip.eachEntry()) {
    if (Number(zip.readEntryCursor) - directoryAt > zipLimits.directory) throw broken('its list of files is too long')
    const path = pathOf(entry)
    assertReadable(entry, path)
    // Only what is needed later: extra fields and comments of 200,000 entries could be gigabytes.
    entry.extraFields = []
    entry.extraFieldRaw = entry.fileCommentRaw = entry.fileNameRaw = Buffer.alloc(0)
    listed.push({
      path,
      entry,
      method: entry.compressionMethod,
      packed: entry.compressedSize,
      unpacked: entry.uncompressedSize,
      crc: entry.crc32,
      start: entry.relativeOffsetOfLocalHeader,
      end: 0,
    })
  }
  return listed
}

function assertReadable(entry: Entry, path: string): void {
  if (((entry.externalFileAttributes >>> 16) & modeMask) === symlinkMode) {
    throw new FormatError('zip_symlink', `${path} in the archive is a link to another file, which an export never has`)
  }
  if (entry.isEncrypted()) throw encrypted()
}

function encrypted(): FormatError {
  return new FormatError(
    'zip_encrypted',
    'the archive is locked with a password (Zepp and Mi Fitness send it by e-mail). Archives cannot be unlocked here: unpack it with the password and send what is inside, packed again without one',
  )
}

/** Counters of 16 bits wrap around: a directory that goes on after its last entry has files that nobody would read. */
async function assertWhole(zip: ZipFile, reader: WindowReader): Promise<void> {
  const next = Buffer.alloc(4)
  await new Promise<void>((resolve, reject) =>
    reader.read(next, 0, 4, Number(zip.readEntryCursor), (error) => (error ? reject(error) : resolve())),
  )
  if (next.readUInt32LE(0) === directoryRecord) {
    throw broken(`its list has more than the ${zip.entryCount} files it says it has`)
  }
}

/** No two entries may share bytes: that is how ten megabytes are made to hold petabytes (David Fifield, 2019). */
function assignParts(listed: readonly Listed[], directoryAt: number): void {
  const byStart = [...listed].sort((a, b) => a.start - b.start)
  for (const [i, file] of byStart.entries()) {
    file.end = byStart[i + 1]?.start ?? directoryAt
    if (file.start + localHeader + file.packed <= file.end) continue
    const other = byStart[i + 1]
    if (other) throw new FormatError('zip_overlap', `${file.path} and ${other.path} claim the same part of the archive`)
    throw broken(`${file.path} reaches into its list of files`)
  }
}

function assertNoBomb(listed: readonly Listed[], size: number): void {
  let unpacked = 0
  for (const file of listed) {
    unpacked += file.unpacked
    assertRatio(file.path, file.unpacked, file.packed)
  }
  assertRatio('the archive', unpacked, size)
  if (unpacked > zipLimits.unpacked) {
    throw new FormatError(
      'too_large',
      `the archive unpacks to ${unpacked} bytes; at most ${zipLimits.unpacked} are read`,
    )
  }
}

function assertRatio(what: string, unpacked: number, packed: number): void {
  if (unpacked <= zipLimits.free || unpacked <= packed * zipLimits.ratio) return
  throw new FormatError('zip_bomb', `${what} unpacks to more than ${zipLimits.ratio} times its size`)
}

async function* bytesOf(
  zip: ZipFile,
  reader: WindowReader,
  input: RandomAccess,
  file: Listed,
): AsyncGenerator<Uint8Array> {
  if (file.method !== 0 && file.method !== 8) {
    throw new FormatError(
      'zip_method',
      `${file.path} is packed in a way (${file.method}) that is not read here; ZIP programs call the common one Deflate`,
    )
  }
  yield* unpackedBytes(input, file, await dataStart(zip, reader, file))
}

async function dataStart(zip: ZipFile, reader: WindowReader, file: Listed): Promise<number> {
  let at: number
  try {
    at = (await zip.readLocalFileHeaderPromise(file.entry, { minimal: true })).fileDataStart
  } catch (error) {
    if (reader.failed) throw reader.failed.error
    throw damaged(file.path, (error as Error).message, error)
  }
  if (at + file.packed > file.end) throw damaged(file.path, 'it reaches into the next file')
  return at
}

function tooMany(count: number): FormatError {
  return new FormatError('too_many_files', `the archive has ${count} files; at most ${zipLimits.entries} are read`)
}

function broken(reason: string, cause?: unknown): FormatError {
  return new FormatError('zip_broken', `the archive is damaged: ${reason}`, cause)
}

/** yauzl's own words for what people meet most, in sentences. */
function asFormatError(error: Error): FormatError {
  if (/strong encryption/.test(error.message)) return encrypted()
  if (/multi-disk/.test(error.message)) return broken('it is one part of several; join them first', error)
  if (/End of central directory|unexpected EOF/.test(error.message)) {
    return broken(
      'its list of files, which stands at the end, is missing or cut off. Was the download complete?',
      error,
    )
  }
  return broken(error.message, error)
}
