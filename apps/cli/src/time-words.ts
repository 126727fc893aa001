import { UsageError } from './exit.ts'

/** As long as somebody would say it takes. */
export function inWords(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`
}

/** An option that names a day or an instant. */
export function instantOf(word: string, option: string): string {
  const time = new Date(word)
  if (Number.isNaN(time.getTime()))
    throw new UsageError(`${option} got "${word}"; it takes 2026-01-31 or 2026-01-31T08:00:00Z`)
  return time.toISOString()
}
