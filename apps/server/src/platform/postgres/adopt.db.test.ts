import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, expect, test } from 'vitest'
import { must } from '../must.ts'
import { homeAt } from './home.ts'
import type { LogLine } from './log.ts'
import { stopPostmaster } from './postmaster.ts'
import { readPostmasterFile } from './postmaster-file.ts'
import { isAlive } from './processes.ts'
import {
  type Address,
  ask,
  cleanUp,
  hold,
  isRoot,
  makeDatabase,
  makeDir,
  removeTemplate,
  spawnHolder,
  start,
  until,
} from './test/kit.ts'

afterEach(cleanUp)
afterAll(removeTemplate)

afterEach(cleanUp)
afterAll(removeTemplate)

test('killed with -9, we leave the database running; the next start adopts it and its stop() ends it', async () => {
  const dir = await makeDatabase()
  const killed = await hold(dir)
  await ask(killed, 'create table kept as select 42 as value')
  await killed.kill('SIGKILL')
  expect(isAlive(killed.pid)).toBe(true)
  const next = await start(dir)
  expect(next.postgres).toMatchObject({ adopted: true, pid: killed.pid })
  expect(await ask(next.postgres, 'select value from kept')).toEqual([{ value: 42 }])
  await next.postgres.stop()
  expect(isAlive(killed.pid)).toBe(false)
})

