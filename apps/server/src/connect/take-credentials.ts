import type { KeyAuth } from '@tributary/providers/kit'
import { Problem } from '../platform/problem.ts'

/** What was pasted, field by field as the provider wants it, and such that a request can carry it. */
export function takeCredentials(
  auth: Pick<KeyAuth, 'fields' | 'headers'>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const { fields } = auth
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
  const taken = Object.fromEntries(fields.map(({ name }) => [name, (given[name] ?? '').trim()]))
  const unsendable = fields.filter(({ name }) => !isSendable(auth.headers(alone(taken, name))))
  if (unsendable.length)
    throw new Problem('invalid_request', 'a key holds a character that cannot be sent', {
      errors: unsendable.map(({ name }) => ({
        pointer: `/credentials/${name}`,
        detail: 'holds a character that cannot be sent, such as a line break or a curly quote: copy it once more',
      })),
    })
  return taken
}

/** The others as if they were good, to see which of them it is. */
const alone = (taken: Readonly<Record<string, string>>, wanted: string) =>
  Object.fromEntries(Object.entries(taken).map(([name, value]) => [name, name === wanted ? value : 'x']))

/** RFC 9110 §5.5: visible characters, spaces, tabs, and bytes above ASCII. */
const isSendable = (headers: Readonly<Record<string, string>>): boolean =>
  Object.values(headers).every((value) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value))
