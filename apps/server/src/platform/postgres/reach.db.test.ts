import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { copyBinaries } from './copy-binaries.ts'
import { findBinaries } from './find-binaries.ts'
import { isAlive } from './processes.ts'
import { type Account, canEnter, lookUpAccount, type RunUser } from './run-user.ts'
import { ask, cleanUp, hold, isRoot, makeDatabase, makeDir, removeTemplate, start } from './test/kit.ts'

afterEach(cleanUp)
afterAll(removeTemplate)

afterEach(cleanUp)
afterAll(removeTemplate)

/** A user without rights who can read our code, which a checkout below a closed directory does not let them. */
const plain = findPlainUser()

function findPlainUser(): Account | undefined {
  const account = isRoot ? (lookUpAccount('games') ?? lookUpAccount('nobody')) : undefined
  return account && canEnter({ kind: 'person', ...account }, import.meta.dirname) ? account : undefined
}

const runUser: RunUser = isRoot
  ? { kind: 'system', ...(lookUpAccount('nobody') ?? { name: 'nobody', uid: 65534, gid: 65534 }) }
  : { kind: 'self', name: 'this user' }

test('binaries without their links, read-only and in a closed directory are copied, linked and run', async () => {
  const closed = makeDir()
  const source = { ...findBinaries(), dir: closed, native: join(closed, 'native') }
  cpSync(findBinaries().native, source.native, { recursive: true, verbatimSymlinks: true })
  const lib = join(source.native, 'lib')
  for (const entry of readdirSync(lib, { withFileTypes: true }))
    if (entry.isSymbolicLink()) rmSync(join(lib, entry.name))
  for (const dir of [lib, source.native, closed]) chmodSync(dir, 0o500)
  const into = join(makeDir(), 'bin')
  const { postgres } = await copyBinaries(source, into, runUser) // it tries them as that user
  const copied = readdirSync(join(postgres, '../../lib'), { withFileTypes: true })
  expect(copied.filter((entry) => entry.isSymbolicLink()).length).toBeGreaterThan(10)
  expect(copied.filter((entry) => entry.name.endsWith('.a'))).toEqual([])
  expect(readdirSync(into)).toEqual([source.key])
  for (const dir of [closed, source.native, lib]) chmodSync(dir, 0o700)
})

test('a copy of the binaries that was cut short is made again, and a whole one is kept', async () => {
  const into = join(makeDir(), 'bin')
  mkdirSync(join(into, '.new-1', 'bin'), { recursive: true })
  const { postgres } = await copyBinaries(findBinaries(), into, runUser)
  expect(readdirSync(into)).toEqual([findBinaries().key])
  const { ino } = statSync(postgres)
  await copyBinaries(findBinaries(), into, runUser)
  expect(statSync(postgres).ino).toBe(ino)
})

test.runIf(isRoot)(
  'below a closed directory, such as the home of root, the database goes elsewhere and is found there again',
  async () => {
    const closed = makeDir()
    chmodSync(closed, 0o700)
    const elsewhere = join(makeDir(), 'var')
    const dir = join(closed, 'data')
    const { postgres, lines } = await start(dir, { elsewhere })
    const home = readFileSync(join(dir, 'postgres.location'), 'utf8').trim()
    expect(home.startsWith(elsewhere)).toBe(true)
    expect(lines.map(({ msg }) => msg).join()).toContain(
      `cannot enter ${realpathSync(closed)}: the database is kept in ${home}`,
    )
    expect(statSync(closed).mode & 0o777).toBe(0o700)
    await ask(postgres, 'create table kept as select 42 as value')
    await postgres.stop()
    const again = await start(dir, { elsewhere: join(elsewhere, 'not-this-time') })
    expect(again.lines).toEqual([])
    expect(await ask(again.postgres, 'select value from kept')).toEqual([{ value: 42 }])
  },
)

test.runIf(isRoot)(
  'a database that is gone from where DATA_DIR says it is stops the start; no empty one takes its place',
  async () => {
    const closed = makeDir()
    chmodSync(closed, 0o700)
    const elsewhere = join(makeDir(), 'var')
    const { postgres } = await start(join(closed, 'data'), { elsewhere })
    await postgres.stop()
    rmSync(elsewhere, { recursive: true })
    await expect(start(join(closed, 'data'), { elsewhere })).rejects.toThrow(
      'which does not exist. Bring it back from a backup',
    )
    expect(existsSync(elsewhere)).toBe(false)
  },
)

test.runIf(isRoot)(
  'a directory that root keeps to itself lets the database through, and nobody look around',
  async () => {
    const dir = makeDir()
    chmodSync(dir, 0o700)
    await start(dir)
    expect(statSync(dir).mode & 0o777).toBe(0o710)
  },
)

test.runIf(isRoot)('a strict umask does not shut the database out', async () => {
  const before = process.umask(0o077)
  try {
    const { postgres } = await start(join(makeDir(), 'data'))
    expect(await ask(postgres, 'select 1 as one')).toEqual([{ one: 1 }])
  } finally {
    process.umask(before)
  }
})

test.runIf(plain)('a plain user runs everything as themselves', async () => {
  const dir = givenTo(plain)
  const holder = await hold(dir, identityOf(plain))
  expect(statSync(`/proc/${holder.pid}`).uid).toBe(plain?.uid)
  expect(await ask(holder, 'select 1 as one')).toEqual([{ one: 1 }])
  await holder.kill('SIGTERM')
})

test.runIf(plain)("what was made under sudo is the person's own: they can start it without sudo later", async () => {
  const dir = givenTo(plain)
  const withSudo = await hold(dir, { env: { SUDO_UID: String(plain?.uid), SUDO_GID: String(plain?.gid) } })
  await ask(withSudo, 'create table kept as select 42 as value')
  await withSudo.kill('SIGTERM')
  const without = await hold(dir, identityOf(plain))
  expect(await ask(without, 'select value from kept')).toEqual([{ value: 42 }])
  await without.kill('SIGKILL')
  const asRoot = await hold(dir) // and root, without sudo, goes on as the owner of the database
  expect(asRoot).toMatchObject({ adopted: true, pid: without.pid })
  await asRoot.kill('SIGTERM')
})

test.runIf(plain)('a plain user who comes after root is told so in one line', async () => {
  const dir = await makeDatabase()
  await expect(hold(dir, identityOf(plain))).rejects.toThrow(
    `This user may not use ${dir}. Start Tributary as the user who made it`,
  )
})

test.runIf(isRoot && process.platform === 'linux')(
  'root in a container, who may not look into the processes of others, adopts and stops the database all the same',
  async () => {
    const dir = await makeDatabase()
    const through = ['setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace']
    const killed = await hold(dir, { through })
    await killed.kill('SIGKILL')
    const next = await hold(dir, { through })
    expect(next).toMatchObject({ adopted: true, pid: killed.pid })
    await next.kill('SIGTERM')
    expect(isAlive(killed.pid)).toBe(false)
  },
)

function givenTo(account: Account | undefined): string {
  const dir = makeDir()
  chownSync(dir, account?.uid ?? 0, account?.gid ?? 0)
  return dir
}

function identityOf(account: Account | undefined): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {}
}
