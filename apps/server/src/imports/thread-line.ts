import type { MessagePort } from 'node:worker_threads'
import type { ParseOutcome, StoredFile } from './parse-file.ts'

export interface ThreadLine {
  /** Never settles when the thread dies; its run does then. */
  outcome: Promise<ParseOutcome>
  /** Aborted when the file's bytes cannot be read, with the reason. */
  broken: AbortSignal
}

/** Our end of the line to a parsing thread: it asks for one part after the other and at last says what became of the file. */
export function listenToThread(port: MessagePort, file: StoredFile): ThreadLine {
  const failure = new AbortController()
  const sendPart = async () => {
    try {
      const part = await file.nextPart()
      port.postMessage(part, part ? [part.buffer] : [])
    } catch (error) {
      failure.abort(error)
    }
  }
  const outcome = new Promise<ParseOutcome>((resolve) => {
    port.on('message', (message: 'more' | ParseOutcome) => {
      if (message === 'more') void sendPart()
      else resolve(message)
    })
  })
  return { outcome, broken: failure.signal }
}
