import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createJournal, type JournalEntry } from './journal.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'trb-journal-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

const asItIs = {
  sealOwn: (_place: readonly string[], text: string) => text,
  openOwn: (_: unknown, text: string) => text,
}

test('what a killed process left half written goes at the next start, and what may be written just now stays', async () => {
  const folder = join(dataDir, 'token-journal')
  await mkdir(folder)
  for (const name of ['old.sealed.part', 'new.sealed.part']) await writeFile(join(folder, name), 'half an ans')
  const longAgo = new Date(Date.now() - 2 * 3_600_000)
  await utimes(join(folder, 'old.sealed.part'), longAgo, longAgo)
  const journal = createJournal(dataDir, asItIs)
  const entry: JournalEntry = {
    ...{ userId: 'u', connectionId: 'c', provider: 'wahoo', version: 1 },
    tokens: { accessToken: 'a' },
  }
  await journal.keep(entry)
  const stored: JournalEntry[] = []
  expect(await journal.settleAll(async (one) => stored.push(one))).toEqual({ stored: 1, unreadable: [] })
  expect(stored).toEqual([entry])
  expect(await readdir(folder)).toEqual(['new.sealed.part'])
})
