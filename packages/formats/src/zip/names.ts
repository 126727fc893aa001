import { type Entry, getFileNameLowLevel, validateFileName } from 'yauzl'
import { FormatError } from '../parsed-file.ts'
import { zipLimits } from './limits.ts'

const utf8Flag = 0x800
const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/** The path of an entry with forward slashes. One that leads out of the archive condemns the whole: nobody packs such by mistake. */
export function pathOf(entry: Entry): string {
  if (entry.fileNameLength > zipLimits.path) {
    throw new FormatError('zip_path', `the archive has a name of ${entry.fileNameLength} characters`)
  }
  const flags = entry.generalPurposeBitFlag | (isUtf8(entry.fileNameRaw) ? utf8Flag : 0)
  const path = getFileNameLowLevel(flags, entry.fileNameRaw, entry.extraFields, false)
  if (path.includes('\u0000') || validateFileName(path) !== null) {
    throw new FormatError('zip_path', `the archive has a file that would lie outside of it: ${JSON.stringify(path)}`)
  }
  return path.replace(/^(\.\/)+/, '').replace(/\/{2,}/g, '/')
}

/** macOS and many servers write UTF-8 without saying so; text in CP437 is next to never valid UTF-8. */
function isUtf8(raw: Uint8Array): boolean {
  try {
    strictUtf8.decode(raw)
    return true
  } catch {
    return false // the decoder's TypeError is the only way to ask
  }
}

/** Resource forks of macOS and directories are no contents. */
export function isContent(path: string): boolean {
  return path !== '' && !path.endsWith('/') && !path.split('/').includes('__MACOSX')
}

/** Two files of one name are both kept: the later ones become `name (2).json`. */
export function uniquePath(path: string, taken: ReadonlySet<string>, next: Map<string, number>): string {
  if (!taken.has(path)) return path
  const [, stem, ending] = /^(.*?)((?:\.[^./]*)?)$/s.exec(path) as unknown as [string, string, string]
  // Where the last one of this name left off: looking from the beginning again, 200,000 of one name would take minutes.
  for (let n = next.get(path) ?? 2; ; n++) {
    const other = `${stem} (${n})${ending}`
    next.set(path, n + 1)
    if (!taken.has(other)) return other
  }
}
