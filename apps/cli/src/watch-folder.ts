/** Sends what appears in a folder, once it has stopped growing, and never the same content twice, also after a restart. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { appendFile, mkdir, readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { filesBelow } from './find-files.ts'

export interface WatchOptions {
  folder: string
  server: string
  everyMs: number
  signal: AbortSignal
  /** Answers whether the file was dealt with: false means to try again later. */
  send(path: string): Promise<boolean>
}

/** Of a file as it was when it was looked at. */
const lookOf = async (path: string) => {
  const { size, mtimeMs } = await stat(path)
  return `${size} ${mtimeMs}`
}

export async function watchFolder({ folder, server, everyMs, signal, send }: WatchOptions): Promise<void> {
  const memory = await openMemory(memoryPath(server, folder))
  const looks = new Map<string, string>()
  const settled = new Map<string, string>()
  while (!signal.aborted) {
    for (const path of await filesBelow(folder)) {
      if (signal.aborted) return
      // A file may be gone again by the time that it is looked at.
      const look = await lookOf(path).catch(ignoreMissing)
      if (look === undefined || settled.get(path) === look) continue
      if (looks.get(path) !== look) {
        looks.set(path, look) // it may still be growing: the next look decides
        continue
      }
      const hash = await hashOf(path).catch(ignoreMissing)
      if (hash === undefined || (await lookOf(path).catch(ignoreMissing)) !== look) continue
      if (memory.has(hash) || (await send(path))) {
        await memory.remember(hash)
        settled.set(path, look)
      }
    }
    await pause(everyMs, undefined, { signal }).catch(() => undefined) // asked to stop
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** In the person's own folder for what programs remember: one file for each server and folder, a hash a line. */
function memoryPath(server: string, folder: string, env: NodeJS.ProcessEnv = process.env): string {
  const base = process.platform === 'win32' ? env['LOCALAPPDATA'] : env['XDG_STATE_HOME']
  const name = createHash('sha256')
    .update(`${server}\n${resolve(folder)}`)
    .digest('hex')
    .slice(0, 16)
  return join(base || join(homedir(), '.local/state'), 'tributary', `sent-${name}.txt`)
}

async function openMemory(path: string) {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const known = new Set(text.split('\n'))
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  return {
    has: (hash: string) => known.has(hash),
    remember: async (hash: string) => {
      if (known.has(hash)) return
      known.add(hash)
      await appendFile(path, `${hash}\n`, { mode: 0o600 })
    },
  }
}
