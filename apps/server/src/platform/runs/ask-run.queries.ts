import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../db/database.ts'

export type RunTrigger = 'manual' | 'automatic' | 'bulk' | 'webhook' | 'backfill' | 'push' | 'import' | 'retry'

export interface AskedRun {
  sync_id: string
  status: string
  trigger: RunTrigger
}

/** A run of a connection, to be taken up by the runner (wake it after the commit); the one under way when there is one. */
export async function askConnectionRun(
  tx: Write,
  {
    userId,
    connectionId,
    provider,
    trigger,
  }: { userId: string; connectionId: string; provider: string; trigger: RunTrigger },
): Promise<AskedRun> {
  const { rows } = await sql<AskedRun>`
    with made as (
      insert into sync_runs (user_id, sync_id, connection_id, provider, trigger, status)
      values (${userId}, ${uuidv7()}, ${connectionId}, ${provider}, ${trigger}, 'pending')
      on conflict (user_id, connection_id) where connection_id is not null and status in ('pending', 'running') do nothing
      returning sync_id, status, trigger
    )
    select sync_id, status, trigger from made
    union all
    select sync_id, status, trigger from sync_runs
    where user_id = ${userId} and connection_id = ${connectionId} and status in ('pending', 'running')
    limit 1`.execute(tx)
  const [run] = rows
  return run ?? askConnectionRun(tx, { userId, connectionId, provider, trigger }) // it ended between the two looks
}
