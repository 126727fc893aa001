import { utf16Label } from '../json/utf8.ts'

/** The first bytes of a text, in whatever encoding; undefined when they are no text. The last character may be cut off. */
export function textOf(head: Uint8Array): string | undefined {
  const text = decode(head).replace(/^\uFEFF/, '')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what no text has is what is looked for.
  return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text) ? undefined : text
}

function decode(head: Uint8Array): string {
  const label = utf16Label(head)
  if (label) return new TextDecoder(label).decode(head, { stream: true })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
  } catch {
    return new TextDecoder('windows-1252').decode(head)
  }
}
