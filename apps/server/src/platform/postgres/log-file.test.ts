import { appendFileSync, closeSync, mkdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { LogLine } from './log.ts'
import { logSince, openLog, rotateLog } from './log-file.ts'
import { makeDir } from './test/kit.ts'

const silent = () => {}

test('a full log is set aside while the database goes on writing to it', () => {
  const file = join(makeDir(), 'postgres.log')
  const database = openLog(file)
  writeSync(database, 'old line\n')
  rotateLog(file, silent, 5)
  writeSync(database, 'new line\n')
  closeSync(database)
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('old line\n')
  expect(readFileSync(file, 'utf8')).toBe('new line\n')
})

test('a log below the limit stays whole', () => {
  const file = join(makeDir(), 'postgres.log')
  writeFileSync(file, 'line\n')
  rotateLog(file, silent, 5)
  expect(readFileSync(file, 'utf8')).toBe('line\n')
})

test('a failed start is explained with the lines of this start only', () => {
  const file = join(makeDir(), 'postgres.log')
  writeFileSync(file, 'yesterday\n')
  const from = readFileSync(file).length
  appendFileSync(file, 'one\ntwo\nthree\n')
  expect(logSince(file, from, 2)).toBe('two | three')
})

test('a log that cannot be set aside is told of, and stops nothing', () => {
  const file = join(makeDir(), 'postgres.log')
  writeFileSync(file, 'old line\n')
  mkdirSync(`${file}.1`)
  const lines: LogLine[] = []
  rotateLog(file, (line) => void lines.push(line), 5)
  expect(lines).toEqual([expect.objectContaining({ level: 'warn' })])
})
