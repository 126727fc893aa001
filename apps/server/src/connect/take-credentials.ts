import type { KeyAuth } from '@tributary/providers/kit'
import { Problem } from '../platform/problem.ts'

/** What was pasted, field by field as the provider wants it. */
export function takeCredentials(
  { fields }: Pick<KeyAuth, 'fields'>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const missing = fields.filter(({ name }) => !given[name]?.trim()).map(({ name }) => name)
  const known = new Set(fields.map(({ name }) => name))
  const unknown = Object.keys(given).filter((name) => !known.has(name))
  if (missing.length || unknown.length)
    throw new Problem('invalid_request', `credentials take ${[...known].join(' and ') || 'nothing'}`, {
      errors: [...missing, ...unknown].map((name) => ({
        pointer: `/credentials/${name}`,
        detail: known.has(name) ? 'is missing' : 'is not a field of this provider',
      })),
    })
  return Object.fromEntries(fields.map(({ name }) => [name, (given[name] ?? '').trim()]))
}
