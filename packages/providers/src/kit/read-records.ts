/** Records of a page, judged one by one: a bad one never loses the good ones. */
import type { Feed, ReadContext, RecordSource, Told } from './feed.ts'

export interface ReadRecord {
  source: RecordSource | undefined
  told: readonly Told[]
}

/** A record that could not be read, whole, with the reason. */
export interface UnreadRecord {
  record: unknown
  code: 'record_malformed' | 'record_unreadable'
  detail: string
}

/** A reader that finds a record impossible throws this; the detail is for people. */
export class RecordError extends Error {
  override name = 'RecordError'
}

export function readRecord(feed: Feed, record: unknown, context: ReadContext): ReadRecord | UnreadRecord {
  const parsed = feed.raw.safeParse(record)
  if (!parsed.success) {
    const [first] = parsed.error.issues
    const where = first?.path.join('.') ?? ''
    return { record, code: 'record_malformed', detail: where ? `${where}: ${first?.message}` : (first?.message ?? '') }
  }
  try {
    return { source: feed.source?.(parsed.data), told: [...feed.read(parsed.data, context)] }
  } catch (error) {
    if (!(error instanceof RecordError)) throw error
    return { record, code: 'record_unreadable', detail: error.message }
  }
}

export const isUnread = (result: ReadRecord | UnreadRecord): result is UnreadRecord => 'code' in result
