import { createHash } from 'node:crypto'
import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { RunUser } from './run-user.ts'
import type { Endpoint } from './settings.ts'

const port = 5432 // only a part of the socket's name

/** A unix socket that nobody but its user (and root) can reach; on Windows a free port of 127.0.0.1. */
export async function makeEndpoint(root: string, user: RunUser, before: Endpoint | undefined): Promise<Endpoint> {
  // A server that is restarted keeps its port, because pools go on knocking there.
  if (process.platform === 'win32') return { host: '127.0.0.1', port: before?.port || (await freePort()) }
  const dir = socketDirectory(root)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const expected = user.kind === 'self' ? process.getuid?.() : user.uid
  const { uid } = lstatSync(dir)
  if (!lstatSync(dir).isDirectory() || (uid !== expected && uid !== process.getuid?.())) {
    throw new Error(
      `${dir}, where the database's socket would go, belongs to somebody else (user id ${uid}). Remove it.`,
    )
  }
  if (user.kind !== 'self') chownSync(dir, user.uid, user.gid)
  chmodSync(dir, 0o700)
  return { host: dir, port }
}

/** A socket's whole path fits in 107 bytes on Linux and 103 on macOS; a deep DATA_DIR gets a short one, always the same. */
function socketDirectory(root: string, limit = process.platform === 'darwin' ? 103 : 107): string {
  const dir = join(root, 'run')
  if (Buffer.byteLength(join(dir, `.s.PGSQL.${port}`)) <= limit) return dir
  return join('/tmp', `tributary-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`)
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer().once('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
  })
  return promise
}
