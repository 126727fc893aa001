/**
 * How far a device trusts its own reading: a word or a number from 0 to 1, stored as one small integer so that a
 * column of it costs nothing when all are alike, and given back as it was sent.
 * Codes: 0 not said · 1–4 the words · 10 + q × 1,000,000 a number (what lies beyond its sixth decimal is rounded off).
 */
export const qualityWords = ['good', 'fair', 'poor', 'unknown'] as const
export type QualityWord = (typeof qualityWords)[number]

export const qualityScores: Record<QualityWord, number | null> = { good: 1, fair: 0.7, poor: 0.4, unknown: null }

const firstNumber = 10
const perOne = 1_000_000

/** The code to store, or undefined when the input is neither one of the words nor a number from 0 to 1. */
export function qualityCode(input: unknown): number | undefined {
  if (input === undefined || input === null) return 0
  if (typeof input === 'number') return input >= 0 && input <= 1 ? firstNumber + Math.round(input * perOne) : undefined
  const word = (qualityWords as readonly unknown[]).indexOf(input)
  return word === -1 ? undefined : word + 1
}

/** The word or the number as it was sent; undefined when nothing was said. */
export function qualityAsSent(code: number): QualityWord | number | undefined {
  return code >= firstNumber ? (code - firstNumber) / perOne : qualityWords[code - 1]
}

/** From 0 to 1, or null when nothing is known. */
export function qualityScore(code: number): number | null {
  const sent = qualityAsSent(code)
  if (sent === undefined) return null
  return typeof sent === 'number' ? sent : qualityScores[sent]
}
