import type { Losses } from '../losses.ts'
import { crc16 } from './crc.ts'
import { type Definition, definitionLength, readDefinition } from './definition.ts'

/** Reads one data message that lies at `at`. `time` is its own time in FIT seconds or NaN; `last` the latest one of any message, or 0. */
export type MessageReader = (view: DataView, at: number, time: number, last: number) => void

export interface FitSink {
  /** A header: a new part, which shares nothing with the one before. */
  begin(): void
  /** Once for each definition: what to do with its messages. */
  define(definition: Definition): MessageReader
}

interface Local extends Definition {
  read: MessageReader
}

const magic = 0x5449462e // ".FIT", little endian
const crcBytes = 2
const shortHeader = 12

/**
 * The container: parts, headers, checksums, definitions. Bytes are pushed as they come; what a message lacks is waited for.
 *
 * States. `header`: a part should begin here. `messages`: inside a part, up to its stated end; when the statement turns out
 * wrong (0, too small, too large) the part runs to the end of the file or the next header. `lost`: something undecodable
 * came; everything up to the next header is skipped.
 */
export class FitDecoder {
  readonly #sink: FitSink
  readonly #losses: Losses
  #state: 'header' | 'messages' | 'lost' = 'header'
  #bytes: Uint8Array = new Uint8Array(0)
  #view = new DataView(this.#bytes.buffer)
  /** Next byte to read, in #bytes, and where #bytes begins in the file. */
  #at = 0
  #offset = 0
  #summedTo = 0
  #crc = 0
  #partEnd = 0
  #locals: (Local | undefined)[] = []
  #last = 0

  constructor(sink: FitSink, losses: Losses) {
    this.#sink = sink
    this.#losses = losses
  }

