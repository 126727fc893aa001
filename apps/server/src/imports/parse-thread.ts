/**
 * Runs in a worker thread of its own, because files are hostile until they are parsed: what crashes, swells or never ends here
 * costs one file. The bytes are asked for stretch by stretch, and what was read is handed over piece by piece, so that a file of
 * gigabytes never stands whole in memory.
 */
import { FormatError } from '@tributary/formats'
import { Line } from './ask-main.ts'
import { buffersOf } from './moved-buffers.ts'
import { readAnyFile } from './read-any-file.ts'
import type { ParseOutcome, ParseTask } from './thread-messages.ts'

/** Sends the outcome through the task's port. No task: only load the code. */
export default async function parse(task: ParseTask | null): Promise<void> {
  if (!task) return
  const line = new Line(task.port, task.bytes)
  const outcome = await attempt(line, task)
  line.end(outcome, 'parsed' in outcome ? buffersOf(outcome.parsed) : [])
}

async function attempt(line: Line, task: ParseTask): Promise<ParseOutcome> {
  try {
    return await readAnyFile(line, task)
  } catch (error) {
    if (error instanceof FormatError) return { refused: { code: error.code, detail: error.detail } }
    throw error
  }
}
