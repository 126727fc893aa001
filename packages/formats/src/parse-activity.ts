import { activityFromName } from '@tributary/protocol/activities'
import { readFit } from './fit/read-fit.ts'
import { readGpx } from './gpx/read-gpx.ts'
import { formatLimits } from './limits.ts'
import { type ActivityFormat, FormatError, type Limits, type ParsedFile, type ParseOptions } from './parsed-file.ts'
import { type Sniffed, sniff, sniffLength } from './sniff.ts'
import { type Bytes, capped, chunksOf, gunzipped, isZlibError } from './source-bytes.ts'
import { readTcx } from './tcx/read-tcx.ts'

type Reader = (chunks: AsyncIterable<Uint8Array>, limits: Limits, now: number) => Promise<ParsedFile>

const readers: Record<ActivityFormat, Reader> = { fit: readFit, tcx: readTcx, gpx: readGpx }

const otherNames: Record<Exclude<Sniffed, ActivityFormat>, string> = {
  gzip: 'a gzip file inside a gzip file',
  zip: 'a ZIP archive',
  apple_health: 'an Apple Health export',
  kml: 'a KML map',
  html: 'a web page, perhaps a sign-in page that was saved instead of the file',
  xml: 'XML, but neither TCX nor GPX',
  json: 'JSON',
  sqlite: 'an SQLite database',
  pdf: 'a PDF document',
}

/**
 * A recorded activity, FIT, TCX or GPX, each also as `.gz`; told by its content, not its name.
 * @throws FormatError when nothing of it can be used.
 */
export async function parseActivity(bytes: Bytes, options: ParseOptions = {}): Promise<ParsedFile> {
  const outer = await peek(chunksOf(bytes))
  if (sniff(outer.head) !== 'gzip') return read(outer, options)
  const notes: string[] = []
  try {
    const inner = await peek(gunzipped(outer.chunks, (reason) => notes.push(reason)))
    const parsed = await read(inner, options)
    for (const detail of notes) parsed.warnings.push({ code: 'gzip_broken', detail })
    return parsed
  } catch (error) {
    if (isZlibError(error)) throw new FormatError('gzip_broken', 'the gzip file cannot be unpacked', error)
    throw error
  }
}

async function read({ head, chunks }: Peeked, options: ParseOptions): Promise<ParsedFile> {
  const format = recognise(head)
  const limits = { ...formatLimits[format], ...options.limits }
  const parsed = await readers[format](capped(chunks, limits.bytes), limits, options.now ?? Date.now())
  if (options.filename) nameSport(parsed, options.filename)
  return parsed
}

function recognise(head: Uint8Array): ActivityFormat {
  if (head.length === 0) throw new FormatError('empty', 'the file is empty')
  const found = sniff(head)
  if (found === 'fit' || found === 'tcx' || found === 'gpx') return found
  if (found === 'xml' && new TextDecoder().decode(head).includes('<!DOCTYPE')) {
    throw new FormatError(
      'xml_doctype',
      'the file declares a document type, which no activity needs and which is refused for safety',
    )
  }
  throw new FormatError(
    'not_an_activity',
    found ? `this is ${otherNames[found]}` : 'this is neither FIT nor TCX nor GPX',
  )
}

/** TCX has three sports and GPX often none: a name such as `Evening_Swim.tcx` may know more. */
function nameSport(parsed: ParsedFile, filename: string): void {
  const words = filename.replace(/^.*[\\/]/, '').split(/[^\p{L}]+/u)
  const named = words.map((word) => activityFromName(word)).find((activity) => activity !== 'other')
  if (!named) return
  for (const session of parsed.sessions) {
    if (session.activity !== 'other' || session.extra?.['fit_sport'] !== undefined) continue
    session.activity = named
    session.extra = { ...session.extra, activity_from: 'file name' }
  }
}

interface Peeked {
  head: Uint8Array
  chunks: AsyncGenerator<Uint8Array>
}

/** The first bytes, and all chunks from the first on. */
async function peek(chunks: AsyncGenerator<Uint8Array>): Promise<Peeked> {
  const seen: Uint8Array[] = []
  let size = 0
  while (size < sniffLength) {
    const next = await chunks.next()
    if (next.done) break
    seen.push(next.value)
    size += next.value.length
  }
  const head = new Uint8Array(Math.min(size, sniffLength))
  let at = 0
  for (const chunk of seen) {
    const part = chunk.subarray(0, head.length - at)
    head.set(part, at)
    at += part.length
  }
  async function* replay() {
    yield* seen
    yield* chunks
  }
  return { head, chunks: replay() }
}
