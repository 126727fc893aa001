import { FormatError } from '../parsed-file.ts'
import type { Branch } from './patterns.ts'

/** One value that a pattern asked for. */
export interface JsonFound {
  /** Which of the patterns. */
  pattern: string
  /** Keys and indices from the root to it. */
  path: (string | number)[]
  value: unknown
  /** As it stood in the file. */
  text: string
  /** Why `value` is undefined: the brackets were whole, what they held was not JSON. */
  broken?: string
  /** Bytes of the file up to its end. */
  bytes: number
}

export interface JsonLimits {
  /** Brackets inside brackets. */
  depth: number
  /** Bytes of one value that is handed over. */
  value: number
  /** Bytes of one text or number in such a value. */
  token: number
  /** Bytes of one name. */
  key: number
}

/** The file's own fault, found at a byte; what was handed over before it is good. */
export class JsonBroken extends FormatError {}

interface Frame {
  isArray: boolean
  branch: Branch
  key: string
  index: number
}

type Expect = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'next' | 'nothing'

const quote = 0x22
const backslash = 0x5c
const openArray = 0x5b
const closeArray = 0x5d
const openObject = 0x7b
const closeObject = 0x7d
const comma = 0x2c
const colon = 0x3a
const byteOrderMark = [0xef, 0xbb, 0xbf]

const decoder = new TextDecoder()

/**
 * Walks the brackets of a document byte by byte, opens only those on the way to a pattern, and hands the bytes between to
 * `JSON.parse`. What no pattern asks for is passed over: its brackets and strings are followed, its numbers are not judged.
 *
 * States. Outside a span, `#expect` says what may come next in the innermost opened bracket. Inside a span (a name, a value that
 * is kept, a value that is passed over) only its end is looked for. Both survive the end of a chunk.
 */
export class JsonScanner {
  readonly #root: Branch
  readonly #limits: JsonLimits
  readonly #frames: Frame[] = []
  #expect: Expect = 'value'
  /** Bytes before the chunk at hand. */
  #offset = 0
  #inSpan = false
  /** The span's use: a name, or the pattern that asked for it, or undefined when it is passed over. */
  #isKey = false
  #pattern: string | undefined
  /** Brackets open inside the span: 1 for `[`, 0 for `{`. */
  readonly #open: number[] = []
  #inString = false
  #escaped = false
  #parts: Uint8Array[] = []
  #size = 0
  /** Where in the file the text or number at hand begins. */
  #tokenAt = 0

  constructor(root: Branch, limits: JsonLimits) {
    this.#root = root
    this.#limits = limits
  }

  *push(chunk: Uint8Array): Generator<JsonFound> {
    let at = 0
    while (this.#offset + at < byteOrderMark.length && chunk[at] === byteOrderMark[this.#offset + at]) at++
    while (at < chunk.length) {
      if (!this.#inSpan) {
        at = this.#step(chunk, at)
        continue
      }
      const end = this.#spanEnd(chunk, at)
      this.#take(chunk, at, end ?? chunk.length)
      if (end === undefined) break
      at = end
      const found = this.#closeSpan(at)
      if (found) yield found
    }
    this.#offset += chunk.length
  }

  /** A number at the very end has no byte behind it to say that it is over. */
  *end(): Generator<JsonFound> {
    if (this.#inSpan && !this.#inString && !this.#open.length && !this.#frames.length) {
      const found = this.#closeSpan(0)
      if (found) yield found
    }
    if (this.#expect !== 'nothing')
      throw new JsonBroken('json_truncated', `the JSON ends in the middle, at byte ${this.#offset}`)
  }

  /** One byte outside a span. */
  #step(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] as number
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return at + 1
    const frame = this.#frames.at(-1)
    const closes = byte === closeArray || byte === closeObject
    switch (this.#expect) {
      case 'next':
        if (byte === comma) this.#expect = frame?.isArray ? 'value' : 'key'
        else if (closes) this.#leave(byte, at)
        else this.#fail(at)
        return at + 1
      case 'colon':
        if (byte !== colon) this.#fail(at)
        this.#expect = 'value'
        return at + 1
      case 'key or end':
      case 'key':
        if (closes && this.#expect === 'key or end') {
          this.#leave(byte, at)
          return at + 1
        }
        if (byte !== quote) this.#fail(at)
        this.#isKey = true
        return this.#openSpan(undefined, byte, at)
      case 'value or end':
        if (closes) {
          this.#leave(byte, at)
          return at + 1
        }
        return this.#beginValue(byte, at, frame)
      case 'value':
        if (closes || byte === comma || byte === colon) this.#fail(at)
        return this.#beginValue(byte, at, frame)
      case 'nothing':
        return this.#fail(at)
    }
  }

  #beginValue(byte: number, at: number, frame: Frame | undefined): number {
    if (frame?.isArray) frame.index++
    const branch = frame ? frame.branch.at(frame.isArray ? String(frame.index) : frame.key) : this.#root
    this.#isKey = false
    if (branch?.pattern !== undefined) return this.#openSpan(branch.pattern, byte, at)
    const isArray = byte === openArray
    if (!branch || !(isArray || byte === openObject)) return this.#openSpan(undefined, byte, at)
    this.#checkDepth()
    this.#frames.push({ isArray, branch, key: '', index: -1 })
    this.#expect = isArray ? 'value or end' : 'key or end'
    return at + 1
  }

