import { SaxesParser, type SaxesTagNS } from 'saxes'
import { xmlLimits } from '../limits.ts'
import type { Losses } from '../losses.ts'
import { FormatError } from '../parsed-file.ts'
import { textChunks } from './text-chunks.ts'

export interface XmlHandler {
  /** `attribute` looks up by local name. */
  open(name: string, uri: string, attribute: (name: string) => string | undefined): void
  /** `text` is all text directly inside, trimmed. */
  close(name: string, uri: string, text: string): void
}

/** Slips of writers that leave the structure whole: undeclared prefixes, a bare `&`, control characters. */
const harmless = /unbound namespace prefix|entity|disallowed character\.|"xmlns" as prefix/

const sliceLength = 65_536
const longestText = 65_536

class Broken extends Error {}

/**
 * Reads XML as a stream. No document type and so no entities but the five of XML; depth, attributes and lengths are bounded.
 * A document that breaks off or breaks its own structure gives what came before, with a warning.
 */
export async function readXml(chunks: AsyncIterable<Uint8Array>, handler: XmlHandler, losses: Losses): Promise<void> {
  const reader = new GuardedParser(handler, losses)
  try {
    for await (const text of textChunks(chunks, (detail) => losses.warn('encoding_wrong', detail))) reader.write(text)
    reader.end()
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    losses.warn('xml_broken', `the XML ends early or is damaged: ${error.message}`)
  }
}

class GuardedParser {
  readonly #parser = new SaxesParser({ xmlns: true, position: true })
  readonly #text: string[] = []
  #sinceEvent = 0
  #attributes = 0

  constructor(handler: XmlHandler, losses: Losses) {
    const parser = this.#parser
    parser.on('doctype', refuseDoctype)
    parser.on('error', (error) => {
      if (!harmless.test(error.message)) throw new Broken(error.message)
      losses.warn('xml_sloppy', error.message)
    })
    parser.on('attribute', () => this.#countAttribute())
    parser.on('opentagstart', () => this.#begin())
    parser.on('opentag', (tag) => {
      this.#sinceEvent = 0
      handler.open(tag.local, uriOf(tag), (name) => attributeOf(tag, name))
    })
    parser.on('text', (text) => this.#append(text))
    parser.on('cdata', (text) => this.#append(text))
    parser.on('comment', () => this.#progress())
    parser.on('processinginstruction', () => this.#progress())
    parser.on('closetag', (tag) => {
      this.#sinceEvent = 0
      handler.close(tag.local, uriOf(tag), (this.#text.pop() ?? '').trim())
    })
  }

  write(text: string): void {
    for (let at = 0; at < text.length; at += sliceLength) {
      const slice = text.slice(at, at + sliceLength)
      this.#sinceEvent += slice.length
      this.#parser.write(slice)
      if (this.#sinceEvent > xmlLimits.token) {
        throw new FormatError(
          'xml_token_too_long',
          `a single text, name or attribute is longer than ${xmlLimits.token} characters`,
        )
      }
    }
  }

  end(): void {
    this.#parser.close()
  }

  #progress(): void {
    this.#sinceEvent = 0
  }

  #begin(): void {
    this.#attributes = 0
    this.#sinceEvent = 0
    this.#text.push('')
    if (this.#text.length > xmlLimits.depth) {
      throw new FormatError('xml_too_deep', `elements lie deeper than ${xmlLimits.depth} in each other`)
    }
  }

  #countAttribute(): void {
    this.#sinceEvent = 0
    if (++this.#attributes > xmlLimits.attributes) {
      throw new FormatError('xml_attributes_many', `an element has more than ${xmlLimits.attributes} attributes`)
    }
  }

  #append(text: string): void {
    this.#sinceEvent = 0
    const depth = this.#text.length - 1
    const before = this.#text[depth]
    if (before !== undefined && before.length < longestText) this.#text[depth] = before + text.slice(0, longestText)
  }
}

function refuseDoctype(): never {
  throw new FormatError(
    'xml_doctype',
    'the file declares a document type, which no activity needs and which is refused for safety',
  )
}

/** The parser gives an undeclared prefix as its own namespace; we take it for none. */
function uriOf(tag: SaxesTagNS): string {
  return tag.uri === tag.prefix ? '' : tag.uri
}

function attributeOf(tag: SaxesTagNS, name: string): string | undefined {
  const plain = tag.attributes[name]
  if (plain) return plain.value
  for (const attribute of Object.values(tag.attributes)) if (attribute.local === name) return attribute.value
  return undefined
}
