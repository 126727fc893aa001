/** Times as brands write them. */

/** `2026-10-14T06:31:08.120Z` */
export const isoUtc = (t: number): string => new Date(t).toISOString()

const pad = (n: number) => String(n).padStart(2, '0')

/** `+02:00` */
export const offsetText = (minutes: number): string =>
  `${minutes < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`

/** What the clock on the wall shows, without a zone: `2026-10-13T23:11:30`. */
export const wallClock = (t: number, offset: number): string => new Date(t + offset * 60_000).toISOString().slice(0, 19)

/** `2026-10-13T23:11:30+02:00` */
export const isoLocal = (t: number, offset: number): string => wallClock(t, offset) + offsetText(offset)

/** Whole seconds since 1970. */
export const unix = (t: number): number => Math.floor(t / 1000)

/** `PT1H48M12.5S` */
export function isoDuration(ms: number): string {
  const seconds = Math.round(ms) / 1000
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  const text = `${h ? `${h}H` : ''}${m ? `${m}M` : ''}${s ? `${Number(s.toFixed(3))}S` : ''}`
  return `PT${text || '0S'}`
}

/** ms of `YYYY-MM-DD` at midnight UTC; null for what is no date. */
export function readDate(text: string | null): number | null {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const t = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(t) || new Date(t).toISOString().slice(0, 10) !== text ? null : t
}
