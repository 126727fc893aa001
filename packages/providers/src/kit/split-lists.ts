/** A large delivery as several small ones, so that never more than one of them is held apart from its bytes. */
import { ProviderError } from './errors.ts'

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a]
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Of `{"sleeps": [{…}, {…}], "dailies": […]}` deliveries of the same form, of `mostBytes` each, or of one item that is larger. The same
 * bytes are always cut in the same places. What is no list is left out. Items are told apart and not read: JSON.parse does that.
 */
export function* splitLists(bytes: Uint8Array, mostBytes: number): Generator<Uint8Array> {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = expect(body, 0, openObject)
  if (body[at] === closeObject) return
  for (;;) {
    const nameEnd = endOfText(body, at)
    const name = body.subarray(at, nameEnd)
    at = expect(body, spaceFrom(body, nameEnd), colon)
    if (body[at] === openList) at = yield* partsOfList(body, at, name, mostBytes)
    else at = spaceFrom(body, endOfValue(body, at))
    if (body[at] === closeObject) return
    at = expect(body, at, comma)
  }
}

/** Answers where what follows the list begins. */
function* partsOfList(body: Buffer, from: number, name: Buffer, mostBytes: number): Generator<Uint8Array, number> {
  let at = expect(body, from, openList)
  if (body[at] === closeList) return spaceFrom(body, at + 1)
  let partFrom = at
  for (;;) {
    const end = endOfValue(body, at)
    const after = spaceFrom(body, end)
    const isLast = body[after] === closeList
    const next = isLast ? after + 1 : expect(body, after, comma)
    if (isLast || end - partFrom >= mostBytes) {
      yield partOf(name, body.subarray(partFrom, end))
      partFrom = next
    }
    if (isLast) return spaceFrom(body, next)
    at = next
  }
}

const partOf = (name: Buffer, items: Buffer): Buffer =>
  Buffer.concat([Buffer.from('{'), name, Buffer.from(':['), items, Buffer.from(']}')])

function expect(body: Buffer, at: number, byte: number): number {
  const found = spaceFrom(body, at)
  if (body[found] !== byte) throw malformed()
  return spaceFrom(body, found + 1)
}

function spaceFrom(body: Buffer, from: number): number {
  let at = from
  while (body[at] === 0x20 || body[at] === 0x0a || body[at] === 0x0d || body[at] === 0x09) at++
  return at
}

function endOfText(body: Buffer, from: number): number {
  if (body[from] !== quote) throw malformed()
  for (let at = body.indexOf(quote, from + 1); at >= 0; at = body.indexOf(quote, at + 1)) {
    let escapes = 0
    while (body[at - 1 - escapes] === backslash) escapes++
    if (escapes % 2 === 0) return at + 1
  }
  throw malformed()
}

function endOfValue(body: Buffer, from: number): number {
  let at = from
  for (let depth = 0; at < body.length; ) {
    const byte = body[at]
    if (byte === quote) at = endOfText(body, at)
    else if (depth === 0 && (byte === comma || byte === closeList || byte === closeObject)) return at
    else {
      if (byte === openList || byte === openObject) depth++
      else if (byte === closeList || byte === closeObject) depth--
      at++
    }
    if (depth === 0 && at > from && isEnd(body[at - 1])) return at
  }
  throw malformed()
}

/** Of a text, a list or an object; numbers and words end where what follows begins. */
const isEnd = (byte: number | undefined) => byte === quote || byte === closeList || byte === closeObject

const malformed = () => new ProviderError('bad_data', 'a delivery is not lists of items in JSON')
