import type { Measured, SessionReading } from '@tributary/protocol'
import type { Ending, FileInput, FileReader, Piece, Pieces, ReadOptions } from '../piece.ts'

/** A file in memory; `chunk` says how it comes. */
export function inputOf(
  bytes: Uint8Array,
  options: Partial<ReadOptions> & { name?: string; chunk?: number } = {},
): FileInput {
  const { name = 'file', chunk = 65_536, now = Date.UTC(2027, 0, 1), timeZone = 'Europe/Warsaw' } = options
  return {
    name,
    now,
    timeZone,
    size: bytes.length,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
    },
    readAt: async (offset, length) => bytes.subarray(offset, offset + length),
  }
}

export interface ReadWhole {
  pieces: Piece[]
  ending: Ending
  readings: Measured[]
  sessions: SessionReading[]
}

/** All that a reader gives. */
export async function readWhole(pieces: Pieces): Promise<ReadWhole> {
  const all: Piece[] = []
  for (;;) {
    const next = await pieces.next()
    if (next.done) {
      return {
        pieces: all,
        ending: next.value,
        readings: all.flatMap((piece) => piece.readings),
        sessions: all.flatMap((piece) => piece.sessions),
      }
    }
    all.push(next.value)
  }
}

export function readFile(
  reader: FileReader,
  bytes: Uint8Array,
  options?: Parameters<typeof inputOf>[1],
): Promise<ReadWhole> {
  return readWhole(reader.read(inputOf(bytes, options)))
}

/** Every value of the series as a row a person can compare: metric, start, value, length in seconds. */
export function rowsOf(
  readings: readonly Measured[],
): [metric: string, start: string, value: number, seconds?: number][] {
  return readings.flatMap((reading) => {
    if (reading.kind !== 'series') return []
    return Array.from(reading.t, (t, i): [string, string, number, number?] => {
      const row: [string, string, number] = [
        reading.metric,
        new Date(t).toISOString().slice(0, 19),
        reading.v[i] as number,
      ]
      return reading.durations ? [...row, (reading.durations[i] as number) / 1000] : row
    })
  })
}

/** What holds for every piece, whatever the bytes were; each fault in words. */
export function pieceFaults({ pieces, ending }: ReadWhole, bytes: number, now: number): string[] {
  const faults: string[] = []
  const say = (fault: string) => faults.push(fault)
  const timely = (t: number) => Number.isFinite(t) && t >= Date.UTC(1900, 0, 1) && t <= now + 86_400_000
  let values = 0
  for (const { readings, sessions, unusable } of pieces) {
    const series = readings.filter((reading) => reading.kind === 'series')
    if (series.length && (series.length < readings.length || sessions.length)) say('a piece of series and of rows')
    let inPiece = 0
    for (const { metric, t, v, durations, offsets, places } of series) {
      inPiece += t.length
      if ([v, durations, offsets, places].some((column) => column && column.length !== t.length))
        say(`${metric}: columns differ`)
      if (!t.every(timely)) say(`${metric}: a time that cannot be`)
      if (!v.every(Number.isFinite)) say(`${metric}: a value that is not finite`)
      if (durations?.some((one) => !(one >= 0 && Number.isFinite(one)))) say(`${metric}: a length below 0`)
      if (t.some((one, i) => i > 0 && one < (t[i - 1] as number))) say(`${metric}: not sorted`)
    }
    if (inPiece > 100_000) say(`${inPiece} values in one piece`)
    values += inPiece + readings.length + sessions.length
    for (const { start, end, totals, parts } of sessions) {
      if (!timely(start) || !timely(end) || end < start) say('a session outside its time')
      if (!Object.values(totals).every(Number.isFinite)) say('a total that is not finite')
      if (parts.some((part) => !(part.end >= part.start))) say('a part that ends before it starts')
    }
    for (const reading of readings) {
      if (reading.kind === 'day' && !(/^\d{4}-\d\d-\d\d$/.test(reading.date) && Number.isFinite(reading.value)))
        say('a day that is none')
      if (reading.kind === 'event' && !timely(reading.start)) say('an event outside its time')
    }
    if (unusable.some(({ raw }) => raw.length > 8000)) say('a raw record that is too long')
  }
  if (values > 1000 + bytes * 20) say(`${values} values from ${bytes} bytes`)
  if (ending.rejected.length > 100) say('more than a hundred rejections listed')
  return faults
}
