/**
 * What is kept of a record that was refused: on the first line where it stood and what else its reader must know to read it again,
 * below that the record as it stood.
 */
import { isRecord } from '../json/records.ts'
import { FormatError } from '../parsed-file.ts'
import type { ArchiveEntry, Piece } from '../piece.ts'
import { asOnePiece, type PieceBuilder } from '../piece-builder.ts'

const longest = 8_000

export function keptRecord(where: object, text: string): string {
  const whole = `${JSON.stringify(where)}\n${text}`
  if (whole.length <= longest) return whole
  return `${JSON.stringify({ ...where, isCut: true })}\n${text}`.slice(0, longest)
}

export function openKept(raw: string): { where: Readonly<Record<string, unknown>>; text: string } {
  const end = raw.indexOf('\n')
  const where = parsed(raw.slice(0, Math.max(0, end)))
  if (where['isCut'] === true)
    throw new FormatError('raw_cut', 'the record is too long to be kept whole: import its file again')
  return { where, text: raw.slice(end + 1) }
}

function parsed(line: string): Record<string, unknown> {
  try {
    const where: unknown = JSON.parse(line)
    if (isRecord(where)) return where
  } catch (error) {
    throw broken(error)
  }
  throw broken(undefined)
}

const broken = (cause: unknown) =>
  new FormatError('raw_broken', 'the record does not say where it stood: import its file again', cause)

/** One text as an entry of an archive. */
export function entryOf(path: string, text: string): ArchiveEntry {
  const bytes = Buffer.from(text)
  return {
    path,
    size: bytes.length,
    async *chunks() {
      yield bytes
    },
  }
}

export const partOfDay = () =>
  new FormatError(
    'part_of_day',
    'this record is one part of a day’s sum, which is read only as a whole: import its file again',
  )

export const partOfNight = () =>
  new FormatError(
    'part_of_night',
    'this record is one part of a night, which is read only as a whole: import its file again',
  )

/** What a record gave that was tried again; a part of it that is refused again is among its `unusable`. */
export function replayed(gather: PieceBuilder): Piece {
  const piece = asOnePiece([...gather.rest()])
  if (piece) return piece
  const [refused] = gather.losses.rejected
  throw new FormatError(refused?.code ?? 'empty', refused?.detail ?? 'the record has no meaning to us')
}
