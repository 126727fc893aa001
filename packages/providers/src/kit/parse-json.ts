/** JSON of providers whose ids are 64-bit integers, sometimes without quotes (COROS): `JSON.parse` alone would round them. */

/** Looks for 16 digits or more where a value may stand; most texts have none and pay for no more than this. */
const longInteger = /[:[,]\s*-?\d{16,}\s*[,}\]]/

/** Integers that no number can hold become their digits, as text. */
export function parseJson(text: string): unknown {
  return longInteger.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const digits = context?.source
  return digits !== undefined && /^-?\d+$/.test(digits) ? digits : value
}