  push(chunk: Uint8Array): void {
    this.#sumTo(this.#at)
    const rest = this.#bytes.subarray(this.#at)
    this.#offset += this.#at
    this.#bytes = rest.length ? join(rest, chunk) : chunk
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength)
    this.#at = 0
    this.#summedTo = 0
    this.#run(false)
  }

  end(): void {
    this.#run(true)
  }

  #run(final: boolean): void {
    let goOn = true
    while (goOn) {
      if (this.#state === 'header') goOn = this.#readHeader(final)
      else if (this.#state === 'messages') goOn = this.#readMessages(final)
      else goOn = this.#seekHeader(final)
    }
  }

  /** Each step returns whether there may be more to do with the bytes at hand. */
  #readHeader(final: boolean): boolean {
    const left = this.#bytes.length - this.#at
    const size = left ? (this.#bytes[this.#at] as number) : 0
    if (left === 0 || (left < Math.max(size, shortHeader) && !final)) return false
    if (left < Math.max(size, shortHeader) || !this.#isHeader(this.#at)) {
      this.#losses.warn('trailing_bytes', `from byte ${this.#offset + this.#at} on it is not FIT`)
      this.#at++
      this.#state = 'lost'
      return true
    }
    this.#startPart(size)
    return true
  }

  #startPart(size: number): void {
    const dataSize = this.#view.getUint32(this.#at + 4, true)
    if (size >= 14) {
      const stated = this.#view.getUint16(this.#at + 12, true)
      if (stated !== 0 && stated !== crc16(this.#bytes, this.#at, this.#at + shortHeader)) {
        this.#losses.warn('crc_mismatch', 'the checksum of the header is wrong')
      }
    }
    if (dataSize === 0) this.#losses.warn('data_size_wrong', 'the header says that there is no data: read to the end')
    this.#crc = 0
    this.#summedTo = this.#at
    this.#at += size
    this.#partEnd = dataSize === 0 ? Number.POSITIVE_INFINITY : this.#offset + this.#at + dataSize
    this.#locals = []
    this.#last = 0
    this.#state = 'messages'
    this.#sink.begin()
  }

  #readMessages(final: boolean): boolean {
    // The last two bytes may be the checksum of a file whose stated size is wrong, so they are messages only as a last resort.
    const end = this.#bytes.length
    for (;;) {
      const at = this.#at
      if (this.#offset + at >= this.#partEnd) return this.#endPart(final)
      if (this.#partEnd === Number.POSITIVE_INFINITY && this.#isHeader(at + crcBytes)) return this.#closePart()
      if (at >= end - crcBytes) return final && this.#endEarly()
      const length = this.#messageLength(at, end)
      if (length === 0) return true
      if (length === undefined || at + length > end - crcBytes) {
        if (!final) return false
        if (length === undefined || at + length > end || this.#sumMatches(end - crcBytes)) return this.#endEarly()
      }
      if (this.#offset + at + length > this.#partEnd) this.#runOn()
      this.#readMessage(at)
      this.#at = at + length
    }
  }

  /** Undefined: more bytes are needed. 0: it cannot be read, and we are lost. */
  #messageLength(at: number, end: number): number | undefined {
    const header = this.#bytes[at] as number
    if ((header & 0xc0) === 0x40) return definitionLength(this.#bytes, at, end)
    const local = this.#locals[header & 0x80 ? (header >> 5) & 3 : header & 15]
    if (local) return 1 + local.size
    this.#losses.warn(
      'message_undefined',
      `byte ${this.#offset + at} names a message that was not defined; the rest is skipped`,
    )
    this.#state = 'lost'
    return 0
  }

  #readMessage(at: number): void {
    const header = this.#bytes[at] as number
    if ((header & 0xc0) === 0x40) {
      const definition = readDefinition(this.#bytes, at)
      this.#locals[header & 15] = { ...definition, read: this.#sink.define(definition) }
      return
    }
    const compressed = header & 0x80
    const local = this.#locals[compressed ? (header >> 5) & 3 : header & 15]
    if (!local) return
    let time = Number.NaN
    if (compressed && this.#last > 0) time = this.#last = rollForward(this.#last, header & 31)
    if (local.timeAt >= 0) {
      const stated = this.#view.getUint32(at + 1 + local.timeAt, local.little)
      if (stated !== 0xffffffff) time = this.#last = stated
    }
    local.read(this.#view, at + 1, time, this.#last)
  }

  /** The stated end of the data: a checksum must follow, then nothing or another part. */
  #endPart(final: boolean): boolean {
    const left = this.#bytes.length - this.#at
    if (left < crcBytes + shortHeader && !final) return false
    if (left < crcBytes) {
      this.#losses.warn('truncated', 'the file ends before its checksum')
      this.#at = this.#bytes.length
      this.#state = 'header'
      return false
    }
    if (this.#sumMatches(this.#at) || left === crcBytes || this.#isHeader(this.#at + crcBytes)) return this.#closePart()
    this.#runOn()
    return true
  }

  #runOn(): void {
    this.#losses.warn('data_size_wrong', 'the data does not end where the header says: read to the end')
    this.#partEnd = Number.POSITIVE_INFINITY
  }

  #closePart(): boolean {
    if (!this.#sumMatches(this.#at)) {
      const stated = this.#view.getUint16(this.#at, true)
      this.#losses.warn(
        'crc_mismatch',
        stated === 0 ? 'the checksum was never written' : 'the checksum of the file is wrong',
      )
    }
    this.#at += crcBytes
    this.#state = 'header'
    return this.#at < this.#bytes.length
  }

  /** The file is over and no complete message is left. */
  #endEarly(): boolean {
    const end = this.#bytes.length
    if (this.#at === end - crcBytes && this.#sumMatches(this.#at)) {
      if (this.#partEnd !== Number.POSITIVE_INFINITY) this.#runOn()
    } else if (this.#partEnd === Number.POSITIVE_INFINITY && this.#at >= end - crcBytes) {
      this.#losses.warn('crc_mismatch', 'the checksum of the file is wrong or missing')
    } else this.#losses.warn('truncated', `the file ends at byte ${this.#offset + end}, in the middle of its data`)
    this.#at = end
    this.#state = 'header'
    return false
  }

  #seekHeader(final: boolean): boolean {
    for (; this.#at + shortHeader <= this.#bytes.length; this.#at++) {
      if (!this.#isHeader(this.#at)) continue
      this.#state = 'header'
      return true
    }
    if (final) this.#at = this.#bytes.length
    return false
  }

  #isHeader(at: number): boolean {
    return (
      at + shortHeader <= this.#bytes.length &&
      (this.#bytes[at] as number) >= shortHeader &&
      this.#view.getUint32(at + 8, true) === magic
    )
  }

  #sumTo(at: number): void {
    if (this.#state === 'messages' && at > this.#summedTo) {
      this.#crc = crc16(this.#bytes, this.#summedTo, at, this.#crc)
    }
    this.#summedTo = at
  }

  #sumMatches(at: number): boolean {
    if (at < this.#summedTo || at + crcBytes > this.#bytes.length) return false
    this.#sumTo(at)
    return this.#crc === this.#view.getUint16(at, true)
  }
}

/** A compressed header holds the low five bits of the time; they only ever move forward. */
function rollForward(last: number, low: number): number {
  return last + ((low - last) & 31)
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
