/** Parquet: the same rows in columns, a row group at a time, so that memory holds one group however long the file gets. */
import { recordingMethods } from '@tributary/protocol'
import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { noOffset } from '../platform/samples/points.ts'
import type { ExportTally } from './tally.ts'
import { type Block, rowColumns } from './value-rows.ts'

/** Large enough that a reader skips well, small enough that a group's rows as objects are some tens of megabytes. */
const groupRows = 32_768

const text = (name: string, repetition_type: 'REQUIRED' | 'OPTIONAL'): SchemaElement => ({
  name,
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  repetition_type,
})
const time = (name: string, repetition_type: 'REQUIRED' | 'OPTIONAL'): SchemaElement => ({
  name,
  type: 'INT64',
  converted_type: 'TIMESTAMP_MILLIS',
  repetition_type,
})
const figure = (name: string): SchemaElement => ({ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' })

const schema: SchemaElement[] = [
  { name: 'tributary', num_children: rowColumns.length },
  text('kind', 'REQUIRED'),
  text('metric', 'REQUIRED'),
  text('unit', 'REQUIRED'),
  text('source', 'REQUIRED'),
  time('start', 'REQUIRED'),
  time('end', 'OPTIONAL'),
  figure('value'),
  text('word', 'OPTIONAL'),
  figure('quality'),
  { name: 'utc_offset_minutes', type: 'INT32', repetition_type: 'OPTIONAL' },
  text('method', 'OPTIONAL'),
]

export async function* writeParquet(blocks: AsyncIterable<Block>, tally: ExportTally): AsyncGenerator<Buffer> {
  const bytes = new DrainedWriter()
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy: 'tributary' })
  let group: Block[] = []
  let rows = 0
  const write = () => {
    writer.write({ columnData: columnsOf(group), rowGroupSize: rows })
    group = []
    rows = 0
    return bytes.drain()
  }
  for await (const block of blocks) {
    group.push(block)
    rows += block.n
    if (block.kind === 'sample') tally.samples += block.n
    if (rows >= groupRows) yield write()
  }
  if (rows) yield write()
  writer.finish()
  yield bytes.drain()
}

/** Gives what was written so far away; offsets go on counting. */
class DrainedWriter extends ByteWriter {
  drain(): Buffer {
    const taken = Buffer.from(this.getBytes())
    this.index = 0
    return taken
  }
}

type Value = string | number | Date | null

function columnsOf(blocks: readonly Block[]) {
  const column = (name: string, of: (block: Block, i: number) => Value) => ({
    name,
    data: blocks.flatMap((block) => Array.from({ length: block.n }, (_, i) => of(block, i))),
  })
  const orNull = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value)
  return [
    column('kind', ({ kind }) => kind),
    column('metric', ({ metric }) => metric),
    column('unit', ({ unit }) => unit),
    column('source', ({ source }) => source),
    column('start', ({ start }, i) => new Date(start[i] as number)),
    column('end', ({ end }, i) => (Number.isNaN(end[i]) ? null : new Date(end[i] as number))),
    column('value', ({ value }, i) => orNull(value[i])),
    column('word', ({ word }, i) => word?.[i] ?? null),
    column('quality', ({ quality }, i) => orNull(quality[i])),
    column('utc_offset_minutes', ({ offset }, i) => (offset[i] === noOffset ? null : (offset[i] as number))),
    column('method', ({ method }, i) => (method[i] ? (recordingMethods[method[i] as number] ?? null) : null)),
  ]
}
