import type { MessagePort } from 'node:worker_threads'
import type { StoredFile, Taker } from './parse-file.ts'
import type { FromThread, ParseOutcome, ToThread } from './thread-messages.ts'

export interface ThreadLine {
  /** Never settles when the thread dies; its run does then. */
  outcome: Promise<ParseOutcome>
  /** Aborted when the file's bytes cannot be read or what was read cannot be stored, with the reason. */
  broken: AbortSignal
  /** Aborted when the thread was silent for too long while nobody kept it waiting. */
  late: AbortSignal
  close(): void
}

/** Our end of the line to a parsing thread: it asks for bytes, hands over what it read, and says at last what became of the file. */
export function listenToThread(port: MessagePort, file: StoredFile, taker: Taker, silentMs: number): ThreadLine {
  const failure = new AbortController()
  const lateness = new AbortController()
  const { promise: outcome, resolve } = Promise.withResolvers<ParseOutcome>()
  let owed = 0
  let alarm: NodeJS.Timeout | undefined
  /** The thread's time runs from its first word on, while it owes us something and not while we owe it. */
  const listen = () => {
    clearTimeout(alarm)
    if (owed === 0) alarm = setTimeout(() => lateness.abort(), silentMs)
  }
  const serve = async (message: Exclude<FromThread, { outcome: unknown }>) => {
    owed++
    listen()
    try {
      const [answer, moved] = await answerTo(message, file, taker)
      port.postMessage(answer, moved)
      owed--
      listen()
    } catch (error) {
      failure.abort(error)
    }
  }
  // What is handed over is stored one after the other, in the order it came; bytes are read meanwhile.
  let taking = Promise.resolve()
  port.on('message', (message: FromThread) => {
    if ('outcome' in message) taking = taking.then(() => resolve(message.outcome))
    else if ('read' in message) void serve(message)
    else taking = taking.then(() => (failure.signal.aborted ? undefined : serve(message)))
  })
  return { outcome, broken: failure.signal, late: lateness.signal, close: () => clearTimeout(alarm) }
}

async function answerTo(
  message: Exclude<FromThread, { outcome: unknown }>,
  file: StoredFile,
  taker: Taker,
): Promise<[ToThread, ArrayBuffer[]]> {
  if ('read' in message) {
    const bytes = await file.readAt(message.offset, message.length)
    return [{ read: message.read, bytes }, [bytes.buffer]]
  }
  if ('piece' in message) await taker.piece(message.piece, message.format)
  else await taker.part(message.part)
  return ['taken', []]
}
