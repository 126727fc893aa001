/** A decimal number as XML writers spell it: with a point, an exponent, or, against the schema, a comma. NaN when it is none. */
export function readDecimal(text: string): number {
  if (!/^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i.test(text)) return Number.NaN
  const value = Number(text.replace(',', '.'))
  return Number.isFinite(value) ? value : Number.NaN
}

const iso = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?$/

/** ISO 8601 to milliseconds since 1970; `zone` is false when none is stated, and UTC is assumed as both schemas demand. */
export function readTime(text: string): { t: number; offset?: number; zone: boolean } | undefined {
  const match = iso.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return undefined
  const fraction = match[7] ? Math.round(Number(`0.${match[7]}`) * 1000) : 0
  const local = Date.UTC(year, month - 1, day, hour, minute, second) + fraction
  const zone = match[8]
  if (!zone) return { t: local, zone: false }
  if (zone === 'Z' || zone === 'z') return { t: local, zone: true }
  const offset =
    (zone[0] === '-' ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0))
  return { t: local - offset * 60_000, offset, zone: true }
}
