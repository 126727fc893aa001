/**
 * The other side: the table and the upsert that the best-known open system of this kind uses (a UUID key, unique source + type + time,
 * rows in multi-VALUES inserts of at most 8,191), rebuilt behind the same HTTP server. No sign-in, no limits, no audit: every doubt in its favour.
 */
import fastify from 'fastify'
import pg from 'pg'
import { uuidv7 } from 'uuidv7'

export const peerTable = `
  create table peer_point (
    id uuid primary key,
    source_id uuid not null,
    series_type integer not null,
    recorded_at timestamptz not null,
    value numeric(10, 3) not null,
    unique (source_id, series_type, recorded_at)
  )`

interface Upload {
  values: { timestamp: string; value: number }[]
}

export async function insertPeerRows(pool: pg.Pool, source: string, values: Upload['values']): Promise<void> {
  for (let at = 0; at < values.length; at += 8_191) {
    const rows = values.slice(at, at + 8_191)
    const params: unknown[] = []
    const tuples = rows.map(({ timestamp, value }, i) => {
      params.push(uuidv7(), source, 1, timestamp, value)
      const n = i * 5
      return `($${n + 1}, $${n + 2}, $${n + 3}, $${n + 4}, $${n + 5})`
    })
    await pool.query(
      `insert into peer_point (id, source_id, series_type, recorded_at, value) values ${tuples.join(',')}
       on conflict (source_id, series_type, recorded_at) do update set value = excluded.value`,
      params,
    )
  }
}

async function serve(config: pg.PoolConfig): Promise<void> {
  const pool = new pg.Pool({ ...config, max: 16 })
  const app = fastify({ bodyLimit: 16e6 })
  app.post<{ Params: { source: string }; Body: Upload }>('/:source', async (request, reply) => {
    await insertPeerRows(pool, request.params.source, request.body.values)
    return reply.code(201).send({ received: request.body.values.length })
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const address = app.server.address()
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 })
}

if (process.send) process.once('message', serve)
