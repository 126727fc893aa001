/** People with a connection each, whose tokens a cloud of ours gave out, knows again and renews at every use. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type pg from 'pg'
import { uuidv7 } from 'uuidv7'
import { addFeeds, joinAccount, setConnected } from '../src/connect/connections.queries.ts'
import { createVault } from '../src/connect/vault.ts'
import type { Database } from '../src/platform/db/database.ts'
import type { Sealing } from '../src/platform/sealing.ts'
import { hashToken, makeToken } from '../src/platform/tokens.ts'

export interface Holder {
  userId: string
  connectionId: string
  /** At the cloud. */
  account: string
  apiKey: string
}

export interface TokenCloud {
  origin: string
  renewals: number
  /** Calls with a token that it knows. */
  reads: number
  /** Of these by one account. */
  readsOf(account: string): number
  /** What came that it never gave out. */
  strangers: string[]
  /** Whether it gave this refresh token to this account. */
  knows(account: string, refreshToken: string): boolean
  stop(): Promise<void>
}

export const appSecret = 'the secret of an app at the cloud'

/** Takes every token that it ever gave out: what dies between its answer and the disk is not what is proved here. */
export async function openTokenCloud(): Promise<TokenCloud> {
  const issued = new Map<string, number>()
  const read = new Map<string, number>()
  const given = (token: string | undefined) => {
    const [, kind, account = '', number] = /^(access|refresh)-(\d+)-(\d+)$/.exec(token ?? '') ?? []
    return kind && Number(number) <= (issued.get(account) ?? 0) ? { kind, account } : undefined
  }
  const cloud: Omit<TokenCloud, 'origin' | 'stop'> = {
    renewals: 0,
    reads: 0,
    readsOf: (account) => read.get(account) ?? 0,
    strangers: [],
    knows: (account, token) => given(token)?.account === account && token.startsWith('refresh-'),
  }
  const answer = (path: string, authorization: string | undefined, form: URLSearchParams): [number, object] => {
    if (path !== '/oauth/token') {
      const reader = given(authorization?.replace('Bearer ', ''))
      if (reader?.kind === 'access') {
        cloud.reads++
        read.set(reader.account, cloud.readsOf(reader.account) + 1)
        return [200, { workouts: [], total: 0, page: 1, per_page: 30 }]
      }
      cloud.strangers.push(`a call to ${path}`)
      return [401, { error: 'unknown' }]
    }
    const holder = given(form.get('refresh_token') ?? undefined)
    if (holder?.kind !== 'refresh' || form.get('client_secret') !== appSecret) {
      cloud.strangers.push('a question for new tokens')
      return [400, { error: 'invalid_grant' }]
    }
    cloud.renewals++
    const number = (issued.get(holder.account) ?? 0) + 1
    issued.set(holder.account, number)
    return [200, { ...tokensOf(holder.account, number), expires_in: 1 }]
  }
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    const { pathname } = new URL(request.url ?? '/', 'http://cloud')
    const [status, body] = answer(pathname, request.headers.authorization, new URLSearchParams(text))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(cloud, {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

const tokensOf = (account: string, number: number) => ({
  access_token: `access-${account}-${number}`,
  refresh_token: `refresh-${account}-${number}`,
})

/** Each with tokens that want renewing at their first use. */
export async function makeHolders(admin: pg.Client, db: Database, sealing: Sealing, count: number): Promise<Holder[]> {
  const holders = Array.from({ length: count }, (_, at) => ({
    userId: uuidv7(),
    connectionId: uuidv7(),
    account: String(at + 1),
    apiKey: makeToken('apiKey'),
  }))
  await admin.query(
    `insert into tributary.users (user_id, email, role) select id, id || '@example.org', 'member' from unnest($1::uuid[]) as id`,
    [holders.map(({ userId }) => userId)],
  )
  await admin.query(
    `insert into tributary.api_keys (user_id, api_key_id, name, scopes, prefix, key_hash)
     select user_id, gen_random_uuid(), 'load', '{sync:write}', 'trb_', hash from unnest($1::uuid[], $2::bytea[]) as n (user_id, hash)`,
    [holders.map(({ userId }) => userId), holders.map(({ apiKey }) => hashToken(apiKey))],
  )
  await inLanes(holders, (holder) => connect(db, sealing, holder))
  return holders
}

async function connect(db: Database, sealing: Sealing, { userId, connectionId, account }: Holder): Promise<void> {
  const vault = createVault(db, sealing)
  const { access_token: accessToken, refresh_token: refreshToken } = tokensOf(account, 0)
  await db.write({ userId }, async (tx) => {
    await joinAccount(tx, { userId, provider: 'wahoo', account, former: [], newId: connectionId })
    await setConnected(tx, userId, connectionId, {
      authKind: 'oauth2',
      scopes: ['user_read', 'workouts_read'],
      profile: {},
      region: null,
      expiresAt: null,
      renewIdleAt: null,
      isDemo: false,
      at: new Date(),
    })
    await addFeeds(tx, userId, connectionId, ['workouts'])
    const tokens = { accessToken, refreshToken, renewAt: 1 }
    await vault.seal(tx, { userId, connectionId, provider: 'wahoo' }, 'tokens', tokens)
  })
}

/** As many at once as the database takes. */
export async function inLanes<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = all.values()
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      for (const one of left) await work(one)
    }),
  )
}
