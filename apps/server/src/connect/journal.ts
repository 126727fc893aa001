/**
 * What a token endpoint answered, on disk before anything else is done with it. A provider that rotates has by then ended the token
 * we had: were the process to die between its answer and the database, the connection would be lost. Each answer is a sealed file of
 * its own, whole or not there, removed once the database has it; what is found at start is stored then.
 */
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { uuidv7 } from 'uuidv7'
import type { Sealing } from '../platform/sealing.ts'
import type { Tokens } from './tokens.ts'

export interface JournalEntry {
  userId: string
  connectionId: string
  provider: string
  /** Of the tokens that were renewed: it is stored over these and no others. */
  version: number
  tokens: Tokens
  scopes?: readonly string[]
}

export type Store = (entry: JournalEntry) => Promise<unknown>

export interface Journal {
  /** Returns when it is on disk to stay. */
  keep(entry: JournalEntry): Promise<void>
  /** Stores what is kept of a connection, if anything is, and removes it. */
  settle(connectionId: string, store: Store): Promise<void>
  /** Of everything; the names of files that do not open are answered, and they stay. */
  settleAll(store: Store): Promise<{ stored: number; unreadable: string[] }>
}

const place = (name: string) => ['token-journal', name]

export function createJournal(dataDir: string, sealing: Pick<Sealing, 'sealOwn' | 'openOwn'>): Journal {
  const folder = join(dataDir, 'token-journal')
  /** Of this process: file names by connection, until the database has them. */
  const pending = new Map<string, Map<string, JournalEntry>>()

  async function storeAndRemove(name: string, entry: JournalEntry, store: Store): Promise<void> {
    await store(entry)
    await rm(join(folder, name), { force: true })
    pending.get(entry.connectionId)?.delete(name)
    if (!pending.get(entry.connectionId)?.size) pending.delete(entry.connectionId)
  }

  return {
    async keep(entry) {
      const name = `${uuidv7()}.sealed`
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeDurably(folder, name, sealing.sealOwn(place(name), JSON.stringify(entry)))
      const own = pending.get(entry.connectionId) ?? new Map<string, JournalEntry>()
      pending.set(entry.connectionId, own.set(name, entry))
    },
    async settle(connectionId, store) {
      for (const [name, entry] of [...(pending.get(connectionId) ?? [])]) await storeAndRemove(name, entry, store)
    },
    async settleAll(store) {
      const unreadable: string[] = []
      let stored = 0
      await removeDrafts(folder)
      for (const name of (await namesIn(folder)).filter((file) => file.endsWith('.sealed')).sort()) {
        const entry = await read(join(folder, name), name, sealing)
        if (entry === 'gone') continue // another process has dealt with it
        if (entry === 'unreadable') unreadable.push(name)
        else {
          await storeAndRemove(name, entry, store)
          stored++
        }
      }
      return { stored, unreadable }
    },
  }
}

/** A draft takes milliseconds to write; one that is older is what a process left that was killed over it, and was never whole. */
const draftMs = 3_600_000

async function removeDrafts(folder: string): Promise<void> {
  const drafts = (await namesIn(folder)).filter((name) => name.endsWith('.part'))
  for (const path of drafts.map((name) => join(folder, name))) {
    const written = await stat(path).catch(() => undefined) // another process may have renamed it just now
    if (written && Date.now() - written.mtimeMs > draftMs) await rm(path, { force: true })
  }
}

/** The folder is flushed too: a file whose name is lost is lost. */
async function writeDurably(folder: string, name: string, text: string): Promise<void> {
  const draft = join(folder, `${name}.part`)
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, join(folder, name))
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

async function read(
  path: string,
  name: string,
  sealing: Pick<Sealing, 'openOwn'>,
): Promise<JournalEntry | 'gone' | 'unreadable'> {
  try {
    return JSON.parse(sealing.openOwn(place(name), await readFile(path, 'utf8')))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'unreadable'
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
