import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { expect, test } from 'vitest'
import { type ScanOptions, XmlScanner } from './scan-xml.ts'

type Event = [kind: string, name: string, rest: unknown]

function scan(document: string | Buffer, chunkLength = 1_000_000, options: ScanOptions = { text: true }) {
  const events: Event[] = []
  const sloppy: string[] = []
  const scanner = new XmlScanner(
    {
      open: (name, at) => events.push(['open', name, at.record()]),
      close: (name, text) => events.push(['close', name, text]),
      sloppy: (_, detail) => sloppy.push(detail),
    },
    options,
  )
  const bytes = Buffer.from(document)
  for (let at = 0; at < bytes.length; at += chunkLength) {
    scanner.write(bytes.subarray(at, at + chunkLength))
    scanner.run()
  }
  return { events, sloppy, ended: scanner.ended }
}

function saxes(document: string): Event[] {
  const events: Event[] = []
  const texts: string[] = []
  const parser = new SaxesParser()
  const add = (text: string) => {
    if (texts.length) texts.push((texts.pop() as string) + text)
  }
  parser.on('opentag', (tag) => {
    texts.push('')
    events.push(['open', tag.name, { ...(tag.attributes as Record<string, string>) }])
  })
  parser.on('text', add)
  parser.on('cdata', add)
  parser.on('closetag', (tag) => events.push(['close', tag.name, (texts.pop() ?? '').trim()]))
  parser.on('error', (error) => {
    throw error
  })
  parser.write(document).close()
  return events
}

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,12}$/)
const characters = fc.string({
  unit: fc.constantFrom(
    'a',
    'Z',
    '7',
    ' ',
    '.',
    ',',
    ':',
    '=',
    '/',
    '>',
    "'",
    'é',
    '’',
    '\u00a0',
    '🚴',
    '&amp;',
    '&lt;',
    '&gt;',
    '&quot;',
    '&apos;',
    '&#65;',
    '&#x1F6B4;',
  ),
  maxLength: 30,
})
const attributes = fc.dictionary(name, characters, { maxKeys: 9 })
const tag = (kids: fc.Arbitrary<string>) =>
  fc
    .tuple(
      name,
      attributes,
      fc.array(
        fc.oneof(
          kids,
          characters.map((text) => text.replaceAll('>', '')),
          fc.constant('<!-- > " -->'),
          fc.constant('<![CDATA[<a> & "]]>'),
        ),
        { maxLength: 5 },
      ),
      fc.constantFrom('', ' ', '\n\t'),
    )
    .map(([is, has, inside, space]) => {
      const open = `<${is}${Object.entries(has)
        .map(([key, value]) => ` ${space}${key}${space}=${space}"${value}"`)
        .join('')}${space}`
      return inside.length ? `${open}>${inside.join('')}</${is}${space}>` : `${open}/>`
    })
const leaf = tag(fc.constant(''))
const document = tag(tag(leaf))

test('the space between two words of a text is kept where a comment or an element parts them', () => {
  expect(scan('<a>one<!-- c --> <b/>two</a>', 7).events.at(-1)).toEqual(['close', 'a', 'one two'])
})

test('a sound document says the same as it does to a strict parser, in chunks of any size', () => {
  fc.assert(
    fc.property(document, fc.integer({ min: 1, max: 300 }), (text, chunkLength) => {
      const { events, sloppy, ended } = scan(text, chunkLength)
      expect(events).toEqual(saxes(text))
      expect(sloppy).toEqual([])
      expect(ended).toBe(true)
    }),
    { numRuns: runs(1000) },
  )
})

const elements = new Set(['Record', 'Entry', 'Root'])
const isTop = (is: string) => is === 'Record'
const tolerant: ScanOptions = { elements, isTop }
const recordsOf = (text: string) =>
  scan(text, 7, tolerant)
    .events.filter(([kind, is]) => kind === 'open' && is === 'Record')
    .map(([, , has]) => (has as { a?: string }).a)

test.each([
  [
    'a lost closing quote costs its own element',
    '<Root><Record a="1"/><Record a="2/>\n<Record a="3"/></Root>',
    ['1', undefined, '3'],
  ],
  ['a quote that was not escaped', '<Root><Record a="5" tall" b="x"/><Record a="3"/></Root>', ['5', '3']],
  [
    'an odd quote inside an entry',
    '<Root><Record a="1"><Entry key="k" value="5" 6"/></Record><Record a="3"/></Root>',
    ['1', '3'],
  ],
  ['a < and an & that were not escaped', '<Root><Record a="1 < 2 & 3"/><Record a="3"/></Root>', ['1 < 2 & 3', '3']],
  ['a lost end tag', '<Root><Record a="1"><Record a="2"/></Root>', ['1', '2']],
  ['an end tag of nothing', '<Root></Entry><Record a="1"/></Root>', ['1']],
  ['control characters', '<Root><Record a="1\u0000\u0007"/></Root>', ['1']],
  ['references to characters that there are not', '<Root><Record a="&#0;&#xD800;&x;"/></Root>', ['&#0;&#xD800;&x;']],
])('%s', (_, text, expected) => {
  expect(recordsOf(text)).toEqual(expected)
})

test('any bytes at all are survived, and give the same in one piece as in many', () => {
  const soup = fc
    .array(
      fc.constantFrom(
        '<',
        '>',
        '/',
        '"',
        "'",
        '=',
        '&',
        ' ',
        'a',
        '<Root>',
        '<Record a="',
        '</Record>',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '<?',
        '\u0000',
        'é',
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(soup, fc.integer({ min: 1, max: 20 }), (text, chunkLength) => {
      const whole = scan(text, 1_000_000, tolerant)
      expect(scan(text, chunkLength, tolerant).events).toEqual(whole.events)
    }),
    { numRuns: runs(3000) },
  )
})
