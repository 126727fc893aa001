/** What tests start from: an empty migrated database, a whole server on it, and people who are signed in. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { inject } from 'vitest'
import { readConfig } from '../src/config.ts'
import type { Clock } from '../src/platform/clock.ts'
import { type Database, openDatabase } from '../src/platform/db/database.ts'
import { type Running, start } from '../src/start.ts'
import { template } from './global-setup.ts'

export interface FreshDatabase {
  name: string
  /** A superuser's connection, for looking behind the curtain. */
  admin: pg.ClientConfig
  url: string
  roleSecret: string
  open(): Database
  drop(): Promise<void>
}

/** A database of its own, copied from the migrated template. */
export async function freshDatabase({ from = template }: { from?: string } = {}): Promise<FreshDatabase> {
  const { host, port, user, password, roleSecret } = inject('cluster')
  const name = `t_${randomBytes(6).toString('hex')}`
  await asAdmin({ host, port, user, password, database: 'postgres' }, (client) =>
    client.query(`create database ${name} template ${from}`),
  )
  const admin = { host, port, user, password, database: name }
  return {
    name,
    admin,
    url: `postgresql://${user}:${encodeURIComponent(password)}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`,
    roleSecret,
    open: () => openDatabase({ address: { host, port, database: name }, roleSecret, onError: () => undefined }),
    drop: () =>
      asAdmin(
        { ...admin, database: 'postgres' },
        async (client) => void (await client.query(`drop database if exists ${name} with (force)`)),
      ),
  }
}

export async function asAdmin<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export interface TestServer extends Running {
  database: FreshDatabase
  dataDir: string
  /** Calls a path with JSON in and out. */
  call(method: string, path: string, options?: CallOptions): Promise<{ status: number; headers: Headers; body: never }>
  /** Makes the owner account and answers its access token. */
  owner(): Promise<SignedInPerson>
  /** Makes another account by invite. */
  person(role?: 'admin' | 'member' | 'viewer'): Promise<SignedInPerson>
}

export interface CallOptions {
  token?: string
  body?: unknown
  headers?: Record<string, string>
}

export interface SignedInPerson {
  userId: string
  email: string
  password: string
  token: string
  refreshToken: string
}

export interface ServerOptions {
  env?: Record<string, string>
  clock?: Clock
  database?: FreshDatabase
}

/** The whole program on a fresh database and a free port. */
export async function startServer({ env = {}, clock, database }: ServerOptions = {}): Promise<TestServer> {
  const own = database ?? (await freshDatabase())
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-data-'))
  const config = readConfig({
    DATA_DIR: dataDir,
    PORT: '0',
    DATABASE_URL: own.url,
    DATABASE_ROLE_SECRET: own.roleSecret,
    ENVIRONMENT: 'test',
    ...env,
  })
  const running = await start({ config, log: pino({ level: 'silent' }), ...(clock ? { clock } : {}) })
  const call: TestServer['call'] = async (method, path, { token, body, headers = {} } = {}) => {
    const answer = await fetch(`${running.url}${path}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    const json = answer.headers.get('content-type')?.includes('json')
    return { status: answer.status, headers: answer.headers, body: (json && text ? JSON.parse(text) : text) as never }
  }
  let owner: Promise<SignedInPerson> | undefined
  const server: TestServer = {
    ...running,
    database: own,
    dataDir,
    call,
    owner: () => (owner ??= register(call, 'owner@example.org')),
    person: async (role = 'member') => {
      const { token } = await server.owner()
      const made = await call('POST', '/api/v1/invites', { token, body: { role } })
      return register(call, `${randomBytes(4).toString('hex')}@example.org`, (made.body as { invite: string }).invite)
    },
    stop: async () => {
      await running.stop()
      await rm(dataDir, { recursive: true, force: true })
      if (!database) await own.drop()
    },
  }
  return server
}

async function register(call: TestServer['call'], email: string, invite?: string): Promise<SignedInPerson> {
  const password = 'correct horse battery staple'
  const { status, body } = await call('POST', '/api/v1/auth/register', {
    body: { email, password, ...(invite ? { invite } : {}) },
  })
  if (status !== 201) throw new Error(`registering ${email} answered ${status}: ${JSON.stringify(body)}`)
  const made = body as { user: { user_id: string }; access_token: string; refresh_token: string }
  return { userId: made.user.user_id, email, password, token: made.access_token, refreshToken: made.refresh_token }
}
