/** What tests start from: an empty migrated database, a whole server on it, and people who are signed in. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { readConfig } from '../src/config.ts'
import type { Clock } from '../src/platform/clock.ts'
import type { Log } from '../src/platform/log.ts'
import { resolveAll } from '../src/resolve/resolver.ts'
import { type Running, start } from '../src/start.ts'
import { embeddedDatabase, type FreshDatabase, freshDatabase } from './database.ts'

export { asAdmin, type FreshDatabase, freshDatabase } from './database.ts'

export interface TestServer extends Running {
  database: FreshDatabase
  dataDir: string
  /** Calls a path with JSON in and out. */
  call(method: string, path: string, options?: CallOptions): Promise<{ status: number; headers: Headers; body: never }>
  /** Makes the owner account and answers its access token. */
  owner(): Promise<SignedInPerson>
  /** Makes another account by invite. */
  person(role?: 'admin' | 'member' | 'viewer'): Promise<SignedInPerson>
  /** Works out at once what the background would get to within some seconds. */
  resolve(): Promise<void>
}

/** What a browser that was answered so sends back. */
export const cookiesOf = (headers: Headers): string =>
  headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')

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
  /** With the database that the program brings, beside its data. */
  embedded?: boolean
  /** Silent when absent. */
  log?: Log
}

const silent = pino({ level: 'silent' })

/** The whole program on a fresh database and a free port. */
export async function startServer({
  env = {},
  clock,
  database,
  embedded = false,
  log,
}: ServerOptions = {}): Promise<TestServer> {
  const given = embedded ? undefined : (database ?? (await freshDatabase()))
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-data-'))
  const config = readConfig({
    DATA_DIR: dataDir,
    PORT: '0',
    ...(given ? { DATABASE_URL: given.url, DATABASE_ROLE_SECRET: given.roleSecret } : {}),
    // The same for every server, because several may share one database.
    ENCRYPTION_KEY: 'sealing-in-tests-sealing-in-tests-sealing',
    JWT_SECRET_KEY: 'signing-in-tests-signing-in-tests-signing',
    ENVIRONMENT: 'test',
    ...env,
  })
  const running = await start({ config, log: log ?? silent, ...(clock ? { clock } : {}) })
  const own = given ?? (await embeddedDatabase(dataDir, running.parts.secrets.databaseRoles))
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
    const json = answer.headers.get('content-type')?.match(/[/+]json/)
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
    resolve: async () => {
      const db = own.open()
      await resolveAll(db, silent)
      await db.close()
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
