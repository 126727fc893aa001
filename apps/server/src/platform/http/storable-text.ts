/**
 * Text that can be kept. JSON spells two things that PostgreSQL refuses in text and jsonb: NUL, and half of a surrogate pair.
 * Told here once for every route, so that no query has to fail on them.
 */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

/** Where the first text stands that cannot be kept; undefined when all of it can. */
export function findUnstorable(value: unknown, path: readonly PropertyKey[] = []): readonly PropertyKey[] | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : path
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const found = isStorable(key) ? findUnstorable(inner, [...path, key]) : path
    if (found) return found
  }
  return undefined
}
