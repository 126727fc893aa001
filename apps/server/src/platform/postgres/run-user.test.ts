import { chmodSync, mkdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { LogLine } from './log.ts'
import { type Account, type Circumstances, canEnter, chooseRunUser, lookUpAccount } from './run-user.ts'
import { makeDir } from './test/kit.ts'

const accounts: Account[] = [
  { name: 'root', uid: 0, gid: 0 },
  { name: 'postgres', uid: 101, gid: 104 },
  { name: 'nobody', uid: 65534, gid: 65534 },
  { name: 'ada', uid: 1000, gid: 1001 },
]

function choose(circumstances: Partial<Circumstances>, known = accounts) {
  const lines: LogLine[] = []
  const lookUp = (key: string) => known.find(({ name, uid }) => name === key || String(uid) === key)
  const log = (line: LogLine) => void lines.push(line)
  return { user: chooseRunUser({ uid: 0, env: {}, clusterOwner: undefined, lookUp, log, ...circumstances }), lines }
}

test('a plain user runs the database as themselves', () => {
  expect(choose({ uid: 1000 }).user).toEqual({ kind: 'self', name: 'ada' })
})

test('root runs the database as postgres', () => {
  expect(choose({})).toEqual({ user: { kind: 'system', name: 'postgres', uid: 101, gid: 104 }, lines: [] })
})

test('root without a user postgres runs it as nobody, and is told once', () => {
  const { user, lines } = choose(
    {},
    accounts.filter(({ name }) => name !== 'postgres'),
  )
  expect(user).toMatchObject({ kind: 'system', name: 'nobody' })
  expect(lines.map(({ level }) => level)).toEqual(['warn'])
})

test('under sudo the database runs as the person behind it', () => {
  expect(choose({ env: { SUDO_UID: '1000', SUDO_GID: '1001' } }).user).toEqual({
    kind: 'person',
    name: 'ada',
    uid: 1000,
    gid: 1001,
  })
})

test.each(['0', '4242', 'ada; reboot'])(
  'under sudo from %s, who cannot run it, root runs the database as postgres',
  (SUDO_UID) => {
    expect(choose({ env: { SUDO_UID } }).user).toMatchObject({ kind: 'system', name: 'postgres' })
  },
)

test('a database that exists is run by its owner, whoever root is today', () => {
  expect(choose({ clusterOwner: 1000 }).user).toMatchObject({ kind: 'person', name: 'ada' })
  expect(choose({ clusterOwner: 65534, env: { SUDO_UID: '1000' } }).user).toMatchObject({
    kind: 'system',
    name: 'nobody',
  })
})

test('a plain user is told whose database it is when it is not theirs', () => {
  expect(() => choose({ uid: 1000, clusterOwner: 101 })).toThrow(
    'belongs to postgres. Start Tributary as postgres or as root',
  )
})

test('a user id without an account, as containers have, is told what PostgreSQL wants', () => {
  expect(() => choose({ uid: 4242 })).toThrow('User id 4242 has no entry in the password database')
})

test('no account is ever made: root alone on a machine is told to start as a normal user', () => {
  expect(() => choose({}, accounts.slice(0, 1))).toThrow('Start Tributary as a normal user')
})

test('accounts are found by name and by number, and an unknown one is not an error', () => {
  expect(lookUpAccount('root')).toEqual({ name: 'root', uid: 0, gid: 0 })
  expect(lookUpAccount('0')?.name).toBe('root')
  expect(lookUpAccount('nobody-of-that-name')).toBeUndefined()
})

test.runIf(process.getuid?.() === 0)('whether a user can enter a directory is tried, not computed', () => {
  const dir = makeDir()
  const nobody = { kind: 'system', name: 'nobody', uid: 65534, gid: 65534 } as const
  mkdirSync(`${dir}/closed/inside`, { recursive: true })
  expect(canEnter(nobody, `${dir}/closed/inside`)).toBe(true)
  chmodSync(`${dir}/closed`, 0o700)
  expect(canEnter(nobody, `${dir}/closed/inside`)).toBe(false)
})
