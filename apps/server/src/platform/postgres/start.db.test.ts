import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { isAlive } from './processes.ts'
import { ask, cleanUp, isRoot, makeDatabase, makeDir, removeTemplate, start, until } from './test/kit.ts'

afterEach(cleanUp)
afterAll(removeTemplate)

afterEach(cleanUp)
afterAll(removeTemplate)

test('what was written before a stop is there after the next start', async () => {
  const dir = makeDir()
  const first = await start(dir, { settings: { shared_buffers: '16MB' } })
  expect(first.postgres.adopted).toBe(false)
  await ask(first.postgres, 'create table kept as select 42 as value')
  await first.postgres.stop()
  const second = await start(dir, { settings: { shared_buffers: '16MB' } })
  expect(await ask(second.postgres, 'select value from kept')).toEqual([{ value: 42 }])
})

test('after stop() no process of the database is left, and stopping twice is stopping once', async () => {
  const { postgres, exits } = await start(await makeDatabase())
  const processes = await ask<{ pid: number }>(postgres, 'select pid from pg_stat_activity')
  const { pid } = postgres
  await Promise.all([postgres.stop(), postgres.stop()])
  await postgres.stop()
  for (const child of [pid, ...processes.map((row) => row.pid)]) expect(isAlive(child)).toBe(false)
  expect(exits).toEqual([])
})

test('only a unix socket listens, in a directory that nobody else may enter', async () => {
  const { postgres } = await start(await makeDatabase())
  expect(statSync(postgres.host).mode & 0o777).toBe(0o700)
  expect(await ask(postgres, 'show listen_addresses')).toEqual([{ listen_addresses: '' }])
  const refused = new Promise((resolve) =>
    createConnection(postgres.port, '127.0.0.1').once('error', resolve).once('connect', resolve),
  )
  await expect(refused).resolves.toMatchObject({ code: 'ECONNREFUSED' })
})

