import { tableOf } from '@tributary/protocol'
import { xmlLimits } from '../limits.ts'
import { FormatError } from '../parsed-file.ts'

/** What the scanner tells as it goes. Names are as written, prefix and all; attributes are asked of the scanner while it is told. */
export interface ScanHandler {
  open(name: string, scan: XmlScanner): void
  /** Also right after the `open` of an element that closes itself. */
  close(name: string, text: string): void
  /** Something was wrong, and passed over. */
  sloppy(code: string, detail: string): void
}

export interface ScanOptions {
  /** Whether text inside elements is wanted; else it is passed over unread. */
  text?: boolean
  /**
   * Elements that no attribute contains: where one seems to begin inside a value, the value's closing quote was lost, and the
   * element with the value ends there.
   */
  elements?: ReadonlySet<string>
  /** Whether an element stands right below the root, whatever is still open: the end of what came before it was lost. */
  isTop?: (name: string, parent: string) => boolean
}

const lt = 0x3c
const gt = 0x3e
const slash = 0x2f
const equals = 0x3d
const amp = 0x26
const plain = 0
const escaped = 1
const wide = 2
const controls = 4
const perAttribute = 5
const longestElementName = 64
const longestText = 65_536

/**
 * XML as bytes, for documents of gigabytes: six times as fast as a parser that makes a string of every attribute, since a value is
 * only decoded when somebody asks. No document type is read and no entity but the five of XML and character references is known.
 * Tolerant: what a writer failed to escape costs one element at most, and only size and depth are refused.
 */
export class XmlScanner {
  /** Bytes of the document before the token at hand. */
  offset = 0
  /** Set by a handler to get back from `run` after the token at hand. */
  halted = false
  attributes = 0
  /** The element at hand has neither content nor an end tag. */
  closesItself = false
  /** The element at hand lacks a quote; what came before it is there. */
  broken = false
  readonly #handler: ScanHandler
  readonly #elements: ReadonlySet<string> | undefined
  readonly #isTop: ((name: string, parent: string) => boolean) | undefined
  readonly #wantsText: boolean
  readonly #open: string[] = []
  readonly #texts: string[] = []
  /** Name start and end, value start and end, and what the value contains. */
  readonly #spots = new Int32Array(xmlLimits.attributes * perAttribute)
  readonly #words = new WordCache()
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #seenRoot = false

  constructor(handler: ScanHandler, options: ScanOptions = {}) {
    this.#handler = handler
    this.#elements = options.elements
    this.#isTop = options.isTop
    this.#wantsText = options.text ?? false
  }

  /** More of the document; `run` is to be called until it says that it needs more. */
  write(chunk: Uint8Array): void {
    const left = this.#bytes.length - this.#at
    this.offset += this.#at
    const next = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    this.#bytes = left ? Buffer.concat([this.#bytes.subarray(this.#at), next]) : next
    this.#at = 0
    if (left > xmlLimits.token) {
      throw new FormatError(
        'xml_token_too_long',
        `a single text, name or attribute is longer than ${xmlLimits.token} bytes`,
      )
    }
  }

  /** True when a handler halted it, false when all bytes are used up. */
  run(): boolean {
    this.halted = false
    while (this.#step()) if (this.halted) return true
    return false
  }

  /** Bytes of the document that were read. */
  get position(): number {
    return this.offset + this.#at
  }

  /** How many elements are open. */
  get depth(): number {
    return this.#open.length
  }

  /** The root was closed: all is read. */
  get ended(): boolean {
    return this.#seenRoot && this.#open.length === 0
  }

  name(attribute: number): string {
    const spot = attribute * perAttribute
    return this.#words.get(this.#bytes, this.#spots[spot] as number, this.#spots[spot + 1] as number, plain)
  }

  /** The value as text; the same values give the same string without decoding it again. */
  value(attribute: number): string {
    const spot = attribute * perAttribute + 2
    const spots = this.#spots
    return this.#words.get(this.#bytes, spots[spot] as number, spots[spot + 1] as number, spots[spot + 2] as number)
  }

  /** Where the value lies in `bytes`, for readers of dates and numbers that need no string; `valueEnd` likewise. */
  valueStart(attribute: number): number {
    return this.#spots[attribute * perAttribute + 2] as number
  }

  valueEnd(attribute: number): number {
    return this.#spots[attribute * perAttribute + 3] as number
  }

  /** Good until the handler returns. */
  get bytes(): Buffer {
    return this.#bytes
  }

  /** All attributes of the element at hand, as text. */
  record(): Record<string, string> {
    const all: Record<string, string> = {}
    for (let i = 0; i < this.attributes; i++) all[this.name(i)] ??= this.value(i)
    return all
  }

  /** One token. False when it is not all there. */
  #step(): boolean {
    const bytes = this.#bytes
    const size = bytes.length
    let at = this.#at
    while (at < size && bytes[at] !== lt) at++
    if (this.#wantsText && at > this.#at && this.#open.length) {
      if (at === size && at - this.#at < longestText) return false // the rest of the text may still come
      this.#addText(bytes, this.#at, at)
    }
    this.#at = at
    if (at + 1 >= size) return false
    const next = bytes[at + 1]
    if (next === slash) return this.#endTag(at + 2)
    if (next === 0x21) return this.#declaration(at)
    if (next === 0x3f) return this.#skipTo('?>', at + 2)
    if (!startsName(next as number)) {
      this.#handler.sloppy('xml_sloppy', 'a < that was not escaped')
      this.#at = at + 1
      return true
    }
    return this.#startTag(at + 1)
  }

  #declaration(at: number): boolean {
    const bytes = this.#bytes
    if (bytes.length < at + 9) return false
    if (bytes.toString('latin1', at, at + 4) === '<!--') return this.#skipTo('-->', at + 4)
    if (bytes.toString('latin1', at, at + 9) !== '<![CDATA[') return this.#skipTo('>', at + 2)
    const end = bytes.indexOf(']]>', at + 9)
    if (end < 0) return false
    if (this.#wantsText && this.#open.length) this.#append(bytes.toString('utf8', at + 9, end))
    this.#at = end + 3
    return true
  }

  #skipTo(mark: string, from: number): boolean {
    const end = this.#bytes.indexOf(mark, from)
    if (end < 0) return false
    this.#at = end + mark.length
    return true
  }

