import type { FieldError } from '@tributary/protocol'
import type { z } from 'zod'
import { Problem } from '../problem.ts'
import { wordsFor } from './fault-words.ts'
import { findUnstorable } from './storable-text.ts'

/** Checks a part of the request against its contract; every fault is named with its place and reason. */
export function validate(schema: z.ZodType | undefined, value: unknown, where: 'path' | 'query' | 'body'): unknown {
  if (!schema) return undefined
  const parsed = schema.safeParse(value)
  const errors = parsed.success ? unstorableIn(parsed.data, where) : faultsOf(parsed.error, where)
  if (parsed.success && !errors.length) return parsed.data
  const [first] = errors
  throw new Problem('invalid_request', first ? `${first.pointer || where}: ${first.detail}` : undefined, { errors })
}

export function faultsOf(error: z.ZodError, where: 'path' | 'query' | 'body'): FieldError[] {
  return error.issues.slice(0, 20).flatMap((issue): FieldError[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        pointer: pointerOf(where, [...issue.path, key]),
        code: 'unknown_field',
        detail: 'is not a field of this request',
      }))
    return [{ pointer: pointerOf(where, issue.path), code: issue.code, detail: wordsFor(issue) }]
  })
}

function unstorableIn(value: unknown, where: 'path' | 'query' | 'body'): FieldError[] {
  const path = findUnstorable(value)
  const detail = 'holds a character that cannot be stored (NUL, or half of a surrogate pair)'
  return path ? [{ pointer: pointerOf(where, path), code: 'text_unstorable', detail }] : []
}

/** A JSON pointer into the body, or the plain name of a parameter. */
function pointerOf(where: string, path: readonly PropertyKey[]): string {
  if (where !== 'body') return path.map(String).join('.') || where
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
