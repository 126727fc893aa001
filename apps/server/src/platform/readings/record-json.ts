/** A provider's record as text and back, the same: files in it travel as base64. */
const mark = '\u0000bytes:'

export const recordText = (record: unknown): string => JSON.stringify(record, bytesAsText) ?? 'null'
export const recordOf = (text: string): unknown => JSON.parse(text, textAsBytes)

/** Not the value, which a Buffer has turned into a list of numbers by now, but what stood there. */
function bytesAsText(this: unknown, key: string, value: unknown): unknown {
  const there = (this as Record<string, unknown>)[key]
  return there instanceof Uint8Array ? `${mark}${Buffer.from(there).toString('base64')}` : value
}

const textAsBytes = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.startsWith(mark)
    ? new Uint8Array(Buffer.from(value.slice(mark.length), 'base64'))
    : value
