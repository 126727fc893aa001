/** What a thread read, made fit for the store: whole milliseconds, one value a time, text that can be kept. */
import type { ParsedFile } from '@tributary/formats'
import { cleanSessions } from '../platform/readings/clean-readings.ts'
import { cleanText } from '../platform/readings/clean-text.ts'
import { oncePerTime } from '../platform/readings/once-per-time.ts'

export function cleanParsed(parsed: ParsedFile): ParsedFile {
  const columns = parsed.readings.map(oncePerTime)
  const repeated = columns.reduce((sum, column) => sum + column.repeated, 0)
  return {
    ...parsed,
    readings: columns.map(({ series }) => series),
    source: cleanText(parsed.source),
    rejected: cleanText(parsed.rejected),
    warnings: cleanText([...parsed.warnings, ...timesRepeated(repeated)]),
    unused: cleanText(parsed.unused),
    sessions: cleanSessions(parsed.sessions),
  }
}

export function timesRepeated(repeated: number): { code: string; detail: string }[] {
  const detail = `${repeated} values stand at a time that the file gives again; of each time the last one counts`
  return repeated ? [{ code: 'times_repeated', detail }] : []
}
