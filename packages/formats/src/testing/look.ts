/** What was read, as a person compares it. */
import type { DayReading, EventReading, Measured, SeriesReading, SessionReading } from '@tributary/protocol'
import type { Read } from './read.ts'

/** Points of a metric as `[ISO time, value]`, with the length in seconds where there is one. */
export function pointsOf(read: Read, metric: string, key?: string): (readonly (string | number)[])[] {
  return seriesOf(read, metric, key).flatMap((series) =>
    [...series.t].map((t, i) => {
      const seconds = (series.durations?.[i] ?? 0) / 1000
      return [iso(t), series.v[i] as number, ...(seconds ? [seconds] : [])]
    }),
  )
}

export function seriesOf(read: Read, metric: string, key?: string): SeriesReading[] {
  return readingsOf(read, key).filter((one): one is SeriesReading => one.kind === 'series' && one.metric === metric)
}

export function daysOf(read: Read, metric: string): (readonly [string, number])[] {
  const days = read.readings.filter((one): one is DayReading => one.kind === 'day' && one.metric === metric)
  return days.map(({ date, value }) => [date, value])
}

export function eventsOf(read: Read): EventReading[] {
  return read.readings.filter((one): one is EventReading => one.kind === 'event')
}

export function sessionsOf({ sessions }: Read): SessionReading[] {
  return sessions
}

/** `deep 23:10–23:40` in UTC. */
export function stagesOf(session: SessionReading | undefined): string[] {
  const clock = (t: number) => iso(t).slice(11, 16)
  return (session?.parts ?? []).map(({ label, start, end }) => `${label} ${clock(start)}–${clock(end)}`)
}

export function unusedOf(read: Read): Record<string, number> {
  return Object.fromEntries(read.ending.unused.map(({ name, count }) => [name, count]))
}

/** Every value of the series as a row: metric, start, value, length in seconds. */
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

function iso(t: number): string {
  return new Date(t).toISOString().replace('.000Z', 'Z')
}

function readingsOf(read: Read, key?: string): Measured[] {
  return read.pieces.filter((piece) => key === undefined || piece.source.key === key).flatMap((piece) => piece.readings)
}
