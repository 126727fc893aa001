import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { writeRide } from '@tributary/formats/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runTributary } from '../../../../cli/test/run-tributary.ts'
import {
  asAdmin,
  type FreshDatabase,
  freshDatabase,
  type SignedInPerson,
  startServer,
  type TestServer,
} from '../../../test/kit.ts'
import { readBackup } from './read-backup.ts'
import { makeRecoveryKey, openSecrets, sealSecrets } from './recovery-key.ts'
import { restoreBackup } from './restore-backup.ts'
import { rowHashes } from './test/row-hashes.queries.ts'
import { writeBackup } from './write-backup.ts'

const sealedWith = 'sealing-in-tests-sealing-in-tests-sealing' // as the kit's servers are
const now = Date.parse('2026-03-01T12:00:00Z')

let folder: string
let server: TestServer
let owner: SignedInPerson
let device: string
let path: string
/** Of the database when it was backed up. */
let hashes: Record<string, string>
const databases: FreshDatabase[] = []

const emptyDatabase = async () => {
  const made = await freshDatabase()
  databases.push(made)
  return made
}
const restoreInto = (database: FreshDatabase, from = path, encryptionKey = sealedWith) =>
  restoreBackup({ path: from, admin: database.admin, roleSecret: database.roleSecret, encryptionKey })

async function signIn(to: TestServer): Promise<string> {
  const { email, password } = owner
  const { body } = await to.call('POST', '/api/v1/auth/login', { body: { email, password } })
  return (body as { access_token: string }).access_token
}

const polarIn = (providers: { provider: string }[]) => providers.find(({ provider }) => provider === 'polar')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trb-backup-'))
  await chmod(folder, 0o711) // the embedded database of one test runs as somebody else under root
  server = await startServer()
  owner = await server.owner()
  const { token } = owner
  device = (
    (
      await server.call('POST', '/api/v1/devices', {
        token,
        body: {
          device_type: 'watch',
          device_name: 'Watch',
          manufacturer: 'Fitbit',
          integration_type: 'api',
          credentials: { password: 'a canary that sings' },
        },
      })
    ).body as { device_id: string }
  ).device_id
  const values = Array.from({ length: 500 }, (_, i) => ({
    timestamp: new Date(now - i * 3_600_000).toISOString(),
    value: 60 + (i % 40),
  }))
  await server.call('POST', `/api/v1/devices/${device}/data`, { token, body: { data_type: 'heart_rate', values } })
  await server.call('POST', `/api/v1/devices/${device}/data`, {
    token,
    body: {
      data_type: 'blood_pressure',
      values: [{ timestamp: '2026-02-01T07:00:00Z', systolic: 120, diastolic: 80 }],
    },
  })
  const sent = await fetch(`${server.url}/api/v1/imports?filename=ride.fit`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: writeRide({ start: now - 86_400_000, seconds: 600 }),
  })
  const { import_id } = (await sent.json()) as { import_id: string }
  for (;;) {
    const { body } = await server.call('GET', `/api/v1/imports/${import_id}`, { token })
    if ((body as { status: string }).status === 'done') break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const app = { client_id: 'our-id-at-polar', client_secret: 'a secret of Polar' }
  await server.call('PUT', '/api/v1/provider-apps/polar', { token, body: app })
  await server.call('PUT', '/api/v1/provider-apps/suunto', { token, body: { extra: { subscription_key: 'hush' } } })
  await asAdmin(server.database.admin, async (client) => {
    await client.query('set search_path to tributary')
    const phone = [owner.userId, '0199aaaa-0000-7000-8000-00000000000a']
    await client.query(
      `insert into connections (user_id, connection_id, provider, provider_account, short_id, status, auth_kind) values ($1, $2, 'apple', 'phone', 'apple', 'active', 'none')`,
      phone,
    )
    // Not open yet, so that this server leaves it alone.
    await client.query(
      `insert into hook_notices (user_id, connection_id, notice_hash, provider, kind, feed, sealed, taken_until) values ($1, $2, '\\x01', 'apple', 'records', 'days', '\\x01', now() + interval '1 day')`,
      phone,
    )
    await client.query(
      `insert into raw_payloads (user_id, payload_id, connection_id, provider, feed, fetched_at, records, bytes, sealed) values ($1, $2, $2, 'apple', 'days', now(), 1, 1, '\\x01')`,
      phone,
    )
  })
  const { days } = await server.parts.store.compact({ now: Date.now() + 86_400_000, quietMs: 0 })
  expect(days).toBeGreaterThan(0)
  path = join(folder, 'first.trb')
  await writeBackup({ admin: server.database.admin, path, now })
  hashes = await rowHashes(server.database.admin)
}, 60_000)
afterAll(async () => {
  await server?.stop()
  for (const database of databases) await database.drop()
  await rm(folder, { recursive: true, force: true })
})

