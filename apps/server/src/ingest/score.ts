/** Third stage: how far the source trusts what is kept of each reading, and how much of it is hard to believe. */
import { isImplausible, isImplausibleDay, limitsOf, type Measured, qualityScore } from '@tributary/protocol'
import type { Judged } from './incoming.ts'
import { partMetric } from './normalise-event.ts'
import type { Column, EventRow, Sifted } from './sifted.ts'

interface Scores {
  sum: number
  n: number
  implausible: number
}

export function score(readings: readonly Measured[], sound: Sifted, suppressed: readonly number[] = []): Judged[] {
  const scores = readings.map((): Scores => ({ sum: 0, n: 0, implausible: 0 }))
  const of = (reading: number): Scores => scores[reading] ?? { sum: 0, n: 0, implausible: 0 }
  for (const column of sound.columns) scoreColumn(column, of(column.reading))
  for (const row of sound.days) {
    takeQuality(of(row.reading), row.quality)
    if (isImplausibleDay(limitsOf(row.metric), row.value)) of(row.reading).implausible++
  }
  for (const row of sound.events) {
    takeQuality(of(row.reading), row.quality)
    if (isImplausibleEvent(row)) of(row.reading).implausible++
  }
  for (const row of sound.stages) takeQuality(of(row.reading), row.quality)
  return readings.map((reading, at) => {
    const { sum, n, implausible } = of(at)
    return {
      received: countOf(reading),
      rejected: sound.rejected[at] ?? [],
      suppressed: suppressed[at] ?? 0,
      implausible,
      quality: n ? sum / n : null,
      qualities: n,
    }
  })
}

/** The words' scores by code, so that the loop does not ask for each value. */
const wordScores = [0, 1, 2, 3, 4].map((code) => qualityScore(code))

function scoreColumn({ metric, points: { n, v, d, q } }: Column, scores: Scores): void {
  const limits = limitsOf(metric)
  for (let i = 0; i < n; i++) if (isImplausible(limits, v[i] as number, d ? (d[i] as number) : 0)) scores.implausible++
  if (q) for (let i = 0; i < n; i++) takeQuality(scores, q[i] as number)
}

function takeQuality(scores: Scores, code: number): void {
  const quality = code < wordScores.length ? wordScores[code] : qualityScore(code)
  if (quality === null || quality === undefined) return
  scores.sum += quality
  scores.n++
}

function isImplausibleEvent({ metric, value, start, end }: EventRow): boolean {
  return Object.entries(value).some(([part, given]) => {
    const of = partMetric(metric, part)
    return (
      of !== undefined &&
      typeof given === 'number' &&
      isImplausible(limitsOf(of), given, end === null ? 0 : end - start)
    )
  })
}

function countOf(reading: Measured): number {
  if (reading.kind === 'series') return reading.t.length
  return reading.kind === 'positions' ? reading.track.t.length : 1
}
