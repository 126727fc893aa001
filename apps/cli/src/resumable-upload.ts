/** A large file in pieces (tus 1.0): a line that breaks costs a piece, not the file. */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ProblemError } from '@tributary/sdk'
import type { Connection } from './connection.ts'
import { CommandError } from './exit.ts'

const pieceBytes = 16_000_000
/** In a row, without a byte getting through. */
const attempts = 8
const longestPauseMs = 10_000

/** Answers the id of the import that the file became. */
export async function uploadInPieces(
  { url, token }: Connection,
  path: string,
  size: number,
  onSent: (bytes: number) => void,
): Promise<string> {
  const ask = async (
    method: string,
    address: string,
    headers: Record<string, string>,
    body?: Uint8Array<ArrayBuffer>,
  ) => {
    const answer = await fetch(new URL(address, `${url}/`), {
      method,
      headers: { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0', ...headers },
      ...(body ? { body } : {}),
    })
    if (answer.ok) return answer
    const problem = await answer.json().catch(() => ({})) // a proxy may answer in its own way
    throw new ProblemError(answer.status, problem as object, Number(answer.headers.get('retry-after')) || undefined)
  }
  const name = Buffer.from(basename(path)).toString('base64')
  const made = await ask('POST', '/api/v1/uploads', {
    'upload-length': String(size),
    'upload-metadata': `filename ${name}`,
  })
  const place = made.headers.get('location')
  if (!place) throw new CommandError('the server did not say where to send the file')
  const file = await open(path)
  try {
    for (let offset = 0, failures = 0; ; ) {
      try {
        const piece = new Uint8Array(Math.min(pieceBytes, size - offset))
        await file.read(piece, 0, piece.length, offset)
        const answer =
          offset < size
            ? await ask(
                'PATCH',
                place,
                { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
                piece,
              )
            : await ask('HEAD', place, {})
        offset = Number(answer.headers.get('upload-offset') ?? offset)
        failures = 0
        onSent(offset)
        const importId = answer.headers.get('tributary-import-id')
        if (importId) return importId
        if (offset >= size && ++failures > attempts)
          throw new CommandError('the server has the file, but does not read it')
      } catch (error) {
        if (!isPassing(error) || ++failures > attempts) throw error
        await pause(Math.min(longestPauseMs, 250 * 2 ** failures))
        offset = await whereItStands(ask, place, offset)
      }
    }
  } finally {
    await file.close()
  }
}

type Ask = (method: string, address: string, headers: Record<string, string>) => Promise<Response>

/** How much came through of a piece whose answer was lost. */
async function whereItStands(ask: Ask, place: string, offset: number): Promise<number> {
  try {
    return Number((await ask('HEAD', place, {})).headers.get('upload-offset') ?? offset)
  } catch (error) {
    if (isPassing(error)) return offset
    throw error
  }
}

/** The line, or a server that is busy or starting: not what is wrong with the file or the caller. */
function isPassing(error: unknown): boolean {
  if (error instanceof ProblemError) return error.status >= 500 || error.status === 429 || error.status === 409 // 409: another piece came first
  return error instanceof TypeError
}
