import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findBinaries } from './find-binaries.ts'

test('this machine has a bundled PostgreSQL 18', () => {
  const found = findBinaries()
  expect(found.major).toBe('18')
  expect(existsSync(join(found.native, 'share'))).toBe(true)
})

test.each([
  [{ platform: 'linux', arch: 'x64', glibc: false }, 'needs glibc, and this system has musl'],
  [{ platform: 'linux', arch: 'riscv64', glibc: true }, 'No PostgreSQL is bundled for linux on riscv64'],
  [{ platform: 'freebsd', arch: 'x64', glibc: false }, 'No PostgreSQL is bundled for freebsd on x64'],
] as const)('%o is told in one line, and pointed to DATABASE_URL', (machine, reason) => {
  expect(() => findBinaries(machine)).toThrow(reason)
  expect(() => findBinaries(machine)).toThrow(/^[^\n]*DATABASE_URL[^\n]*$/)
})

test('an installation without the optional package is told so', () => {
  const other = process.platform === 'darwin' ? 'linux' : 'darwin'
  expect(() => findBinaries({ platform: other, arch: 'x64', glibc: true })).toThrow(
    'is not installed (optional packages left out?)',
  )
})
