import { jsonLimits } from '../limits.ts'
import { JsonBroken, type JsonFound, type JsonLimits, JsonScanner } from './json-scanner.ts'
import { compilePatterns } from './patterns.ts'
import { utf8Of } from './utf8.ts'

export interface JsonOptions {
  limits?: Partial<JsonLimits>
  /**
   * Told when the document breaks off or breaks its own brackets; the values before it were handed over. Absent: it is thrown.
   * Too deep or too long is thrown in any case.
   */
  broke?: (detail: string, code: string) => void
}

/**
 * The values of a JSON document that patterns ask for (`data.metrics.*.data.*`), one by one and with their places, in the order
 * they stand. Memory is one chunk and one value; depth and length are bounded.
 * @throws FormatError
 */
export async function* findJson(
  chunks: AsyncIterable<Uint8Array>,
  patterns: readonly string[],
  { limits, broke }: JsonOptions = {},
): AsyncGenerator<JsonFound> {
  const scanner = new JsonScanner(compilePatterns(patterns), { ...jsonLimits, ...limits })
  try {
    for await (const chunk of utf8Of(chunks)) yield* scanner.push(chunk)
    yield* scanner.end()
  } catch (error) {
    if (!broke || !(error instanceof JsonBroken)) throw error
    broke(error.detail, error.code)
  }
}

/**
 * The values alone, of one pattern.
 * @throws FormatError also where a value is not JSON inside.
 */
export async function* streamJson(
  chunks: AsyncIterable<Uint8Array>,
  pattern: string,
  options: JsonOptions = {},
): AsyncGenerator<unknown> {
  for await (const found of findJson(chunks, [pattern], options)) {
    if (found.broken !== undefined) {
      throw new JsonBroken('json_broken', `the value that ends at byte ${found.bytes} is damaged: ${found.broken}`)
    }
    yield found.value
  }
}
