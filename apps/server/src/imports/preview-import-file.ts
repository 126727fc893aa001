/** The first rows of a table, and what they suggest. Only its head is looked at. */
import { guessMapping, gunzipped, sniff, sniffCsv, sniffLength } from '@tributary/formats'
import { routes } from '@tributary/protocol'
import { readFilePart } from '../platform/files/file-parts.queries.ts'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { findFileAt } from './csv-mappings.queries.ts'

export const previewImportFile = handle(routes.previewImportFile, async (call) => {
  const { userId } = call.caller
  const { import_id: importId, position } = call.params
  const head = await call.read(async (tx) => {
    const file = await findFileAt(tx, userId, importId, position)
    if (!file) throw new Problem('not_found')
    return (await readFilePart(tx, userId, file.file_id, 0)) ?? Buffer.alloc(0)
  })
  const table = sniffCsv(await unpacked(head))
  if (!table) throw new Problem('file_unreadable', 'This file is no table')
  const { delimiter, columns, rows } = table
  return { delimiter, columns, rows, guess: guessMapping(columns, rows) }
})

async function unpacked(head: Buffer): Promise<Uint8Array> {
  if (sniff(head) !== 'gzip') return head.subarray(0, sniffLength)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of gunzipped(one(head), () => undefined)) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= sniffLength) break
  }
  return Buffer.concat(chunks).subarray(0, sniffLength)
}

async function* one(head: Buffer): AsyncGenerator<Uint8Array> {
  yield head
}
