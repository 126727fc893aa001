/** json, ndjson and csv: a value a row. */
import { noOffset } from '../platform/samples/points.ts'
import type { ExportTally } from './tally.ts'
import { type Block, rowColumns, rowText } from './value-rows.ts'

const chunkLength = 65_536

export type TextFormat = 'json' | 'ndjson' | 'csv'

export async function* writeText(
  format: TextFormat,
  blocks: AsyncIterable<Block>,
  tally: ExportTally,
): AsyncGenerator<Buffer> {
  let text = format === 'json' ? '[' : format === 'csv' ? `${rowColumns.join(',')}\r\n` : ''
  let rows = 0
  for await (const block of blocks) {
    const write = format === 'csv' ? csvWriter(block) : jsonWriter(block)
    for (let i = 0; i < block.n; i++) {
      if (format === 'json') text += rows ? ',\n' : '\n'
      text += write(i)
      if (format !== 'json') text += format === 'csv' ? '\r\n' : '\n'
      rows++
      if (text.length < chunkLength) continue
      yield Buffer.from(text)
      text = ''
    }
    if (block.kind === 'sample') tally.samples += block.n
  }
  yield Buffer.from(format === 'json' ? `${text}\n]\n` : text)
}

function jsonWriter(block: Block): (i: number) => string {
  const { kind, metric, unit, source, value, word, quality, offset } = block
  const head = JSON.stringify({ kind, metric, unit, source }).slice(0, -1)
  return (i) => {
    const { start, end, method } = rowText(block, i)
    const said = word?.[i] ?? null
    return `${head},"start":"${start}","end":${end ? `"${end}"` : null},"value":${numberOrNull(value[i])},"word":${said === null ? null : JSON.stringify(said)},"quality":${numberOrNull(quality[i])},"utc_offset_minutes":${offset[i] === noOffset ? null : offset[i]},"method":${method ? `"${method}"` : null}}`
  }
}

const numberOrNull = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value)

/** RFC 4180. */
function csvWriter(block: Block): (i: number) => string {
  const { kind, metric, unit, source, value, word, quality, offset } = block
  const head = [kind, metric, unit, source].map(csvField).join(',')
  return (i) => {
    const { start, end, method } = rowText(block, i)
    const zone = offset[i] === noOffset ? '' : offset[i]
    return `${head},${start},${end ?? ''},${numberOrNull(value[i]) ?? ''},${csvField(word?.[i] ?? '')},${numberOrNull(quality[i]) ?? ''},${zone},${method ?? ''}`
  }
}

/** What begins like a formula is kept from being one: a device may have any name, and spreadsheets run what they open. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
