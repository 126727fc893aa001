import { routes } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../platform/db/database.ts'
import { Replay } from '../platform/http/call.ts'
import { toProblem } from '../platform/http/errors.ts'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { type ArrivedFile, ArrivingFiles } from './arriving-files.ts'
import { claimFile, countPartBytes, deleteUnclaimedParts, insertPart } from './files.queries.ts'
import { insertImport } from './imports.queries.ts'
import { receiveUpload } from './receive-upload.ts'

/** Answered once every byte and the import itself are durable; reading the files comes after (importer.ts). */
export const createImport = handle(
  routes.createImport,
  async (call, { db, imports }) => {
    imports.warm()
    const { userId } = call.caller
    const arriving = new ArrivingFiles(db, userId)
    try {
      await receiveUpload(call.request, call.query.filename, arriving)
      const importId = uuidv7()
      const fingerprint = arriving.files.map(({ name, hash }) => `${name}\n${hash.toString('hex')}`).join('\n')
      const made = await call.write((tx) => keep(tx, userId, importId, arriving.files), {
        target: importId,
        fingerprint,
      })
      imports.wake()
      return made
    } catch (error) {
      if (isRefusal(error)) await arriving.forget()
      if (!call.request.raw.readableEnded) hangUp(call)
      throw error
    }
  },
  { raw: true },
)

/** Nothing was committed, for certain. After any other error it may have been; the sweep will know. */
const isRefusal = (error: unknown): boolean => error instanceof Replay || (toProblem(error)?.status ?? 500) < 500

async function keep(
  tx: Write,
  userId: string,
  importId: string,
  files: readonly ArrivedFile[],
): Promise<{ import_id: string }> {
  const ids = new Map<ArrivedFile, string>()
  // Always in one order: two uploads of the same files would else wait for each other.
  for (const file of files.toSorted((a, b) => a.hash.compare(b.hash))) ids.set(file, await keepFile(tx, userId, file))
  const kept = files.map((file) => ({ ...file, fileId: must(ids.get(file), 'each file was kept') }))
  await insertImport(tx, { userId, importId, files: kept })
  return { import_id: importId }
}

/** The id under which the file's content is kept: its own, or that of the same bytes sent before. */
async function keepFile(tx: Write, userId: string, { fileId, hash, bytes, held, parts }: ArrivedFile): Promise<string> {
  const keptAs = await claimFile(tx, { userId, fileId, hash, bytes })
  if (keptAs !== fileId) {
    if (parts) await deleteUnclaimedParts(tx, userId, [fileId])
    return keptAs
  }
  if (held) await insertPart(tx, { userId, fileId, part: 0, data: held })
  else if ((await countPartBytes(tx, userId, fileId)) !== bytes)
    throw new Problem('invalid_request', 'The upload took more than a day')
  return fileId
}

/** The rest of a refused upload is read and thrown away, so that the sender gets to see the answer; then the line is cut. */
function hangUp({
  request,
  reply,
}: {
  request: { raw: NodeJS.ReadableStream }
  reply: { header(name: string, value: string): unknown }
}): void {
  reply.header('connection', 'close')
  request.raw.resume()
}