test('the password is random, in a file for its owner only, and needed even on the socket', async () => {
  const [here, there] = [await makeDatabase(), makeDir()]
  const { postgres } = await start(here)
  const other = await start(there)
  expect(postgres.password).not.toBe(other.postgres.password)
  expect(readFileSync(join(here, 'secrets/postgres'), 'utf8').trim()).toBe(postgres.password)
  expect(statSync(join(here, 'secrets/postgres')).mode & 0o777).toBe(0o600)
  expect(statSync(join(here, 'secrets')).mode & 0o777).toBe(0o700)
  await expect(ask({ ...postgres, password: 'guess' }, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  const rules = await ask<{ auth_method: string }>(postgres, 'select distinct auth_method from pg_hba_file_rules')
  expect(rules).toEqual([{ auth_method: 'scram-sha-256' }])
})

test('text sorts and compares the same on every machine, pages carry checksums, and the clock is UTC', async () => {
  const { postgres } = await start(await makeDatabase())
  const [row] = await ask(
    postgres,
    `select datlocprovider, datlocale, pg_encoding_to_char(encoding) as encoding,
            current_setting('data_checksums') as checksums, current_setting('timezone') as timezone
     from pg_database where datname = 'template1'`,
  )
  expect(row).toEqual({ datlocprovider: 'b', datlocale: 'C.UTF-8', encoding: 'UTF8', checksums: 'on', timezone: 'UTC' })
})

test.runIf(isRoot)(
  'started by root, it runs as another user, who can read neither the password nor our locks',
  async () => {
    const dir = await makeDatabase()
    const { postgres } = await start(dir)
    const status = readFileSync(`/proc/${postgres.pid}/status`, 'utf8')
    expect(status).toMatch(/^Uid:\t[1-9]/m)
    expect(status).toMatch(/^Groups:\s*$/m)
    expect(statSync(join(dir, 'postgres')).uid).not.toBe(0)
    for (const ours of ['secrets', 'postgres.owner.lock', 'postgres-log', 'postgres-bin'])
      expect(statSync(join(dir, ours)).uid).toBe(0)
  },
)

test('the database sees nothing of our environment', async () => {
  process.env['ENCRYPTION_KEY_FOR_THIS_TEST'] = 'canary'
  try {
    const { postgres } = await start(await makeDatabase())
    if (process.platform !== 'linux') return
    expect(readFileSync(`/proc/${postgres.pid}/environ`, 'utf8')).not.toContain('canary')
  } finally {
    delete process.env['ENCRYPTION_KEY_FOR_THIS_TEST']
  }
})

test('the log names no value and no statement, not even of a session that crashed', async () => {
  const dir = await makeDatabase()
  const { postgres } = await start(dir)
  await expect(ask(postgres, `select 'canary'::int`)).rejects.toThrow('canary')
  await ask(postgres, 'create table people (mail text unique)')
  await expect(ask(postgres, `insert into people values ('canary'), ('canary')`)).rejects.toThrow('duplicate key')
  const crashing = ask(postgres, `select 'canary', pg_sleep(60)`).catch((error) => error)
  const [session] = await until(async () => {
    const rows = await ask<{ pid: number }>(
      postgres,
      `select pid from pg_stat_activity where query like '%pg_sleep(60)' and pid <> pg_backend_pid()`,
    )
    return rows.length > 0 ? rows : undefined
  })
  process.kill(session?.pid ?? 0, 'SIGKILL')
  expect(await crashing).toBeInstanceOf(Error)
  const log = join(dir, 'postgres-log', 'postgres.log')
  await until(() => readFileSync(log, 'utf8').includes('was terminated by signal 9'))
  expect(readFileSync(log, 'utf8')).not.toContain('canary')
})

test('a directory with spaces, commas and other letters in its name is as good as any', async () => {
  const { postgres } = await start(join(makeDir(), `it's my data, 心拍`))
  expect(await ask(postgres, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a directory whose name a shell would read as more than a name is refused', async () => {
  await expect(start(join(makeDir(), 'a$(touch b)'))).rejects.toThrow('take no path with a double quote, dollar sign')
})

test('a directory too deep for a socket gets a short one, and the same after a restart', async () => {
  const dir = join(makeDir(), 'd'.repeat(60), 'e'.repeat(60))
  const { postgres } = await start(dir)
  expect(Buffer.byteLength(join(postgres.host, '.s.PGSQL.5432'))).toBeLessThanOrEqual(103)
  expect(statSync(postgres.host).mode & 0o777).toBe(0o700)
  await postgres.stop()
  const again = await start(dir)
  expect(again.postgres.host).toBe(postgres.host)
  await again.postgres.stop()
  rmSync(postgres.host, { recursive: true })
})

test('files that are not a database are left alone, and the start says where they are', async () => {
  const dir = makeDir()
  mkdirSync(join(dir, 'postgres'))
  writeFileSync(join(dir, 'postgres', 'holiday.jpg'), 'x')
  await expect(start(dir)).rejects.toThrow(`${join(dir, 'postgres')} holds files, but no database`)
  expect(existsSync(join(dir, 'postgres', 'holiday.jpg'))).toBe(true)
})

test('a database of another major version is not touched, and the start says which version made it', async () => {
  const dir = await makeDatabase()
  writeFileSync(join(dir, 'postgres', 'PG_VERSION'), '17\n')
  await expect(start(dir)).rejects.toThrow('was made by PostgreSQL 17')
  expect(readdirSync(join(dir, 'postgres'))).toContain('base')
})

test('a setting that PostgreSQL refuses stops the start with the reason, and leaves nothing running', async () => {
  const dir = await makeDatabase()
  await expect(start(dir, { settings: { max_connections: 'many' } })).rejects.toThrow(
    'invalid value for parameter "max_connections"',
  )
  expect(existsSync(join(dir, 'postgres', 'postmaster.pid'))).toBe(false)
})

test('a password file from elsewhere stops the start with the reason, and leaves nothing running', async () => {
  const dir = await makeDatabase()
  writeFileSync(join(dir, 'secrets', 'postgres'), 'guess')
  await expect(start(dir)).rejects.toThrow('it does not take the password in DATA_DIR/secrets/postgres')
  expect(existsSync(join(dir, 'postgres', 'postmaster.pid'))).toBe(false)
})

test('a database whose password file is lost says so, and makes no other that would never fit', async () => {
  const dir = await makeDatabase()
  rmSync(join(dir, 'secrets', 'postgres'))
  await expect(start(dir)).rejects.toThrow('the password of the database, is missing')
  expect(existsSync(join(dir, 'secrets', 'postgres'))).toBe(false)
})

test.runIf(isRoot)("a socket's directory that somebody else made is refused", async () => {
  const dir = await makeDatabase()
  rmSync(join(dir, 'run'), { recursive: true })
  mkdirSync(join(dir, 'run'))
  chownSync(join(dir, 'run'), 12345, 12345)
  await expect(start(dir)).rejects.toThrow('belongs to somebody else (user id 12345)')
})
