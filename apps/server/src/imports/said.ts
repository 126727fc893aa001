/** What an export said, told small: how many values each series has on each day, and the keys of its rows. */
import type { Piece } from '@tributary/formats'
import { type Measured, primaryKind, resolveDataType, type SeriesReading } from '@tributary/protocol'
import { isOfArchive } from './app-source.ts'

export const dayMs = 86_400_000
const noOffset = -32_768

export type RowKind = 'day' | 'event' | 'session'

/** As many keys as a hundred years have, in some 100 MB; a forged archive could name them by the million. */
const mostKeys = 500_000

export class Said {
  /** By source and metric, then by UTC day. */
  readonly counts = new Map<string, Map<number, number>>()
  readonly rows = new Set<string>()
  /** There was more than can be kept, so nothing is known of what is missing. */
  isTooMuch = false
  #days = 0

  note(piece: Piece, readings: readonly Measured[]): void {
    const { source } = piece
    if (this.isTooMuch || !isOfArchive(source)) return
    for (const reading of readings) this.#noteReading(source.key, reading)
    for (const { externalId } of piece.sessions) this.rows.add(rowKey('session', source.key, externalId))
    if (this.rows.size + this.#days <= mostKeys) return
    this.isTooMuch = true
    this.rows.clear()
    this.counts.clear()
  }

  #noteReading(source: string, reading: Measured): void {
    if (reading.kind === 'series') this.#noteSeries(source, reading)
    else if (reading.kind === 'sample')
      this.#noteSeries(source, {
        kind: 'series',
        metric: reading.metric,
        t: Float64Array.of(Math.round(reading.t)),
        v: Float64Array.of(reading.value),
        ...(reading.offset === undefined ? {} : { offset: reading.offset }),
      })
    else if (reading.kind === 'day') this.rows.add(rowKey('day', source, metricOf(reading.metric), reading.date))
    else if (reading.kind === 'event')
      this.rows.add(rowKey('event', source, metricOf(reading.metric), String(reading.start), reading.externalId ?? ''))
  }

  #noteSeries(source: string, { metric: named, t, offsets, offset }: SeriesReading): void {
    const metric = metricOf(named)
    const kind = kindOf(metric)
    if (kind === 'D' || kind === 'E') {
      for (let i = 0; i < t.length; i++) {
        const time = t[i] as number
        const own = offsets?.[i] ?? noOffset
        const minutes = own === noOffset ? (offset ?? 0) : own
        if (kind === 'E') this.rows.add(rowKey('event', source, metric, String(time), ''))
        else this.rows.add(rowKey('day', source, metric, new Date(time + minutes * 60_000).toISOString().slice(0, 10)))
      }
      return
    }
    const key = seriesKey(source, metric)
    const days = this.counts.get(key) ?? new Map<number, number>()
    this.counts.set(key, days)
    for (let i = 0; i < t.length; ) {
      const day = Math.floor((t[i] as number) / dayMs)
      const until = (day + 1) * dayMs
      let n = 0
      // Sorted by time, so a day is a stretch; if it is not, the day is only counted in several.
      while (i < t.length && (t[i] as number) < until && (t[i] as number) >= until - dayMs) {
        n++
        i++
      }
      if (!days.has(day)) this.#days++
      days.set(day, (days.get(day) ?? 0) + n)
    }
  }
}

export const seriesKey = (source: string, metric: string): string => `${source}\n${metric}`
export const rowKey = (kind: RowKind, source: string, ...parts: string[]): string => [kind, source, ...parts].join('\n')

export function metricOf(name: string): string {
  const type = resolveDataType(name)
  return type?.kind === 'metric' ? type.metric : name
}

function kindOf(metric: string): string | undefined {
  const type = resolveDataType(metric)
  return type?.kind === 'metric' ? primaryKind(type.metric) : undefined
}
