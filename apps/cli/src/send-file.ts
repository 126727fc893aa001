import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { type Client, ProblemError } from '@tributary/sdk'
import type { Connection } from './connection.ts'
import { CommandError } from './exit.ts'
import { uploadInPieces } from './resumable-upload.ts'
import { inWords } from './time-words.ts'

export type Import = Awaited<ReturnType<Client['getImport']>>
type OnProgress = (part: number, doing: string) => void

const attempts = 5
const askEveryMs = 250
/** Sending is the first half of the bar, reading the second. */
const half = 0.5
/** What one request takes is 100 MB; above this a broken line would cost too much anyway. */
const inOneRequest = 50_000_000

/** Sends one file, waits until the server has read it, and answers what it found. */
export async function sendFile(connection: Connection, path: string, onProgress: OnProgress): Promise<Import> {
  const { client } = connection
  const { size } = await stat(path)
  if (size === 0) throw new CommandError('the file is empty')
  const onSent = (sent: number) => onProgress((half * sent) / size, 'sending')
  const import_id =
    size > inOneRequest
      ? await uploadInPieces(connection, path, size, onSent)
      : (await whenThereIsRoom(() => upload(client, path, onSent))).import_id
  for (;;) {
    const made = await client.getImport({ params: { import_id } })
    if (made.status !== 'queued' && made.status !== 'reading') return made
    const left = made.eta_seconds ? `, ${inWords(made.eta_seconds)} left` : ''
    onProgress(half + (half * made.bytes) / Math.max(1, made.bytes_total), `reading${left}`)
    await pause(askEveryMs)
  }
}

function upload(client: Client, path: string, onSent: (sent: number) => void): Promise<{ import_id: string }> {
  let sent = 0
  const file = createReadStream(path).on('data', (chunk) => {
    sent += chunk.length
    onSent(sent)
  })
  return client.createImport({
    query: { filename: basename(path) },
    raw: Readable.toWeb(file) as ReadableStream<Uint8Array>,
    contentType: 'application/octet-stream',
  })
}

/** A server that has enough to do says when to come again. */
async function whenThereIsRoom<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ProblemError) || error.retryAfter === undefined || attempt === attempts) throw error
      await pause(error.retryAfter * 1_000)
    }
  }
}
