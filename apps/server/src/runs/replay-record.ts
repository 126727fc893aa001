/** A provider's record that could not be read, tried again as records are read today. */
import type { Provider } from '@tributary/providers/kit'
import type { TakeTold } from '../ingest/telling.ts'
import type { Database } from '../platform/db/database.ts'
import { recordOf } from '../platform/readings/record-json.ts'
import { findTimeZone } from '../platform/sessions/records.queries.ts'
import { findConnection } from './connections.queries.ts'
import { takeRecords } from './take-records.ts'

interface WaitingRecord {
  connection_id: string
  feed: string | null
  raw: string
  created_at: Date
}

interface Reason {
  code: string
  detail: string
}

/** Why it still cannot be used; null when it was. */
export type ReplayRecord = (userId: string, record: WaitingRecord) => Promise<Reason | null>

const gone: Reason = {
  code: 'source_gone',
  detail: 'Its connection was removed, or the provider has this list no more',
}

export const createReplayRecord =
  (edges: { db: Database; takeTold: TakeTold; findProvider(id: string): Provider | undefined }): ReplayRecord =>
  async (userId, { connection_id: connectionId, feed: name, raw, created_at }) => {
    const { connection, timeZone } = await edges.db.read({ userId }, async (tx) => ({
      connection: await findConnection(tx, userId, connectionId),
      timeZone: await findTimeZone(tx, userId),
    }))
    const provider = connection && edges.findProvider(connection.provider)
    const feed = provider?.feeds[name ?? '']
    if (!connection || !provider || !feed || name === null) return gone
    const context = { account: connection.provider_account, now: created_at.getTime(), timeZone }
    const list = {
      userId,
      connectionId,
      provider: connection.provider,
      name,
      feed,
      context,
      evenEnded: true as const,
    }
    const [unread] = (await takeRecords(edges.takeTold, list, [recordOf(raw)])).unread
    return unread ? { code: unread.code, detail: unread.detail } : null
  }