describe('a round trip', () => {
  test('gives back every row of every table, while the server that was backed up runs on', async () => {
    const database = await emptyDatabase()
    const { rows, forgotten } = await restoreInto(database)
    expect(forgotten).toEqual({ connections: 0, apps: [], webhooks: [], notices: 0 })
    expect(rows).toBeGreaterThan(20)
    expect(await rowHashes(database.admin)).toEqual(hashes)
  })

  test('ends in a server that people sign in to, with foreign keys, row-level security and numbers that go on', async () => {
    const database = await emptyDatabase()
    await restoreInto(database)
    const schemaOf = (of: FreshDatabase) =>
      asAdmin(of.admin, async (client) => {
        const { rows } = await client.query(
          `select conrelid::regclass::text as t, conname, pg_get_constraintdef(oid) as def, convalidated from pg_constraint where connamespace = 'tributary'::regnamespace
           union all select relname, relrowsecurity::text, relforcerowsecurity::text, true from pg_class where relnamespace = 'tributary'::regnamespace and relkind = 'r' order by 1, 2, 3`,
        )
        return rows
      })
    expect(await schemaOf(database)).toEqual(await schemaOf(server.database))
    const again = await startServer({ database })
    try {
      const signedIn = await again.call('POST', '/api/v1/auth/login', {
        body: { email: owner.email, password: owner.password },
      })
      expect(signedIn.status).toBe(200)
      const { access_token: token } = signedIn.body as { access_token: string }
      const found = (await again.call('GET', `/api/v1/devices/${device}`, { token })).body as {
        has_credentials: boolean
      }
      expect(found.has_credentials).toBe(true)
      const data = { data_type: 'steps', values: [{ timestamp: '2026-02-01T07:00:00Z', value: 5 }] }
      expect((await again.call('POST', `/api/v1/devices/${device}/data`, { token, body: data })).status).toBe(201)
    } finally {
      await again.stop()
    }
  })

  test('without the secrets keeps all data, forgets what nobody can open, marks connections, and shows apps as ones to enter again', async () => {
    const database = await emptyDatabase()
    const ENCRYPTION_KEY = 'another-key-another-key-another-key-another'
    const { forgotten } = await restoreInto(database, path, ENCRYPTION_KEY)
    expect(forgotten).toMatchObject({ connections: 1, apps: ['polar', 'suunto'], notices: 1 })
    expect(forgotten.webhooks).toContain('polar')
    const after = await rowHashes(database.admin)
    const changed = Object.keys(hashes).filter((table) => hashes[table] !== after[table])
    expect(changed.sort()).toEqual([
      ...['connection_secrets', 'connections', 'data_keys', 'hook_notices', 'hook_secrets', 'installation'],
      ...['provider_apps', 'raw_payloads'],
    ])
    const { rows } = await asAdmin(database.admin, (client) =>
      client.query('select provider, status from tributary.connections order by provider'),
    )
    expect(rows, 'a phone needs no secret').toEqual([
      { provider: 'apple', status: 'active' },
      { provider: 'fitbit', status: 'needs_reauth' },
    ])
    const again = await startServer({ database, env: { ENCRYPTION_KEY } })
    try {
      const token = await signIn(again)
      const listed = await again.call('GET', '/providers/available-providers', { token })
      expect(listed.status).toBe(200)
      expect(polarIn(listed.body)).toMatchObject({ is_configured: false, missing_settings: ['POLAR_CLIENT_SECRET'] })
      const ask = (method: string, body?: object) =>
        again.call(method, '/api/v1/provider-apps/polar', { token, ...(body ? { body } : {}) })
      expect((await ask('GET')).body).toMatchObject({ client_id: 'our-id-at-polar', has_secret: false })
      expect(await ask('PUT', { client_secret: 'a secret of Polar' })).toMatchObject({
        status: 200,
        body: { has_secret: true },
      })
      // As an older version restored it: under a key that is gone.
      await asAdmin(database.admin, (client) =>
        client.query(`update tributary.provider_apps set sealed_secret = replace(sealed_secret, 'v1.', 'v1.0')`),
      )
      again.parts.connect.apps.forget()
      const after = await again.call('GET', '/providers/available-providers', { token })
      expect(polarIn(after.body)).toMatchObject({ missing_settings: ['POLAR_CLIENT_SECRET'] })
      expect((await ask('GET')).body).toMatchObject({ has_secret: false })
      expect(await again.parts.connect.apps.unreadable()).toEqual(['polar'])
    } finally {
      await again.stop()
    }
  })

  test('is one moment: what is written meanwhile is in it whole or not at all', async () => {
    let running = true
    const writing = (async () => {
      for (let i = 0; running; i++)
        await server.call('POST', `/api/v1/devices/${device}/data`, {
          token: owner.token,
          body: { data_type: 'steps', values: [{ timestamp: new Date(now - i * 60_000).toISOString(), value: 1 }] },
        })
    })()
    const busy = join(folder, 'busy.trb')
    await writeBackup({ admin: server.database.admin, path: busy, now })
    running = false
    await writing
    const database = await emptyDatabase()
    await restoreInto(database, busy)
    const { rows } = await asAdmin(database.admin, (client) =>
      client.query(
        `select (select count(*) from tributary.batches where metric = 'steps')::int as batches,
           (select count(*) from tributary.segment join tributary.series using (user_id, series_id) where metric = 'steps')::int as segments`,
      ),
    )
    // An upload writes a batch and a segment in one transaction.
    expect(rows[0]?.batches).toBe(rows[0]?.segments)
  })
})

