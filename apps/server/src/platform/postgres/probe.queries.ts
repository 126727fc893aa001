import { Client } from 'pg'
import type { Endpoint } from './settings.ts'

/**
 * What a real connection attempt finds; log lines are in the language of the day and prove nothing.
 *   absent     nobody listens
 *   starting   a server is there and not yet (or no longer) taking connections
 *   denied     a server is there and refuses us for good
 *   ready      a server answers, and says which cluster it serves
 */
export type Finding =
  | { state: 'absent' | 'starting' }
  | { state: 'denied'; reason: string }
  | { state: 'ready'; dataDirectory: string | undefined }

const notListening = ['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE']

export async function probe({ host, port }: Endpoint, password: string): Promise<Finding> {
  const client = new Client({
    host,
    port,
    password,
    user: 'postgres',
    database: 'postgres',
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  })
  client.on('error', ignoreAfterConnect)
  try {
    await client.connect()
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    return { state: 'ready', dataDirectory: rows[0]?.data_directory }
  } catch (error) {
    return explain(error as Error & { code?: string })
  } finally {
    await client.end()
  }
}

/** A server that goes away between our two questions; the question itself fails too and says so. */
function ignoreAfterConnect(): void {}

function explain(error: Error & { code?: string }): Finding {
  if (error.code && notListening.includes(error.code)) return { state: 'absent' }
  if (error.code === '53300') return { state: 'ready', dataDirectory: undefined } // too many connections: others got in
  if (error.code === '28P01')
    return { state: 'denied', reason: 'it does not take the password in DATA_DIR/secrets/postgres' }
  if (error.code === 'EACCES') return { state: 'denied', reason: `its socket may not be opened (${error.message})` }
  return { state: 'starting' } // 57P03, a timeout, a connection cut during shutdown: ask again
}
