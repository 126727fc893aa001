/** Who wrote a record, from its `sourceName` and the debug line in its `device`. */
import type { SourceClaim } from '@tributary/protocol'
import type { PieceSource } from '../piece.ts'

const longestName = 200

/** The same for every spelling of a name: watches are called `Ana’s` and `Ana's`, with spaces that break and that do not. */
export function sourceKey(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[\u2018\u2019\u201b\u02bc\u00b4`]/g, "'")
    .replace(/[\u201c-\u201f\u00ab\u00bb]/g, '"')
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
    .toLowerCase()
    .slice(0, longestName)
}

/**
 * `<<HKDevice: 0x3017a5f0>, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch7,4, software:12.1>`.
 * The address is another one in every export, and `localIdentifier` on every phone: neither is a serial number. Hardware contains commas, so fields part only where a name and a colon follow.
 */
export function claimOf(device: string): SourceClaim {
  const inside = device.replace(/^<{1,2}HKDevice: 0x[0-9a-f]*>?,?\s*/i, '').replace(/>$/, '')
  const fields = new Map<string, string>()
  for (const part of inside.split(/, (?=\w+:)/)) {
    const colon = part.indexOf(':')
    if (colon > 0)
      fields.set(
        part.slice(0, colon).trim(),
        part
          .slice(colon + 1)
          .trim()
          .slice(0, longestName),
      )
  }
  const model = fields.get('hardware') || fields.get('model') || fields.get('name')
  return {
    ...given('manufacturer', fields.get('manufacturer')),
    ...given('model', model),
    ...given('firmware', fields.get('software') || fields.get('firmware')),
  }
}

export function pieceSource(name: string, claim: SourceClaim | undefined): PieceSource {
  const shown = name
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, longestName)
  return {
    key: sourceKey(name) || 'unknown',
    name: shown || 'Unknown source',
    ...(claim ?? (shown ? { app: shown } : {})),
  }
}

function given<K extends keyof SourceClaim>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value ? ({ [key]: value } as Record<K, string>) : {}
}