describe('a restore', () => {
  test('never writes over data', async () => {
    const database = await emptyDatabase()
    await restoreInto(database)
    const before = await rowHashes(database.admin)
    await expect(restoreInto(database)).rejects.toThrow(/has 1 account/)
    expect(await rowHashes(database.admin)).toEqual(before)
  })

  test('does not begin while a server runs on the database', async () => {
    await expect(restoreInto(server.database)).rejects.toThrow(/server is running/)
  })

  test('that fails in the middle leaves the database as empty as it was, and can be tried again', async () => {
    const database = await emptyDatabase()
    // A user that a device belongs to is missing: only the foreign keys can tell.
    const liar = join(folder, 'liar.trb')
    const frames = unpack(await readFile(path))
    const at = frames.findIndex(({ kind, body }) => kind === 2 && body.toString().includes('"users"'))
    const [table, rows, end] = [frames[at], frames[at + 1], frames[at + 2]]
    expect([table?.kind, rows?.kind, end?.kind]).toEqual([2, 3, 4])
    const none = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1'), Buffer.from([0xff, 0xff])])
    const { createHash } = await import('node:crypto')
    const told = { name: 'users', rows: 0, bytes: none.length, hash: createHash('sha256').update(none).digest('hex') }
    frames.splice(at + 1, 2, { kind: 3, body: none }, { kind: 4, body: Buffer.from(JSON.stringify(told)) })
    const last = frames.at(-1)
    if (last)
      last.body = Buffer.from(
        JSON.stringify({ ...JSON.parse(last.body.toString()), rows: JSON.parse(last.body.toString()).rows - 1 }),
      )
    await writeFile(liar, pack(frames))
    await readBackup(liar)
    await expect(restoreInto(database, liar)).rejects.toThrow(/foreign key/)
    const { rows: left } = await asAdmin(database.admin, (client) => client.query('select from tributary.devices'))
    expect(left).toEqual([])
    await restoreInto(database)
    expect(await rowHashes(database.admin)).toEqual(hashes)
  })
})

