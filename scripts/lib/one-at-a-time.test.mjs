import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { oneAtATime } from './one-at-a-time.mjs'

let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trb-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('of five that begin at once, one works at a time and all come to their turn', async () => {
  let working = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++working)
    await new Promise((resolve) => setImmediate(resolve))
    working--
  }
  await Promise.all(Array.from({ length: 5 }, () => oneAtATime('work', work, folder)))
  expect(most).toBe(1)
  expect(existsSync(join(folder, 'work.lock'))).toBe(false)
})

test('the lock of a process that died is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  writeFileSync(join(folder, 'work.lock'), String(pid))
  expect(await oneAtATime('work', () => readFileSync(join(folder, 'work.lock'), 'utf8'), folder)).toBe(
    String(process.pid),
  )
})

test('a lock nobody has touched for long is taken over, even when its number is now that of a living process', async () => {
  const path = join(folder, 'work.lock')
  writeFileSync(path, String(process.ppid))
  const longAgo = new Date(Date.now() - 3_600_000)
  utimesSync(path, longAgo, longAgo)
  expect(await oneAtATime('work', () => 'done', folder)).toBe('done')
})

test('work that fails leaves no lock behind', async () => {
  const failing = () => Promise.reject(new Error('no'))
  await expect(oneAtATime('work', failing, folder)).rejects.toThrow('no')
  expect(existsSync(join(folder, 'work.lock'))).toBe(false)
})
