/** The place where the next page begins, opaque to callers: the sort key of the last item, in base64url. */
import { Problem } from '../problem.ts'

export function writeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** The sort key, checked part by part. Anything that is not one of ours is `cursor_invalid`. */
export function readCursor(cursor: string, ...parts: readonly ((part: string) => boolean)[]): string[] {
  const key = parseKey(cursor)
  if (!Array.isArray(key) || key.length !== parts.length) throw new Problem('cursor_invalid')
  return key.map((part, i) => {
    if (typeof part !== 'string' || !parts[i]?.(part)) throw new Problem('cursor_invalid')
    return part
  })
}

function parseKey(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw new Problem('cursor_invalid') // the parser's message would quote what was sent
  }
}

export const isUuid = (part: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(part)
export const isInstant = (part: string): boolean =>
  /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(part) && !Number.isNaN(Date.parse(part))
