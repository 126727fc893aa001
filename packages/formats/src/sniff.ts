import { tableOf } from '@tributary/protocol'

export type Sniffed =
  | 'fit'
  | 'tcx'
  | 'gpx'
  | 'gzip'
  | 'zip'
  | 'apple_health'
  | 'kml'
  | 'html'
  | 'xml'
  | 'json'
  | 'sqlite'
  | 'pdf'

/** Bytes from the start of a file that are enough for `sniff`. */
export const sniffLength = 4096

const roots: Record<string, Sniffed> = tableOf({
  TrainingCenterDatabase: 'tcx',
  gpx: 'gpx',
  HealthData: 'apple_health',
  kml: 'kml',
  html: 'html',
  HTML: 'html',
})

/** What a file is, by its first bytes; its name lies too often. Undefined when nothing is recognised. */
export function sniff(head: Uint8Array): Sniffed | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  if (latin(head, 0, 2) === 'PK') return 'zip'
  if (latin(head, 8, 12) === '.FIT') return 'fit'
  if (latin(head, 0, 15) === 'SQLite format 3') return 'sqlite'
  if (latin(head, 0, 5) === '%PDF-') return 'pdf'
  const text = headText(head).trimStart()
  if (text.startsWith('<')) return rootOf(text)
  return /^[{[]/.test(text) ? 'json' : undefined
}

function latin(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to))
}

function headText(head: Uint8Array): string {
  const first = head.subarray(0, sniffLength)
  const label =
    first[0] === 0xff && first[1] === 0xfe ? 'utf-16le' : first[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(label).decode(first)
}

/** The first element's name; declarations and comments before it are passed over, each bounded by the head. */
function rootOf(text: string): Sniffed {
  let rest = text
  for (;;) {
    rest = rest.trimStart()
    if (/^<!doctype\s+HealthData\b/i.test(rest)) return 'apple_health'
    if (/^<!doctype/i.test(rest)) return /^<!doctype\s+html/i.test(rest) ? 'html' : 'xml'
    const close = rest.startsWith('<!--') ? '-->' : rest.startsWith('<?') || rest.startsWith('<!') ? '>' : undefined
    if (!close) break
    const end = rest.indexOf(close)
    if (end < 0) return 'xml'
    rest = rest.slice(end + close.length)
  }
  const name = /^<(?:[\w.-]+:)?([\w.-]+)/.exec(rest)?.[1]
  return (name && roots[name]) || 'xml'
}
