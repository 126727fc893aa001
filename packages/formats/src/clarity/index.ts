import { tableOf } from '@tributary/protocol'
import { textOf } from '../csv/head-text.ts'
import { csvRows } from '../csv/rows.ts'
import { written } from '../csv/table.ts'
import { FormatError } from '../parsed-file.ts'
import type { FileInput, FileReader, Piece, PieceSource, Pieces, ReadOptions } from '../piece.ts'
import { asOnePiece, PieceBuilder } from '../piece-builder.ts'
import { Events, Unfit } from './events.ts'

const format = 'dexcom_clarity'
const longestRaw = 8000

/** The table that a person gets from Dexcom Clarity: glucose, fingersticks and what they entered. */
export const clarity: FileReader = {
  format,
  title: 'Dexcom Clarity',
  recognises(head) {
    return /^"?Index"?,"?Timestamp \(YYYY-MM-DDThh:mm:ss\)"?,"?Event Type"?,/.test(textOf(head) ?? '')
  },
  read,
  replay,
}

async function* read(input: FileInput): Pieces {
  const pieces = new PieceBuilder()
  const rows = csvRows(pieces.counted(input.chunks()), ',', (detail) => pieces.losses.warn('encoding_wrong', detail))
  let table: ClarityTable | undefined
  try {
    for await (const batch of rows) {
      for (const row of batch) {
        if (table) table.take(row, ++pieces.records)
        else table = new ClarityTable(row, input, pieces)
      }
      yield* pieces.ready()
    }
  } catch (error) {
    // What came before an unreadable row is good.
    if (!(error instanceof FormatError) || !pieces.records) throw error
    pieces.losses.warn(error.code, `after row ${pieces.records}: ${error.detail}`)
  }
  if (!table) throw new FormatError('empty', 'the table has no rows')
  yield* pieces.rest()
  table.nameUnused()
  return pieces.ending(format)
}

async function replay(raw: string, options: ReadOptions): Promise<Piece> {
  const pieces = new PieceBuilder()
  const rows: string[][] = []
  for await (const batch of csvRows(onePiece(raw), ',', () => undefined)) rows.push(...batch)
  const [header, row] = rows
  if (!header || !row) throw new FormatError('raw_broken', 'the record does not hold a header and a row')
  new ClarityTable(header, options, pieces).take(row, 0)
  const piece = asOnePiece([...pieces.rest()])
  if (!piece) throw new FormatError('raw_broken', 'the record is of a kind that tells nothing')
  return piece
}

async function* onePiece(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

const unknown: PieceSource = { key: 'dexcom', name: 'Dexcom', manufacturer: 'Dexcom' }

/** Columns that say nothing, or nothing that anybody here needs to know. */
const unusedColumns: Readonly<Record<string, string>> = tableOf({
  Index: 'the number of the row',
  'Patient Info': 'who it is about is not kept',
  'Device Info': 'what shows the values, not what measured',
  'Transmitter Time (Long Integer)': 'the sensor’s own clock',
  'Transmitter ID': 'a sensor lives days; its generation is the device',
})

/** A header, and row after row below it. The first rows name the person, their devices and alerts, and are passed over. */
class ClarityTable {
  readonly #header: string[]
  readonly #events: Events
  readonly #pieces: PieceBuilder

  constructor(header: string[], options: ReadOptions, pieces: PieceBuilder) {
    this.#header = header
    this.#pieces = pieces
    this.#events = new Events(header, options, pieces)
  }

  /** `place`: the number of the row below the header. */
  take(row: string[], place: number): void {
    try {
      const reason = this.#events.take(row, place)
      if (reason) this.#pieces.losses.leaveUnused(this.#events.typeOf(row), 1, reason)
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      const { code, message: detail } = error
      const raw = [this.#header, row]
        .map((cells) => written(cells, ','))
        .join('\n')
        .slice(0, longestRaw)
      this.#pieces.losses.reject(place, code, detail)
      this.#pieces.unusable(unknown, { index: place, code, detail, raw })
    }
  }

  nameUnused(): void {
    for (const [name, reason] of Object.entries(unusedColumns))
      if (this.#header.includes(name)) this.#pieces.losses.leaveUnused(name, this.#pieces.records, reason)
  }
}