describe('a file', () => {
  test('is never written over, and half a one never has the name', async () => {
    await expect(writeBackup({ admin: server.database.admin, path, now })).rejects.toThrow(/already/)
    await expect(
      writeBackup({ admin: { ...server.database.admin, database: 'template1' }, path: join(folder, 'none.trb'), now }),
    ).rejects.toThrow(/nothing to back up/)
    await expect(stat(join(folder, 'none.trb'))).rejects.toThrow('ENOENT')
  })

  test('holds no secret in the clear, and is its owner’s alone to read', async () => {
    const text = zstdDecompressSync((await readFile(path)).subarray(19)).toString('latin1')
    expect(text).not.toContain('a canary that sings')
    expect(text).not.toContain(sealedWith)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  test('cut off anywhere is known to be', async () => {
    const bytes = await readFile(path)
    for (const share of [0, 0.001, 0.3, 0.6, 0.9, 0.999]) {
      const cut = join(folder, 'cut.trb')
      await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length * share)))
      await expect(readBackup(cut), `${share}`).rejects.toMatchObject({ name: 'BackupError' })
    }
  })

  test('with any byte turned is known to be damaged', async () => {
    const bytes = await readFile(path)
    for (let i = 0; i < 60; i++) {
      const at = Math.floor((bytes.length * (i + 0.5)) / 60)
      const turned = Buffer.from(bytes)
      turned[at] = (turned[at] ?? 0) ^ 0x20
      const file = join(folder, 'turned.trb')
      await writeFile(file, turned)
      await expect(readBackup(file), `byte ${at}`).rejects.toMatchObject({ name: 'BackupError' })
    }
  })

  test.each<[string, (frames: Frame[]) => void, RegExp]>([
    [
      'says a table of another name',
      (frames) => replace(frames, 1, (header) => ({ ...header, tables: [{ name: '../../etc', columns: [] }] })),
      /header/,
    ],
    [
      'names a column that is SQL',
      (frames) =>
        replace(frames, 1, (header) => ({
          ...header,
          tables: [{ name: 'users', columns: [{ name: 'a); drop', type: 'text' }] }],
        })),
      /header/,
    ],
    ['is of a newer version', (frames) => replace(frames, 1, (header) => ({ ...header, version: 2 })), /newer/],
    [
      'has a part without a kind',
      (frames) => frames.splice(1, 0, { kind: 77, body: Buffer.from('x') }),
      /no known kind/,
    ],
    [
      'says another count at its end',
      (frames) => replace(frames, 6, (closing) => ({ ...closing, rows: 1 })),
      /not all/,
    ],
    [
      'leaves a table out',
      (frames) =>
        void frames.splice(
          1,
          frames.findIndex(({ kind }) => kind === 4),
        ),
      /order/,
    ],
    ['goes on after its end', (frames) => frames.push({ kind: 3, body: Buffer.from('x') }), /behind its end/],
    ['says rows that it does not have', (frames) => replace(frames, 4, (end) => ({ ...end, bytes: 1 })), /not those/],
  ])('that %s is refused', async (_, change, says) => {
    const frames = unpack(await readFile(path))
    change(frames)
    const file = join(folder, 'changed.trb')
    await writeFile(file, pack(frames))
    await expect(readBackup(file)).rejects.toThrow(says)
  })

  test('that unpacks to far more than it is, is not unpacked', async () => {
    const frame = Buffer.alloc(5 + (1 << 20))
    frame.writeUInt8(1)
    frame.writeUInt32LE(1 << 20, 1)
    const bomb = zstdCompressSync(Buffer.concat([...Array(100).fill(frame)]))
    const file = join(folder, 'bomb.trb')
    await writeFile(file, Buffer.concat([Buffer.from('TRIBUTARY BACKUP 1\n'), bomb]))
    const begun = performance.now()
    await expect(readBackup(file)).rejects.toMatchObject({ name: 'BackupError' })
    expect(performance.now() - begun).toBeLessThan(2_000)
  })

  test('of a schema that this version does not know is refused by name', async () => {
    await expect(restoreInto(await emptyDatabase(), await ofTheFuture())).rejects.toThrow(/9999_future/)
  })
})