  /** The byte itself is left to the span. A bare word or number begins like any other span and ends where JSON goes on. */
  #openSpan(pattern: string | undefined, byte: number, at: number): number {
    const isWord = (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
    if (!isWord && byte !== quote && byte !== openArray && byte !== openObject && byte !== 0x2d) this.#fail(at)
    this.#inSpan = true
    this.#pattern = pattern
    this.#tokenAt = this.#offset + at
    return at
  }

  /** Where the span ends in this chunk, or undefined when it goes on. */
  #spanEnd(chunk: Uint8Array, at: number): number | undefined {
    for (let i = at; i < chunk.length; i++) {
      const byte = chunk[i] as number
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (byte === backslash) this.#escaped = true
        else if (byte === quote) {
          this.#inString = false
          this.#endToken(i)
          if (!this.#open.length) return i + 1
        }
      } else if (byte === quote) {
        this.#inString = true
        this.#endToken(i)
      } else if (byte === openArray || byte === openObject) {
        this.#checkDepth()
        this.#open.push(byte === openArray ? 1 : 0)
        this.#endToken(i)
      } else if (byte === closeArray || byte === closeObject) {
        this.#endToken(i)
        if (!this.#open.length) return i // the end of the bracket around a bare word
        if (this.#open.pop() !== (byte === closeArray ? 1 : 0)) this.#fail(i)
        if (!this.#open.length) return i + 1
      } else if (byte === comma || byte === colon || byte <= 0x20) {
        this.#endToken(i)
        if (!this.#open.length && byte !== colon) return i
      }
    }
    this.#checkToken(chunk.length)
    return undefined
  }

  #endToken(at: number): void {
    this.#checkToken(at)
    this.#tokenAt = this.#offset + at + 1
  }

  /** What is passed over is not kept anywhere and may be of any length: a picture in a field that nobody reads. */
  #checkToken(at: number): void {
    if (this.#offset + at - this.#tokenAt <= this.#limits.token || this.#pattern === undefined) return
    throw new FormatError('json_token_too_long', `a single text or number is longer than ${this.#limits.token} bytes`)
  }

  #take(chunk: Uint8Array, from: number, to: number): void {
    if (!this.#isKey && this.#pattern === undefined) return
    this.#size += to - from
    const most = this.#isKey ? this.#limits.key : this.#limits.value
    if (this.#size > most) {
      throw new FormatError(
        'json_value_too_long',
        `a single ${this.#isKey ? 'name' : 'value'} is longer than ${most} bytes`,
      )
    }
    if (to > from) this.#parts.push(chunk.subarray(from, to))
  }

  #closeSpan(at: number): JsonFound | undefined {
    const text = this.#parts.length
      ? decoder.decode(this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts))
      : ''
    this.#parts = []
    this.#size = 0
    this.#inSpan = false
    if (this.#isKey) {
      this.#isKey = false
      ;(this.#frames.at(-1) as Frame).key = this.#readKey(text, at)
      this.#expect = 'colon'
      return undefined
    }
    this.#expect = this.#frames.length ? 'next' : 'nothing'
    if (this.#pattern === undefined) return undefined
    const path = this.#frames.map((frame) => (frame.isArray ? frame.index : frame.key))
    const found: JsonFound = { pattern: this.#pattern, path, value: undefined, text, bytes: this.#offset + at }
    try {
      found.value = JSON.parse(text)
    } catch (error) {
      found.broken = error instanceof Error ? error.message : String(error)
    }
    return found
  }

  #readKey(text: string, at: number): string {
    try {
      return String(JSON.parse(text))
    } catch {
      return this.#fail(at)
    }
  }

  #leave(byte: number, at: number): void {
    if (this.#frames.pop()?.isArray !== (byte === closeArray)) this.#fail(at)
    this.#expect = this.#frames.length ? 'next' : 'nothing'
  }

  #checkDepth(): void {
    if (this.#frames.length + this.#open.length >= this.#limits.depth) {
      throw new FormatError('json_too_deep', `brackets lie deeper than ${this.#limits.depth} in each other`)
    }
  }

  #fail(at: number): never {
    throw new JsonBroken('json_broken', `the JSON is damaged at byte ${this.#offset + at}`)
  }
}
