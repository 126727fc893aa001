import type { JsonFound } from '../json/json-scanner.ts'
import { isRecord } from '../json/records.ts'
import { findJson } from '../json/stream-json.ts'
import type { PieceSource } from '../piece.ts'
import type { Gatherer } from './gatherer.ts'

/** The records of a JSON entry, whole ones only: a damaged one is kept with its text, a document that breaks off gives what it had. */
export async function* jsonRecords(
  chunks: AsyncIterable<Uint8Array>,
  patterns: readonly string[],
  name: string,
  source: PieceSource,
  gather: Gatherer,
): AsyncGenerator<Record<string, unknown>> {
  const broke = (detail: string, code: string) => gather.losses.warn(code, `${name}: ${detail}`)
  for await (const found of findJson(gather.counted(chunks), patterns, { broke })) {
    gather.records++
    if (isRecord(found.value)) yield found.value
    else gather.reject(source, 'record_unreadable', reasonOf(name, found), found.text)
  }
}

function reasonOf(name: string, { broken }: JsonFound): string {
  return broken === undefined ? `${name} has something else than a record` : `${name} has a damaged record: ${broken}`
}
