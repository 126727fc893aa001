/** A stored file's bytes into a parsing thread, and what it says back, made fit for the database. */
import type { ParsedFile } from '@tributary/formats'
import { cleanText } from './clean-text.ts'
import type { Edges } from './edges.ts'
import { readPart } from './files.queries.ts'
import type { FileJob } from './import-file.ts'
import { oncePerTime } from './once-per-time.ts'
import type { ParseOutcome } from './parse-file.ts'
import { noteProgress } from './queue.queries.ts'

const noteEveryMs = 400

export async function readFile(
  { db, parser, clock, log }: Edges,
  { held, file, signal }: FileJob,
): Promise<ParseOutcome> {
  let part = 0
  let bytesRead = 0
  let noted = Number.NEGATIVE_INFINITY
  const nextPart = async () => {
    if (clock.now() - noted >= noteEveryMs) {
      await db.asWriter((tx) => noteProgress(tx, held, file.position, bytesRead))
      noted = clock.now()
    }
    if (bytesRead >= file.bytes) return null
    const data = await db.asWriter((tx) => readPart(tx, held.userId, file.file_id, part++))
    if (!data)
      throw new Error(
        `broken assumption: file ${file.file_id} has ${file.bytes} bytes, but part ${part - 1} is missing`,
      )
    bytesRead += data.length
    return Uint8Array.from(data) // a copy that can be handed over: pg's buffers share memory
  }
  const outcome = await parser.parse({ filename: file.name, nextPart }, signal)
  if ('refused' in outcome && outcome.refused.cause)
    log.error({ err: outcome.refused.cause, import: held.importId, file: file.file_id }, 'a file could not be parsed')
  return 'parsed' in outcome ? { parsed: cleanParsed(outcome.parsed) } : outcome
}

function cleanParsed(parsed: ParsedFile): ParsedFile {
  const columns = parsed.readings.map(oncePerTime)
  const repeated = columns.reduce((sum, column) => sum + column.repeated, 0)
  const told = `${repeated} values stand at a time that the file gives again; of each time the last one counts`
  return {
    ...parsed,
    readings: columns.map(({ series }) => series),
    source: cleanText(parsed.source),
    rejected: cleanText(parsed.rejected),
    warnings: cleanText([...parsed.warnings, ...(repeated ? [{ code: 'times_repeated', detail: told }] : [])]),
    unused: cleanText(parsed.unused),
    sessions: parsed.sessions.map(({ track, streams, ...session }) => ({
      ...cleanText(session),
      ...(track && { track }),
      ...(streams && { streams }),
    })),
  }
}
