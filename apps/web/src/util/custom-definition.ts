/** What a page can tell of a definition before the server judges it. */

export interface Sketch {
  /** Undefined while the text is no JSON object. */
  definition: Record<string, unknown> | undefined
  /** Fields of a key that its sign-in takes. */
  credentials: readonly ('user' | 'secret')[]
  feeds: readonly string[]
  /** Why the text cannot be sent yet. */
  fault: string | undefined
}

const nothing = { definition: undefined, credentials: [], feeds: [] } as const

export function sketchOf(text: string): Sketch {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    return { ...nothing, fault: `This is not JSON yet: ${placeOf(text, error)}` }
  }
  if (!isObject(parsed)) return { ...nothing, fault: 'A definition is a JSON object, in { }' }
  const auth = isObject(parsed['auth']) ? parsed['auth']['kind'] : 'none'
  const feeds = Array.isArray(parsed['feeds']) ? parsed['feeds'] : []
  return {
    definition: parsed,
    credentials: auth === 'basic' ? ['user', 'secret'] : auth === 'bearer' || auth === 'header' ? ['secret'] : [],
    feeds: feeds.flatMap((feed) => (isObject(feed) && typeof feed['id'] === 'string' ? [feed['id']] : [])),
    fault: undefined,
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Browsers say the place in words of their own; where it is a number of characters, people want the line. */
function placeOf(text: string, error: unknown): string {
  const said = error instanceof Error ? error.message : ''
  const line = /line (\d+)/.exec(said)?.[1]
  const position = /position (\d+)/.exec(said)?.[1]
  if (line) return `look at line ${line}`
  if (position) return `look at line ${text.slice(0, Number(position)).split('\n').length}`
  return text.trim() ? 'something is missing at its end' : 'there is nothing in it'
}
