/** What stands for "nothing was measured". */
const nothing = /^(?:[-–—]+|n\/?a|nan|null|none|nil|undefined|\?|#n\/a)$/i

export function isEmptyCell(text: string): boolean {
  const cell = text.trim()
  return !cell || nothing.test(cell)
}

const spaces = /[\s\u00a0\u2009\u202f]/g
const point = /^([+-]?)(\d{1,3}(?:[,'’ ]\d{3})+|\d+)?(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?/
const comma = /^([+-]?)(\d{1,3}(?:[.'’ ]\d{3})+|\d+)?(?:,(\d*))?(?:[eE]([+-]?\d{1,3}))?/

/** A number as people write it, with thousands set apart, and the unit that may stand behind it. */
export function readCell(text: string, decimal: '.' | ','): { value: number; unit: string } | undefined {
  const cell = text.trim().replace(/−/g, '-').replace(spaces, ' ')
  const match = (decimal === '.' ? point : comma).exec(cell)
  if (!match?.[0] || !/\d/.test(match[0])) return undefined
  const [all, sign, whole = '', fraction = '', exponent] = match
  const unit = cell.slice(all.length).trim()
  if (/^[\d.,'’]/.test(unit)) return undefined
  const value = Number(`${sign}${whole.replace(/\D/g, '') || '0'}.${fraction || '0'}${exponent ? `e${exponent}` : ''}`)
  return Number.isFinite(value) ? { value, unit } : undefined
}
