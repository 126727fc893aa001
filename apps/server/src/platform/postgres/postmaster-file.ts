import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Endpoint } from './settings.ts'

/** What a running (or killed) server says about itself in postmaster.pid. */
export interface PostmasterFile {
  pid: number
  endpoint: Endpoint
}

export const postmasterFileIn = (cluster: string) => join(cluster, 'postmaster.pid')

/** Lines: pid, data directory, start time, port, socket directory, listen address … (PostgreSQL's src/include/utils/pidfile.h). */
export function readPostmasterFile(cluster: string): PostmasterFile | undefined {
  const text = readIfThere(postmasterFileIn(cluster))
  if (text === undefined) return undefined
  const [pid = '', , , port = '', socketDir = '', address = ''] = text.split('\n').map((line) => line.trim())
  // A server killed while it wrote the file leaves it short; without a pid there is nothing to look for.
  return { pid: Math.abs(Number.parseInt(pid, 10)) || 0, endpoint: { host: socketDir || address, port: Number(port) } }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
