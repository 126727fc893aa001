import type { JsonFound } from '../json/json-scanner.ts'
import { isRecord } from '../json/records.ts'
import { findJson } from '../json/stream-json.ts'
import type { ArchiveEntry, PieceSource } from '../piece.ts'
import type { Gatherer } from './gatherer.ts'
import { keptRecord } from './kept-record.ts'
import { baseName } from './paths.ts'

/** The records of a JSON entry, whole ones only, each at hand while it is read: a damaged one is kept with its text, a document that breaks off gives what it had. */
export async function* jsonRecords(
  { path, chunks }: ArchiveEntry,
  patterns: readonly string[],
  source: PieceSource,
  gather: Gatherer,
  where: object = {},
): AsyncGenerator<Record<string, unknown>> {
  const name = baseName(path)
  const broke = (detail: string, code: string) => gather.losses.warn(code, `${name}: ${detail}`)
  try {
    for await (const found of findJson(gather.counted(chunks()), patterns, { broke })) {
      gather.records++
      gather.at(() => keptRecord({ path, ...where }, found.text))
      if (isRecord(found.value)) yield found.value
      else gather.reject(source, 'record_unreadable', reasonOf(name, found))
    }
  } finally {
    gather.at(undefined)
  }
}

function reasonOf(name: string, { broken }: JsonFound): string {
  return broken === undefined ? `${name} has something else than a record` : `${name} has a damaged record: ${broken}`
}