describe('a recovery key', () => {
  const secrets = { encryptionKey: 'e'.repeat(43), jwtKey: 'j'.repeat(43) }

  test('opens what it sealed, however it is typed', () => {
    const key = makeRecoveryKey()
    expect(key).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/)
    const sealed = sealSecrets(key, secrets)
    expect(
      openSecrets(key.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l'), sealed),
    ).toEqual(secrets)
  })

  test('of another backup does not open it, and one that is none is told so', () => {
    const sealed = sealSecrets(makeRecoveryKey(), secrets)
    expect(() => openSecrets(makeRecoveryKey(), sealed)).toThrow(/does not open/)
    expect(() => openSecrets('ABCD', sealed)).toThrow(/8 groups/)
  })
})

describe('the commands', () => {
  const envOf = (database: FreshDatabase, dataDir: string) => ({
    DATABASE_URL: database.url,
    DATABASE_ROLE_SECRET: database.roleSecret,
    DATA_DIR: dataDir,
  })

  test('back up with secrets, verify, and restore them into a new data folder', { timeout: 60_000 }, async () => {
    const file = join(folder, 'whole.trb')
    const keyFile = join(folder, 'key')
    const here = {
      ...envOf(server.database, server.dataDir),
      ENCRYPTION_KEY: sealedWith,
      JWT_SECRET_KEY: 'signing-in-tests-signing-in-tests-signing',
    }
    const made = await runTributary(['backup', file, '--recovery-key-file', keyFile, '--json'], { env: here })
    expect([made.code, made.stderr]).toEqual([0, ''])
    expect(JSON.parse(made.stdout)).toMatchObject({ file, with_secrets: true })
    expect(made.stdout).not.toContain((await readFile(keyFile, 'utf8')).trim())

    const verified = await runTributary(['verify', file, '--json'], { env: here })
    expect([verified.code, JSON.parse(verified.stdout)]).toMatchObject([0, { sound: true, with_secrets: true }])
    const stored = await runTributary(['verify'], { env: here })
    expect([stored.code, stored.stdout]).toEqual([0, expect.stringContaining('as they were written')])

    const database = await emptyDatabase()
    const dataDir = join(folder, 'elsewhere')
    const back = await runTributary(['restore', file, '--recovery-key-file', keyFile, '--json'], {
      env: envOf(database, dataDir),
    })
    expect([back.code, back.stderr]).toEqual([0, ''])
    expect(JSON.parse(back.stdout)).toMatchObject({ need_reauth: 0 })
    expect(await readFile(join(dataDir, 'secrets/encryption-key'), 'utf8')).toBe(sealedWith)
    const again = await runTributary(['restore', file, '--recovery-key-file', keyFile], {
      env: envOf(database, dataDir),
    })
    expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/never writes over it/)])
    const forced = await runTributary(['restore', file, '--force'], { env: envOf(database, dataDir) })
    expect([forced.code, forced.stderr]).toEqual([2, expect.stringMatching(/name an empty database/)])
  })

  test('restore into an embedded database, and with --force set aside what is there, once the backup is known to fit', {
    timeout: 120_000,
  }, async () => {
    const dataDir = join(folder, 'embedded')
    const env = { DATA_DIR: dataDir }
    const first = await runTributary(['restore', path, '--json'], { env })
    expect([first.code, first.stderr]).toEqual([0, ''])
    expect(JSON.parse(first.stdout)).toMatchObject({ need_reauth: 1, set_aside: null })
    const again = await runTributary(['restore', path], { env })
    expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/1 account.*--force/)])
    const refused = await runTributary(['restore', await ofTheFuture(), '--force'], { env })
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/9999_future/)])
    expect((await readdir(folder)).filter((name) => name.startsWith('embedded'))).toEqual(['embedded'])
    const forced = await runTributary(['restore', path, '--force', '--json'], { env })
    expect([forced.code, forced.stderr]).toEqual([0, ''])
    const { set_aside } = JSON.parse(forced.stdout) as { set_aside: string }
    expect(set_aside).toBe(`${dataDir}.before-restore`)
    expect((await stat(join(set_aside, 'secrets/encryption-key'))).isFile()).toBe(true)
    const counted = await runTributary(['verify', '--json'], { env })
    expect([counted.code, JSON.parse(counted.stdout)]).toMatchObject([0, { sound: true }])
  })

  test('verify finds a day and a piece that are not what they say, and ends with 1', { timeout: 60_000 }, async () => {
    const database = await emptyDatabase()
    await restoreInto(database)
    const words = { env: envOf(database, join(folder, 'spoilt')) }
    await asAdmin(database.admin, async (client) => {
      await client.query('set search_path to tributary')
      await client.query('update chunk set n = n + 1 where ctid = (select min(ctid) from chunk)')
      await client.query(
        `insert into segment (user_id, series_id, t0, seq, t1, n, data)
         select user_id, series_id, day::timestamptz, 99, t_last, n + 5, data from chunk limit 1`,
      )
    })
    const { code, stdout } = await runTributary(['verify', '--json'], words)
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { sound: false, wrong_total: 2 }])
    expect((await runTributary(['verify'], words)).stdout).toMatch(/^2 of 28 packed days and 1 pieces are not/)
  })

  test('say plainly that the secrets are not in a backup', async () => {
    const made = await runTributary(['backup', join(folder, 'plain.trb')], {
      env: envOf(server.database, server.dataDir),
    })
    expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/secrets is not in it.*--with-secrets/)])
    const broken = await runTributary(['verify', join(folder, 'key')], { env: {} })
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining('is no backup of Tributary')])
  })
})

