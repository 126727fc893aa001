/**
 * A value from a file with all of its text fit for the database, which takes neither NUL nor half a surrogate pair.
 * Names of fields come from files as well.
 */
export function cleanText<T>(value: T): T {
  return clean(value) as T
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed()
  if (Array.isArray(value)) return value.map(clean)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [clean(name), clean(part)]))
}
