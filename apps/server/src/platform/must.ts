/** Asserts what cannot be otherwise, in words that make sense in a log. */
export function must<T>(value: T | null | undefined, truth: string): T {
  if (value === null || value === undefined) throw new Error(`broken assumption: ${truth}`)
  return value
}
