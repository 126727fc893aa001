/** A file that came with something else (a provider's original of a session), read in a parsing thread like any other. */
import type { ParsedFile } from '@tributary/formats'
import { cleanParsed } from './clean-read.ts'
import type { Parser, Refusal } from './parse-file.ts'

export type ParseBytes = (
  file: { name: string; bytes: Uint8Array; timeZone: string },
  signal?: AbortSignal,
) => Promise<ParsedFile | { refused: Refusal }>

const noTaker = {
  piece: () => Promise.reject(new Error('broken assumption: a recorded activity is read in one piece')),
  part: () => Promise.reject(new Error('broken assumption: no files are taken out of a recorded activity')),
}

export const parseBytesWith =
  (parser: Pick<Parser, 'parse'>): ParseBytes =>
  async ({ name, bytes, timeZone }, signal = new AbortController().signal) => {
    const readAt = async (offset: number, length: number) => Uint8Array.from(bytes.subarray(offset, offset + length))
    const file = { filename: name, bytes: bytes.length, timeZone, depth: 0, entriesTaken: [], mappings: [], readAt }
    const outcome = await parser.parse(file, noTaker, signal)
    if ('parsed' in outcome) return cleanParsed(outcome.parsed)
    if ('refused' in outcome) return outcome
    return { refused: { code: 'not_an_activity', detail: 'The file is no recorded activity' } }
  }
