/** Small in `npm test`; `npm run prove deep` kills by the hundred. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { seed } from '@tributary/protocol/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin, type FreshDatabase, freshDatabase } from '../../test/database.ts'
import type { Database } from '../platform/db/database.ts'
import { openSealing } from '../platform/sealing.ts'
import { joinAccount, setConnected } from './connections.queries.ts'
import { createVault } from './vault.ts'

const kills = process.env['DEEP'] ? 200 : 3
const ref = { userId: '0194fdc2-fa2f-7cc0-81d3-ff12045b73c8', connectionId: '0194fdc2-fa2f-7cc0-81d3-ff12045b7300' }
const encryptionKey = 'one key of at least thirty-two characters'

let database: FreshDatabase
let db: Database
let dataDir: string
let server: Server
let origin: string

/** `strict` ends everything when a refresh token comes twice; otherwise the former one is good until the new one was used. */
const cloud = { strict: true, issued: 0, used: 0, revoked: false, answered: () => undefined as undefined }

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (part) => {
      text += part
    })
    request.on('end', () => {
      const reply = (status: number, body: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      const isToken = request.url === '/oauth/token'
      const number = Number(
        isToken
          ? new URLSearchParams(text).get('refresh_token')?.slice(1)
          : request.headers.authorization?.slice('Bearer a'.length),
      )
      const isGood = number === cloud.issued || (!cloud.strict && isToken && number >= cloud.used)
      if (isToken && !isGood && cloud.strict) cloud.revoked = true
      if (!isGood || cloud.revoked) return reply(isToken ? 400 : 401, { error: 'invalid_grant' })
      cloud.used = number
      if (!isToken) return reply(200, { id: 1 })
      cloud.issued++
      response.on('finish', () => cloud.answered())
      return reply(200, { access_token: `a${cloud.issued}`, refresh_token: `r${cloud.issued}`, expires_in: 3600 })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  database = await freshDatabase()
  db = database.open()
  await asAdmin(database.admin, (client) =>
    client.query(
      `insert into tributary.users (user_id, email, role) values ('${ref.userId}', 'ada@example.org', 'member')`,
    ),
  )
})
afterAll(async () => {
  await db.close()
  await database.drop()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const versionOf = async () =>
  await db.read({ userId: ref.userId }, (tx) =>
    tx.selectFrom('connections').select(['token_version', 'status', 'error_code']).executeTakeFirstOrThrow(),
  )

async function signIn(at: number): Promise<number> {
  const vault = createVault(db, await openSealing(encryptionKey, db))
  Object.assign(cloud, { issued: cloud.issued + 1, used: cloud.issued + 1, revoked: false })
  await db.write({ userId: ref.userId }, async (tx) => {
    await joinAccount(tx, { userId: ref.userId, provider: 'wahoo', account: '1', former: [], newId: ref.connectionId })
    await setConnected(tx, ref.userId, ref.connectionId, {
      authKind: 'oauth2',
      scopes: [],
      profile: {},
      region: null,
      expiresAt: null,
      renewIdleAt: null,
      isDemo: false,
      at: new Date(at),
    })
    await vault.seal(tx, { ...ref, provider: 'wahoo' }, 'tokens', {
      accessToken: `a${cloud.issued}`,
      refreshToken: `r${cloud.issued}`,
      renewAt: at,
    })
  })
  return (await versionOf()).token_version
}

interface Killed {
  lost: number
  /** Answers that were sent whole and are neither in the database nor on disk. */
  unwritten: number
}

/** One that renews as often as it is told to, or until somebody ends it. */
function startRefresher(now: number, renewals?: number): { child: ChildProcess; ended: Promise<unknown[]> } {
  const { host, port } = database.admin
  const child = spawn(process.execPath, [fileURLToPath(new URL('./test-refresher.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      REFRESHER: JSON.stringify({
        address: { host, port, database: database.name },
        roleSecret: database.roleSecret,
        dataDir,
        now,
        renewals,
        ref,
        encryptionKey,
        env: {
          WAHOO_CLIENT_ID: 'ours-at-wahoo',
          WAHOO_CLIENT_SECRET: 'ours',
          WAHOO_BASE_URL: origin,
          WAHOO_AUTH_URL: origin,
        },
      }),
    },
  })
  return { child, ended: once(child, 'exit') }
}

/** It says so itself when the connection did not survive the process before it. */
async function isLost(code: unknown): Promise<boolean> {
  const { status, error_code: reason } = await versionOf()
  if (code !== 3) return false
  expect({ status, reason }).toEqual({ status: 'needs_reauth', reason: 'access_ended' })
  return true
}

async function kill(times: number): Promise<Killed> {
  const random = mulberry(seed)
  let now = 1_800_000_000_000
  let base = (await signIn(now)) - cloud.issued
  const killed: Killed = { lost: 0, unwritten: 0 }
  for (let at = 0; at < times; at++) {
    now += 1_000_000_000
    const { child, ended } = startRefresher(now)
    let left = 1 + Math.floor(random() * 4)
    const delayMs = random() * 15
    const due = new Promise<void>((resolve) => {
      cloud.answered = () => {
        if (--left === 0) resolve()
        return undefined
      }
    })
    await Promise.race([due.then(() => pause(delayMs)), ended])
    child.kill('SIGKILL')
    const [code] = await ended
    // A minute passes: the dead one's lease runs out.
    await asAdmin(database.admin, (client) =>
      client.query('update tributary.connections set refresh_lease = null, refresh_until = null'),
    )
    if (await isLost(code)) {
      killed.lost++
      base = (await signIn(now)) - cloud.issued
      continue
    }
    const { token_version: version } = await versionOf()
    const onDisk = await readdir(join(dataDir, 'token-journal')).catch(() => [])
    const written = version - base + onDisk.filter((name) => name.endsWith('.sealed')).length
    const missing = Math.max(0, cloud.issued - written) // what was stored may still lie on disk too
    if (missing) killed.unwritten++
    base -= missing // the next is counted from here
  }
  // What the last kill lost shows at one more start.
  const [code] = await startRefresher(now + 1_000_000_000, 1).ended
  expect([0, 3]).toContain(code)
  if (await isLost(code)) killed.lost++
  else expect(await versionOf()).toMatchObject({ status: 'active', error_code: null })
  return killed
}

test.each([
  ['honours the former token until the new one is used', false],
  ['ends everything when a token comes twice', true],
])(
  'a process killed while it renews, at a provider that %s, loses no more than what was not on disk yet, the last kill counted',
  async (_what, strict) => {
    dataDir = await mkdtemp(join(tmpdir(), 'trb-kills-'))
    cloud.strict = strict
    try {
      const { lost, unwritten } = await kill(kills)
      console.log(`${kills} kills, seed ${seed}: ${lost} lost, ${unwritten} answers not on disk`)
      expect(lost).toBe(strict ? unwritten : 0)
    } finally {
      await rm(dataDir, { recursive: true, force: true })
    }
  },
  600_000,
)

function mulberry(from: number): () => number {
  let state = from
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
