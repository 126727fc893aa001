/** The export of Apple Health: a ZIP, or the XML out of it. */
import { Losses } from '../losses.ts'
import { FormatError } from '../parsed-file.ts'
import type { ArchiveEntry, ArchiveReader, FileReader, Piece, ReadOptions } from '../piece.ts'
import { asOnePiece } from '../piece-builder.ts'
import { sniff } from '../sniff.ts'
import { ExportDocument } from './export-document.ts'
import { type Attached, format, readExport } from './read-export.ts'

const title = 'Apple Health export'

/** Names of folders are the same in every language, that of the XML is not. */
const routeFile = /(^|\/)workout-routes\/[^/]+\.gpx$/i
const ecgFile = /(^|\/)electrocardiograms\/[^/]+\.csv$/i
const clinicalFile = /(^|\/)clinical-records\/[^/]+$/i
/** In the archive's one folder, or in none. */
const topXml = /^([^/]+\/)?[^/]+\.xml$/i
const litter = /(^|\/)\.DS_Store$/

export const appleHealthExport: ArchiveReader = {
  format,
  title,
  recognises: async (entries, head) => (await exportAmong(entries, head)) !== undefined,
  claims: (path) => [routeFile, ecgFile, clinicalFile, topXml, litter].some((kind) => kind.test(path)),
  async *read(input) {
    const losses = new Losses()
    const xml = await exportAmong(input.entries, headOf)
    if (!xml) throw new FormatError('not_an_export', 'the archive has no XML with a HealthData element')
    const attached: Attached = {
      routes: byPath(input.entries, routeFile),
      ecgs: byPath(input.entries, ecgFile),
    }
    const clinical = byPath(input.entries, clinicalFile).length
    if (clinical) losses.leaveUnused('clinical-records (documents of clinics are not taken over)', clinical)
    const leftovers = byPath(input.entries, litter).length
    if (leftovers) losses.leaveUnused('.DS_Store (how a window of the Mac looked)', leftovers)
    for (const { path } of input.entries) {
      if (!topXml.test(path) || path === xml.path) continue
      const name = path.slice(path.lastIndexOf('/') + 1).slice(0, 60)
      losses.leaveUnused(/_cda\.xml$/i.test(name) ? `${name} (the same readings for clinics)` : name)
    }
    return yield* readExport(xml.chunks(), input, losses, attached)
  },
  replay,
}

export const appleHealthXml: FileReader = {
  format,
  title,
  recognises: (head) => sniff(head) === 'apple_health',
  async *read(input) {
    return yield* readExport(input.chunks(), input, new Losses(), undefined)
  },
  replay,
}

function byPath(entries: readonly ArchiveEntry[], kind: RegExp): ArchiveEntry[] {
  return entries.filter(({ path }) => kind.test(path)).sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The XML whose root says what it is; the usual name is asked first. */
async function exportAmong(
  entries: readonly ArchiveEntry[],
  head: (entry: ArchiveEntry) => Promise<Uint8Array>,
): Promise<ArchiveEntry | undefined> {
  const usual = (entry: ArchiveEntry) => (/(^|\/)export\.xml$/i.test(entry.path) ? 0 : 1)
  const candidates = entries.filter(({ path }) => topXml.test(path)).sort((a, b) => usual(a) - usual(b))
  for (const entry of candidates.slice(0, 20)) if (sniff(await head(entry)) === 'apple_health') return entry
  return undefined
}

async function headOf(entry: ArchiveEntry): Promise<Uint8Array> {
  const seen: Uint8Array[] = []
  let size = 0
  for await (const chunk of entry.chunks()) {
    seen.push(chunk)
    size += chunk.length
    if (size >= 4096) break
  }
  return Buffer.concat(seen)
}

/** One element that was kept, as if an export held it alone. */
function replay(raw: string, options: ReadOptions): Piece {
  const document = new ExportDocument(new Losses(), options)
  document.scanner.write(Buffer.from(`<HealthData>${raw}</HealthData>`))
  while (document.scanner.run()) {
    for (const { session, sourceName } of document.workouts.splice(0))
      document.buffers.addSession(document.buffers.of(sourceName), session)
  }
  document.end()
  const piece = asOnePiece(document.buffers.ready)
  if (!piece) throw new FormatError('empty', 'the record has no meaning to us')
  return piece
}
