/** What is measured: the program as it is started in earnest, on a PostgreSQL of its own with everything durable. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { type RunningPostgres, startPostgres } from '../src/platform/postgres/start.ts'
import { freePort } from '../test/free-port.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export interface Cluster {
  postgres: RunningPostgres
  /** Of the database, on the disk that is measured. */
  dataDir: string
  config: pg.ClientConfig
  /** Makes an empty database and answers how to reach it. */
  database(name: string): Promise<{ config: pg.ClientConfig; url: string }>
  stop(): Promise<void>
}

export async function startCluster(): Promise<Cluster> {
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-bench-'))
  const postgres = await startPostgres({ dataDir, log: () => undefined })
  const { host, port, user, password } = postgres
  const config = { host, port, user, password, database: 'postgres' }
  return {
    postgres,
    dataDir,
    config,
    database: async (name) => {
      await withClient(config, (client) => client.query(`create database ${name}`))
      return {
        config: { ...config, database: name },
        url: `postgresql://${user}:${encodeURIComponent(password)}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`,
      }
    },
    stop: async () => {
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export async function withClient<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config)
  client.on('error', () => undefined) // a bench that failed stops the cluster under its neighbours
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export interface ServerUnderTest {
  url: string
  port: number
  pid: number
  token: string
  /** Calls a route as the owner and answers its JSON. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>
  newDevice(name: string): Promise<string>
  stop(): Promise<void>
}

export const owner = { email: 'owner@example.org', password: 'a long sentence nobody guesses' }

export async function startServerUnderTest(env: Record<string, string>): Promise<ServerUnderTest> {
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-bench-data-'))
  const port = await freePort()
  // As `npm start` starts it (scripts/lib/launch.mjs).
  const child = spawn(process.execPath, ['--min-semi-space-size=16', '--max-semi-space-size=16', main], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      MALLOC_ARENA_MAX: '2',
      MALLOC_MMAP_THRESHOLD_: String(128 * 1024),
      MALLOC_TRIM_THRESHOLD_: String(128 * 1024),
      ...process.env,
      DATA_DIR: dataDir,
      PORT: String(port),
      OWNER_EMAIL: owner.email,
      OWNER_PASSWORD: owner.password,
      RATE_LIMIT_PER_SECOND: '1000000',
      LOG_LEVEL: 'ERROR',
      ...env,
    },
  })
  const url = `http://127.0.0.1:${port}`
  await untilHealthy(url, child)
  const signedIn = await fetchJson<{ access_token: string }>(`${url}/api/v1/auth/login`, {
    method: 'POST',
    body: owner,
  })
  const token = signedIn.access_token
  const call = <T>(method: string, path: string, body?: unknown) =>
    fetchJson<T>(`${url}${path}`, { method, body, token })
  return {
    url,
    port,
    pid: child.pid ?? 0,
    token,
    call,
    newDevice: async (name) => {
      const made = await call<{ device_id: string }>('POST', '/api/v1/devices', {
        device_type: 'bench',
        device_name: name,
        integration_type: 'api',
      })
      return made.device_id
    },
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'exit')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export async function fetchJson<T>(
  url: string,
  { method, body, token }: { method: string; body?: unknown; token?: string },
): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: {
      'accept-encoding': 'identity', // the machine at the other end is this one: packing would be measured, not reading
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${text}`)
  return (text ? JSON.parse(text) : undefined) as T
}

export async function untilHealthy(url: string, child: ChildProcess, limitMs = 60_000): Promise<number> {
  const begun = performance.now()
  while (performance.now() - begun < limitMs) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    const alive = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (alive) return performance.now() - begun
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`no /health within ${limitMs} ms`)
}
