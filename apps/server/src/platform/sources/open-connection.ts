/** What is stored for a connection is stored only while it stands: whoever ends it waits for what is under way, and what comes later is undone. */
import type { Guard } from '../samples/arrival.ts'
import { SeriesGone } from '../samples/errors.ts'
import type { FlushStatement } from '../samples/flush.queries.ts'
import type { ConnectionPlace } from './connection-sources.queries.ts'

/** It was ended while something was on its way to it. */
export class ConnectionEnded extends SeriesGone {
  override name = 'ConnectionEnded'
}

const holdOpenConnection = {
  name: 'connections_hold_open',
  types: ['uuid', 'uuid'],
  text: `
    select c.connection_id::text from connections c
    join unnest($1::uuid[], $2::uuid[]) as n (user_id, connection_id) using (user_id, connection_id)
    where c.status <> 'ended'
    for share of c`,
} as const satisfies FlushStatement

/** The tellings of a connection take turns, so that its key stands once in a flush. */
export const whileOpen = ({ userId, connectionId }: ConnectionPlace): Guard => ({
  statement: holdOpenConnection,
  row: [userId, connectionId],
  key: connectionId,
})
