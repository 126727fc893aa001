import { routes } from '@tributary/protocol'
import type { Database } from '../platform/db/database.ts'
import { handle, sent } from '../platform/http/handle.ts'
import { sendParts } from '../platform/http/send-parts.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { type ExportRow, findExport, readExportPart } from './exports.queries.ts'

export const downloadExport = handle(routes.downloadExport, async (call, { db }) => {
  const row = await call.read((tx) => findExport(tx, call.caller.userId, call.params.export_id))
  if (!row) throw new Problem('not_found')
  if (row.status !== 'done') throw new Problem('export_not_ready')
  const etag = `"${must(row.content_hash, 'an export that is done has its hash').toString('base64url')}"`
  call.reply.header('etag', etag)
  if (call.request.headers['if-none-match'] === etag) {
    call.reply.code(304).send()
    return sent
  }
  // Text shrinks on its way by ten; these are packed already, and packing them again would only cost.
  if (row.format === 'tributary' || row.format === 'parquet') call.request.headers['x-no-compression'] = '1'
  sendParts(call, { name: row.file_name, bytes: row.bytes }, () => partsOf(db, row))
  return sent
})

async function* partsOf(
  db: Database,
  { user_id: userId, export_id: exportId, bytes }: ExportRow,
): AsyncGenerator<Buffer> {
  for (let part = 0, left = bytes; left > 0; part++) {
    const data = await db.read({ userId }, (tx) => readExportPart(tx, userId, exportId, part))
    if (!data) throw new Error('the export was deleted while it was sent') // the connection breaks off, as it must
    left -= data.length
    yield data
  }
}
