import { routes } from '@tributary/protocol'
import type { Database } from '../platform/db/database.ts'
import { readFilePart } from '../platform/files/file-parts.queries.ts'
import { handle, sent } from '../platform/http/handle.ts'
import { sendParts } from '../platform/http/send-parts.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { mustFindSession } from './find-session.ts'
import { findFile } from './sessions.queries.ts'
import { placesToLook } from './tellings.ts'

export const getFile = handle(routes.getFile, async (call, { db }) => {
  const { userId } = call.caller
  const file = await call.read(async (tx) => {
    const session = await mustFindSession(tx, userId, call.params.session_id)
    const place = (await placesToLook(tx, userId, session)).find(({ file_id }) => file_id !== null)
    if (!place?.file_id) return undefined
    const stored = must(await findFile(tx, userId, place.file_id), 'a file that is named is there')
    return { fileId: place.file_id, name: place.file_name ?? 'activity', bytes: stored.bytes }
  })
  if (!file) throw new Problem('not_found')
  sendParts(call, file, () => partsOf(db, userId, file.fileId, file.bytes))
  return sent
})

async function* partsOf(db: Database, userId: string, fileId: string, bytes: number): AsyncGenerator<Buffer> {
  for (let part = 0, left = bytes; left > 0; part++) {
    const data = await db.read({ userId }, (tx) => readFilePart(tx, userId, fileId, part))
    left -= must(data, 'a file has all of its parts').length
    yield data as Buffer
  }
}
