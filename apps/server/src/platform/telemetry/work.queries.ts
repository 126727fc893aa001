/** What stands and waits in the database, of everybody together: numbers by provider and state, and no row of anyone's. */
import { sql } from 'kysely'
import type { Read } from '../db/database.ts'

export interface Work {
  connections: { provider: string; state: string; n: number }[]
  notices: { provider: string; n: number }[]
  runs: { provider: string | null; n: number }[]
  imports: number
  quarantine: number
  /** Of the whole database. */
  bytes: number
}

export async function countWork(tx: Read): Promise<Work> {
  const connections = await sql<Work['connections'][number]>`
    select provider, case when paused_at is null then status else 'paused' end as state, count(*)::int4 as n from connections
    group by 1, 2 order by 1, 2`.execute(tx)
  const notices = await sql<Work['notices'][number]>`
    select provider, count(*)::int4 as n from hook_notices
    where done_at is null
    group by 1 order by 1`.execute(tx)
  const runs = await sql<Work['runs'][number]>`
    select provider, count(*)::int4 as n from sync_runs
    where status = 'pending'
    group by 1 order by 1`.execute(tx)
  const { rows } = await sql<Pick<Work, 'imports' | 'quarantine' | 'bytes'>>`
    select (select count(*)::int4 from imports where status in ('queued', 'reading')) as imports,
      (select count(*)::int4 from quarantine) as quarantine,
      pg_database_size(current_database())::float8 as bytes`.execute(tx)
  const { imports = 0, quarantine = 0, bytes = 0 } = rows[0] ?? {}
  return { connections: connections.rows, notices: notices.rows, runs: runs.rows, imports, quarantine, bytes }
}
