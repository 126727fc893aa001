/** Records that wait for one reason and came from one place. Pure. */
import type { Quarantined } from '../../api/types.ts'
import { formatWord } from '../../util/import-words.ts'

export interface Kind
  extends Pick<Quarantined, 'code' | 'detail' | 'format' | 'file_name' | 'import_id' | 'connection_id' | 'feed'> {
  key: string
  /** How many of those that are shown. */
  shown: number
}

type Place = Pick<Quarantined, 'code' | 'import_id' | 'file_name' | 'connection_id' | 'feed'>

const keyOf = ({ code, import_id, file_name, connection_id = null, feed = null }: Place): string =>
  JSON.stringify([code, import_id, file_name, connection_id, feed])

export const isOfKind = (record: Place, { key }: Kind): boolean => keyOf(record) === key

/** Those with several records, the largest first; the reason is the newest's. */
export function kindsOf(items: readonly Quarantined[]): Kind[] {
  const kinds = new Map<string, Kind>()
  for (const record of items) {
    const key = keyOf(record)
    const known = kinds.get(key)
    if (known) known.shown++
    else kinds.set(key, { ...record, key, shown: 1 })
  }
  return [...kinds.values()].filter(({ shown }) => shown > 1).sort((a, b) => b.shown - a.shown)
}

export const fromWords = ({ file_name, format, feed }: Pick<Quarantined, 'file_name' | 'format' | 'feed'>): string =>
  [file_name, formatWord(format), feed].filter(Boolean).join(' · ')