/** The backup as a later version would write it. */
async function ofTheFuture(): Promise<string> {
  const frames = unpack(await readFile(path))
  replace(frames, 1, (header) => ({
    ...header,
    migrations: [...(header['migrations'] as object[]), { name: '9999_future.sql', checksum: 'x' }],
  }))
  const file = join(folder, 'future.trb')
  await writeFile(file, pack(frames))
  return file
}

interface Frame {
  kind: number
  body: Buffer
}

const magic = 'TRIBUTARY BACKUP 1\n'

function unpack(file: Buffer): Frame[] {
  const bytes = zstdDecompressSync(file.subarray(magic.length))
  const frames: Frame[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at + 1)
    frames.push({ kind: bytes.readUInt8(at), body: Buffer.from(bytes.subarray(at + 5, at + 5 + length)) })
    at += 5 + length
  }
  return frames
}

function pack(frames: readonly Frame[]): Buffer {
  const parts = frames.flatMap(({ kind, body }) => {
    const head = Buffer.alloc(5)
    head.writeUInt8(kind)
    head.writeUInt32LE(body.length, 1)
    return [head, body]
  })
  return Buffer.concat([
    Buffer.from(magic),
    zstdCompressSync(Buffer.concat(parts), { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
  ])
}

function replace(frames: Frame[], kind: number, change: (body: Record<string, unknown>) => object): void {
  const frame = frames.find((one) => one.kind === kind)
  if (frame) frame.body = Buffer.from(JSON.stringify(change(JSON.parse(frame.body.toString()))))
}
