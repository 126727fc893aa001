/**
 * Runs in a worker thread of its own, because files are hostile until they are parsed: what crashes, swells or never ends here
 * costs one file. The bytes are asked for part by part, so that a large file never stands whole in memory.
 */
import { once } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import { FormatError, type ParsedFile, parseActivity } from '@tributary/formats'
import type { ParseOutcome, ParseTask } from './parse-file.ts'

/** Sends the outcome through the task's port, where the columns change hands instead of being copied. No task: only load the code. */
export default async function parse(task: ParseTask | null): Promise<void> {
  if (!task) return
  const { port, filename, now } = task
  const outcome = await attempt(port, filename, now)
  port.postMessage(outcome, 'parsed' in outcome ? buffersOf(outcome.parsed) : [])
}

async function attempt(port: MessagePort, filename: string, now: number): Promise<ParseOutcome> {
  try {
    return { parsed: await parseActivity(askForParts(port), { filename, now }) }
  } catch (error) {
    if (error instanceof FormatError) return { refused: { code: error.code, detail: error.detail } }
    throw error
  }
}

async function* askForParts(port: MessagePort): AsyncGenerator<Uint8Array> {
  for (;;) {
    const answer = once(port, 'message')
    port.postMessage('more')
    const [part] = (await answer) as [Uint8Array | null]
    if (part === null) return
    yield part
  }
}

function buffersOf({ readings, sessions }: ParsedFile): ArrayBuffer[] {
  const columns = [
    ...readings.flatMap(({ t, v, durations, qualities, offsets, places }) => [
      t,
      v,
      durations,
      qualities,
      offsets,
      places,
    ]),
    ...sessions.flatMap(({ track, streams }) => [
      ...(track ? [track.t, track.lat, track.lon, track.ele] : []),
      ...Object.values(streams ?? {}).flatMap(({ t, v }) => [t, v]),
    ]),
  ]
  return [...new Set(columns.flatMap((column) => (column ? [column.buffer as ArrayBuffer] : [])))]
}
