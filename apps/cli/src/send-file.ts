import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { type Client, ProblemError } from '@tributary/sdk'
import { CommandError } from './exit.ts'

type Import = Awaited<ReturnType<Client['getImport']>>
export type FileResult = Import['files'][number]
type OnProgress = (part: number, doing: string) => void

const attempts = 5
const askEveryMs = 250
/** Sending is the first half of the bar, reading the second. */
const half = 0.5

/** Sends one file, waits until the server has read it, and answers what it found. */
export async function sendFile(
  client: Client,
  path: string,
  onProgress: OnProgress,
): Promise<{ importId: string; file: FileResult }> {
  const { size } = await stat(path)
  if (size === 0) throw new CommandError('the file is empty')
  const { import_id } = await whenThereIsRoom(() => upload(client, path, size, onProgress))
  for (;;) {
    const made = await client.getImport({ params: { import_id } })
    if (made.status !== 'queued' && made.status !== 'reading') return { importId: import_id, file: onlyFileOf(made) }
    onProgress(half + (half * made.bytes) / Math.max(1, made.bytes_total), 'reading')
    await pause(askEveryMs)
  }
}

function upload(client: Client, path: string, size: number, onProgress: OnProgress): Promise<{ import_id: string }> {
  let sent = 0
  const file = createReadStream(path).on('data', (chunk) => {
    sent += chunk.length
    onProgress((half * sent) / size, 'sending')
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

function onlyFileOf({ files: [file] }: Import): FileResult {
  if (!file) throw new CommandError('the server answered an import without a file')
  return file
}