test('Ctrl-C in our terminal reaches us and not the database', async () => {
  const holder = await hold(await makeDatabase())
  process.kill(-(holder.child.pid ?? 0), 'SIGINT')
  expect(await ask(holder, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(isAlive(holder.pid)).toBe(true)
  await holder.kill('SIGTERM')
  expect(isAlive(holder.pid)).toBe(false)
})

test('a postmaster.pid whose process is gone does not stand in the way', async () => {
  const dir = await makeDatabase()
  const gone = spawn('true')
  await once(gone, 'exit')
  leavePidFile(dir, gone.pid)
  expect((await start(dir)).postgres.adopted).toBe(false)
})

test('a postmaster.pid whose process id now belongs to another program of the same user does not stand in the way', async () => {
  const dir = await makeDatabase()
  const { uid, gid } = statSync(join(dir, 'postgres'))
  const other = spawn('sleep', ['600'], { uid, gid, stdio: 'ignore' })
  try {
    leavePidFile(dir, other.pid)
    const { postgres, lines } = await start(dir)
    expect(await ask(postgres, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', pid: other.pid }))
    expect(isAlive(other.pid ?? 0)).toBe(true)
  } finally {
    other.kill()
  }
})

test('a postmaster.pid whose process is dead but not yet reaped, as in containers without an init, does not stand in the way', async () => {
  const dir = await makeDatabase()
  const { uid, gid } = statSync(join(dir, 'postgres'))
  const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 600'], {
    uid,
    gid,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    const [line] = await once(parent.stdout, 'data')
    const dead = Number(String(line))
    await until(() => !isAlive(dead))
    leavePidFile(dir, dead)
    expect((await start(dir)).postgres.adopted).toBe(false)
  } finally {
    parent.kill()
  }
})

test('a postmaster.pid that a power cut left empty does not stand in the way', async () => {
  const dir = await makeDatabase()
  leavePidFile(dir, 1, '')
  expect((await start(dir)).postgres.adopted).toBe(false)
})

test('a database that is killed comes back by itself, at the same address and with what was committed', async () => {
  const { postgres, lines, exits } = await start(await makeDatabase(), { settings: { shared_buffers: '16MB' } })
  await ask(postgres, 'create table kept as select 42 as value')
  const killed = postgres.pid
  process.kill(killed, 'SIGKILL')
  await until(() => lines.some((line) => line.msg === 'PostgreSQL runs again'))
  expect(await ask(postgres, 'select value from kept')).toEqual([{ value: 42 }])
  expect(postgres.pid).not.toBe(killed)
  expect(exits).toEqual(['killed by SIGKILL'])
  expect(lines).toContainEqual(expect.objectContaining({ level: 'error', reason: 'killed by SIGKILL' }))
})

test('an adopted database is watched too', async () => {
  const dir = await makeDatabase()
  const killed = await hold(dir)
  await killed.kill('SIGKILL')
  const { postgres, lines, exits } = await start(dir)
  process.kill(killed.pid, 'SIGKILL')
  await until(() => lines.some((line) => line.msg === 'PostgreSQL runs again'))
  expect(await ask(postgres, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(exits).toHaveLength(1)
})

test('stop() while the database is being restarted leaves nothing running', async () => {
  const dir = await makeDatabase()
  const { postgres, exits } = await start(dir)
  process.kill(postgres.pid, 'SIGKILL')
  await until(() => exits.length === 1)
  await postgres.stop()
  const pid = readPostmasterFile(join(dir, 'postgres'))?.pid
  expect(pid === undefined || !isAlive(pid)).toBe(true)
})

test('a stop that comes right after a session crashed is a clean one', async () => {
  const { postgres, lines } = await start(await makeDatabase())
  const client = new Client({ ...postgres, database: 'postgres' })
  const cut = once(client, 'error')
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  process.kill(must(rows[0], 'one session has one process').pid, 'SIGKILL')
  await cut
  await postgres.stop()
  expect(lines).toEqual([])
})

test('of two processes on one directory, the first may stop without taking the database from the second', async () => {
  const dir = await makeDatabase()
  const first = await start(dir)
  const second = await start(dir)
  expect(second.postgres).toMatchObject({ adopted: true, pid: first.postgres.pid, password: first.postgres.password })
  await first.postgres.stop()
  expect(await ask(second.postgres, 'select 1 as one')).toEqual([{ one: 1 }])
  await second.postgres.stop()
  expect(isAlive(second.postgres.pid)).toBe(false)
})

test('of two processes on one directory, the second may stop without taking the database from the first', async () => {
  const dir = await makeDatabase()
  const first = await start(dir)
  const second = await start(dir)
  await second.postgres.stop()
  expect(await ask(first.postgres, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('when the process that looks after the database is killed, another one that uses it takes over', async () => {
  const dir = await makeDatabase()
  const owner = await hold(dir)
  const guest = await start(dir)
  process.kill(owner.pid, 'SIGKILL')
  await until(() => guest.postgres.pid !== owner.pid && answers(guest.postgres)) // the owner's doing
  await owner.kill('SIGKILL')
  await until(() => guest.lines.some((line) => line.msg.endsWith('this one does from now on')))
  expect(guest.exits).toEqual([])
  process.kill(guest.postgres.pid, 'SIGKILL')
  await until(() => guest.lines.some((line) => line.msg === 'PostgreSQL runs again'))
  expect(guest.exits).toHaveLength(1)
  expect(await ask(guest.postgres, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('two first starts at the same moment make one database', async () => {
  const dir = makeDir()
  const [one, two] = await Promise.all([hold(dir), hold(dir)])
  expect(one.pid).toBe(two.pid)
  expect([one.adopted, two.adopted].sort()).toEqual([false, true])
  await ask(one, 'create table made_by_one ()')
  expect(await ask(two, 'select from made_by_one')).toEqual([])
})

test('a first start killed while it makes the database is made good by the next', async () => {
  const dir = makeDir()
  const { child, ended } = spawnHolder(dir, dir)
  await until(() =>
    readdirSync(dir).some((name) => existsSync(join(dir, name, 'PG_VERSION')) && name.startsWith('postgres.new-')),
  )
  child.kill('SIGKILL')
  await ended
  expect(existsSync(join(dir, 'postgres'))).toBe(false)
  const { postgres } = await start(dir)
  expect(await ask(postgres, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(readdirSync(dir).filter((name) => name.includes('.new-'))).toEqual([])
})

test('a database that does not stop in time is stopped at once, and recovers at its next start', async () => {
  const dir = await makeDatabase()
  const holder = await hold(dir)
  await ask(holder, 'create table kept as select 42 as value')
  await holder.kill('SIGKILL')
  const home = homeAt(dir)
  const file = must(readPostmasterFile(home.cluster), 'the server runs')
  const lines: LogLine[] = []
  const log = (line: LogLine) => void lines.push(line)
  await stopPostmaster({ file, home, password: holder.password, pgCtl: '', log, patienceMs: -1 })
  expect(lines).toEqual([expect.objectContaining({ level: 'warn' })])
  expect(isAlive(holder.pid)).toBe(false)
  const { postgres } = await start(dir)
  expect(await ask(postgres, 'select value from kept')).toEqual([{ value: 42 }])
})

function answers(address: Address): Promise<boolean> {
  return ask(address, 'select 1').then(
    () => true,
    () => false,
  )
}

/** What a server that was killed left: its file and its socket's, with the process id of today's choice. */
function leavePidFile(dir: string, pid: number | undefined, content?: string): void {
  const [cluster, run] = [join(dir, 'postgres'), join(dir, 'run')]
  const { uid, gid } = statSync(cluster)
  const text = content ?? `${pid}\n${cluster}\n1\n5432\n${run}\n\n  1 1\nready   \n`
  for (const file of [join(cluster, 'postmaster.pid'), join(run, '.s.PGSQL.5432.lock')]) {
    writeFileSync(file, text, { mode: 0o600 })
    if (isRoot) chownSync(file, uid, gid)
  }
}