  #endTag(from: number): boolean {
    const bytes = this.#bytes
    const end = bytes.indexOf(gt, from)
    if (end < 0) return false
    let nameEnd = from
    while (nameEnd < end && !isSpace(bytes[nameEnd] as number)) nameEnd++
    this.#at = end + 1
    const name = this.#words.get(bytes, from, nameEnd, plain)
    const level = this.#open.lastIndexOf(name)
    if (level < 0) {
      this.#handler.sloppy('xml_sloppy', `an end of ${name.slice(0, 40)} that nothing began`)
      return true
    }
    if (level < this.#open.length - 1)
      this.#handler.sloppy('xml_sloppy', `${this.#open.at(-1)?.slice(0, 40)} has no end`)
    while (this.#open.length > level) this.#close()
    return true
  }

  #close(): void {
    const name = this.#open.pop() as string
    this.#handler.close(name, this.#wantsText ? (this.#texts.pop() ?? '').trim() : '')
  }

  /** The loop that nearly all bytes pass through. */
  #startTag(from: number): boolean {
    const bytes = this.#bytes
    const size = bytes.length
    const spots = this.#spots
    let at = from
    while (at < size && endsName(bytes[at] as number) === false) at++
    const nameEnd = at
    let count = 0
    this.broken = false
    for (;;) {
      while (at < size && isSpace(bytes[at] as number)) at++
      if (at + 1 >= size) {
        if (at < size && bytes[at] === gt) return this.#opened(from, nameEnd, count, false, at + 1)
        return false
      }
      const byte = bytes[at] as number
      if (byte === gt) return this.#opened(from, nameEnd, count, false, at + 1)
      if (byte === slash && bytes[at + 1] === gt) return this.#opened(from, nameEnd, count, true, at + 2)
      if (byte === lt) return this.#openedBroken(from, nameEnd, count, at)
      const start = at
      while (at < size && endsName(bytes[at] as number) === false) at++
      const end = at
      while (at < size && isSpace(bytes[at] as number)) at++
      if (at >= size) return false
      if (end === start || bytes[at] !== equals) {
        // A stray quote, a word without a value: text that was not escaped.
        if (end === start) at++
        this.#handler.sloppy('xml_sloppy', 'text that is no attribute stands inside an element’s tag')
        continue
      }
      at++
      while (at < size && isSpace(bytes[at] as number)) at++
      if (at >= size) return false
      const quote = bytes[at] as number
      if (quote !== 0x22 && quote !== 0x27) {
        this.#handler.sloppy('xml_sloppy', 'an attribute without quotes')
        continue
      }
      const valueStart = ++at
      let kind = plain
      for (; at < size; at++) {
        const inside = bytes[at] as number
        if (inside === quote) break
        if (inside === amp) kind |= escaped
        else if (inside >= 0x80) kind |= wide
        else if (inside < 0x20) kind |= controls
        else if (inside === lt && this.#elements) {
          const begins = this.#beginsElement(at)
          if (begins === undefined) return false
          if (begins) return this.#openedBroken(from, nameEnd, count, at)
        }
      }
      if (at >= size) return false
      if (count === xmlLimits.attributes)
        throw new FormatError('xml_attributes_many', `an element has more than ${xmlLimits.attributes} attributes`)
      const spot = count++ * perAttribute
      spots[spot] = start
      spots[spot + 1] = end
      spots[spot + 2] = valueStart
      spots[spot + 3] = at
      spots[spot + 4] = kind
      at++
    }
  }

  /** Whether one of the known elements begins or ends here; undefined when too few bytes are there to say. */
  #beginsElement(at: number): boolean | undefined {
    const bytes = this.#bytes
    let from = at + 1
    if (bytes[from] === slash) from++
    let end = from
    while (end < bytes.length && end - from < longestElementName && isLetter(bytes[end] as number)) end++
    if (end === bytes.length) return undefined
    return end > from && this.#elements?.has(bytes.toString('latin1', from, end)) === true
  }

  #openedBroken(from: number, nameEnd: number, count: number, end: number): boolean {
    this.broken = true
    this.#handler.sloppy('xml_sloppy', 'an element’s tag has no end: a quote is missing')
    return this.#opened(from, nameEnd, count, true, end)
  }

  #opened(from: number, nameEnd: number, count: number, closesItself: boolean, end: number): boolean {
    const name = this.#words.get(this.#bytes, from, nameEnd, plain)
    this.#closeLost(name)
    this.attributes = count
    this.closesItself = closesItself
    this.#seenRoot = true
    this.#open.push(name)
    if (this.#wantsText) this.#texts.push('')
    if (this.#open.length > xmlLimits.depth)
      throw new FormatError('xml_too_deep', `elements lie deeper than ${xmlLimits.depth} in each other`)
    this.#at = end
    this.#handler.open(name, this)
    if (closesItself) this.#close()
    return true
  }

  #closeLost(name: string): void {
    if (!this.#isTop || this.#open.length < 2 || !this.#isTop(name, this.#open.at(-1) as string)) return
    this.#handler.sloppy('xml_sloppy', `${this.#open.at(-1)?.slice(0, 40)} has no end`)
    while (this.#open.length > 1) this.#close()
  }

  #addText(bytes: Buffer, from: number, to: number): void {
    let blank = true
    for (let i = from; i < to && blank; i++) blank = isSpace(bytes[i] as number)
    // Space before any text is trimmed in the end; after some it belongs to it, since a comment or an element may part the two.
    if (!blank || this.#texts.at(-1)) this.#append(decodeEntities(bytes.toString('utf8', from, to)))
  }

  #append(text: string): void {
    const top = this.#texts.length - 1
    const before = this.#texts[top] as string
    if (before.length < longestText) this.#texts[top] = before + text.slice(0, longestText)
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: those that XML forbids, which writers let through all the same.
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g

/** The same few words come millions of times: each is decoded once, and told by its bytes. */
class WordCache {
  readonly #slots: ({ bytes: Uint8Array; kind: number; text: string } | undefined)[] = new Array(1024).fill(undefined)

  get(bytes: Buffer, start: number, end: number, kind: number): string {
    const length = end - start
    const sum =
      length * 31 + (bytes[start] ?? 0) * 7 + (bytes[end - 1] ?? 0) * 131 + (bytes[start + (length >> 1)] ?? 0) * 17
    const slot = (sum + (bytes[end - 3] ?? 0) * 61 + (bytes[start + (length >> 2)] ?? 0) * 251) & 1023
    const known = this.#slots[slot]
    if (known && known.kind === kind && isEqual(known.bytes, bytes, start, length)) return known.text
    const raw = kind & wide ? bytes.toString('utf8', start, end) : bytes.toString('latin1', start, end)
    const decoded = kind & escaped ? decodeEntities(raw) : raw
    const text = kind & controls ? decoded.replace(controlCharacters, '') : decoded
    if (length <= 1000) this.#slots[slot] = { bytes: Uint8Array.prototype.slice.call(bytes, start, end), kind, text }
    return text
  }
}

function isEqual(known: Uint8Array, bytes: Buffer, start: number, length: number): boolean {
  if (known.length !== length) return false
  for (let i = 0; i < length; i++) if (known[i] !== bytes[start + i]) return false
  return true
}

const entities: Record<string, string> = tableOf({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" })

/** Any other entity stays as it is written: none is ever looked up. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#(x[0-9a-f]{1,6}|\d{1,7})|(\w{1,8}));/gi,
    (whole, code: string | undefined, name: string | undefined) => {
      if (name !== undefined) return Object.hasOwn(entities, name) ? (entities[name] as string) : whole
      const point = code?.[0]?.toLowerCase() === 'x' ? Number.parseInt(code.slice(1), 16) : Number(code)
      return isCharacter(point) ? String.fromCodePoint(point) : whole
    },
  )
}

/** As XML has it: no control characters, no halves of a pair. */
function isCharacter(point: number): boolean {
  if (point < 0x20) return point === 0x09 || point === 0x0a || point === 0x0d
  return point < 0xd800 || (point > 0xdfff && point < 0xfffe) || (point > 0xffff && point <= 0x10ffff)
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function endsName(byte: number): boolean {
  return (
    byte === equals || byte === gt || byte === slash || byte <= 0x20 || byte === 0x22 || byte === 0x27 || byte === lt
  )
}

function startsName(byte: number): boolean {
  return isLetter(byte) || byte === 0x5f || byte === 0x3a || byte >= 0x80
}

function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a)
}
