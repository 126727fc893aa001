/** What of a connection waits in quarantine, and how it leaves when the connection tells the same as something that can be used. */
import { sql } from 'kysely'
import type { Read } from '../db/database.ts'
import type { FlushStatement } from '../samples/flush.queries.ts'

export interface ListOfConnection {
  userId: string
  connectionId: string
  feed: string | null
}

export interface WaitingValue {
  record_id: string
  kind: string
  /** The one its source gave it. */
  id: string | null
  metric: string | null
  /** ms, or a date. */
  at: string | null
}

const ofList = ({ userId, connectionId, feed }: ListOfConnection) => sql`
  user_id = ${userId} and connection_id = ${connectionId} and feed is not distinct from ${feed}`

export async function findWaiting(tx: Read, list: ListOfConnection): Promise<WaitingValue[]> {
  const { rows } = await sql<WaitingValue>`
    select record_id, raw::json ->> 'kind' as kind, coalesce(raw::json ->> 'recordId', raw::json ->> 'externalId') as id, raw::json ->> 'metric' as metric,
      coalesce(raw::json ->> 't', raw::json ->> 'start', raw::json ->> 'date', raw::json #>> '{track,t,0}') as at
    from quarantine
    where ${ofList(list)} and kind = 'reading'`.execute(tx)
  return rows
}

/** Records that could not be read at all. */
export async function hasUnread(tx: Read, list: ListOfConnection): Promise<boolean> {
  const { rows } = await sql`
    select from quarantine
    where ${ofList(list)} and kind = 'record'
    limit 1`.execute(tx)
  return rows.length > 0
}

export const deleteTaken = {
  name: 'quarantine_delete_taken',
  types: ['uuid', 'jsonb'],
  text: `
    delete from quarantine q
    using unnest($1::uuid[], $2::jsonb[]) as n (user_id, record_ids)
    where q.user_id = n.user_id and q.record_id = any (select jsonb_array_elements_text(n.record_ids)::uuid)`,
} as const satisfies FlushStatement

export const deleteRead = {
  name: 'quarantine_delete_read',
  types: ['uuid', 'uuid', 'text', 'jsonb'],
  text: `
    delete from quarantine q
    using unnest($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[]) as n (user_id, connection_id, feed, raws)
    where q.user_id = n.user_id and q.connection_id = n.connection_id and q.feed is not distinct from n.feed
      and q.kind = 'record' and q.raw = any (select jsonb_array_elements_text(n.raws))`,
} as const satisfies FlushStatement
