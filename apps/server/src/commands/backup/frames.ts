import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { constants, createZstdDecompress } from 'node:zlib'
import { CommandError } from '../../accounts/commands.ts'
import { backupMagic, type FrameKind, frameKinds } from './layout.ts'

export const mostRows = 1 << 20
/** The list of tables is the longest of the others. */
const mostFrame = 8 << 20
/** Far more than COPY ever shrinks, and far less than a bomb. */
const mostShrinking = 1_000
const alwaysAllowed = 64 << 20

export const zstdParams = { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 }

export interface Frame {
  kind: FrameKind
  bytes: Buffer
}

export async function writeFrame(out: Writable, kind: FrameKind, bytes: Buffer | object): Promise<void> {
  const body = Buffer.isBuffer(bytes) ? bytes : Buffer.from(JSON.stringify(bytes))
  const head = Buffer.alloc(5)
  head.writeUInt8(kind)
  head.writeUInt32LE(body.length, 1)
  out.write(head)
  if (!out.write(body)) await once(out, 'drain')
}

export class BackupError extends CommandError {
  override name = 'BackupError'
}

/** The frames of a file, one in memory at a time. What is not a backup, or not a whole one, throws a BackupError in words. */
export async function* readFrames(path: string): AsyncGenerator<Frame> {
  const size = await sizeOf(path)
  await checkMagic(path)
  const stream = createReadStream(path, { start: backupMagic.length }).on('error', (error) => unzipped.destroy(error))
  const unzipped = createZstdDecompress()
  stream.pipe(unzipped)
  let waiting: Buffer = Buffer.alloc(0)
  let total = 0
  try {
    for await (const chunk of unzipped as AsyncIterable<Buffer>) {
      total += chunk.length
      if (total > alwaysAllowed && total > size * mostShrinking)
        throw new BackupError(`${path} unpacks to far more than a backup would`)
      waiting = waiting.length ? Buffer.concat([waiting, chunk]) : chunk
      for (;;) {
        if (waiting.length < 5) break
        const kind = waiting.readUInt8(0)
        const length = waiting.readUInt32LE(1)
        if (!isKind(kind) || length > mostFrame)
          throw new BackupError(`${path} is damaged: a part of it is of no known kind`)
        if (waiting.length < 5 + length) break
        yield { kind, bytes: waiting.subarray(5, 5 + length) }
        waiting = waiting.subarray(5 + length)
      }
    }
  } catch (error) {
    throw isZstdError(error)
      ? new BackupError(`${path} is damaged or was cut off (${(error as Error).message})`)
      : error
  } finally {
    stream.destroy()
    unzipped.destroy()
  }
  if (waiting.length) throw new BackupError(`${path} was cut off`)
}

const isKind = (kind: number): kind is FrameKind => (Object.values(frameKinds) as number[]).includes(kind)

const isZstdError = (error: unknown): boolean => {
  const { code = '' } = error as NodeJS.ErrnoException
  return code.startsWith('ZSTD_') || code.startsWith('Z_') || code === 'ERR_ZLIB_INITIALIZATION_FAILED'
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path)
    if (!found.isFile()) throw new BackupError(`${path} is no file`)
    return found.size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new BackupError(`there is no ${path}`)
    throw error
  }
}

async function checkMagic(path: string): Promise<void> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(backupMagic.length), 0, backupMagic.length, 0)
    const said = buffer.subarray(0, bytesRead).toString('latin1')
    if (said === backupMagic) return
    const isNewer = /^TRIBUTARY BACKUP \d/.test(said)
    throw new BackupError(
      isNewer
        ? `${path} was written by a newer version: restore it with that one`
        : `${path} is no backup of Tributary`,
    )
  } finally {
    await file.close()
  }
}
