import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../bin/tributary.mjs', import.meta.url))
const project = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  env?: Record<string, string>
  stdin?: string
}

/** Runs the command as a person would, with a home of its own and no terminal. */
export async function runTributary(
  words: readonly string[],
  { env = {}, stdin = '' }: RunOptions = {},
): Promise<Ended> {
  const { TRIBUTARY_URL: _url, TRIBUTARY_TOKEN: _token, ...outside } = process.env
  // A test never installs: what runs it is installed already.
  const own = { XDG_CONFIG_HOME: '/nowhere', TRIBUTARY_SET_UP: project }
  const child = spawn(process.execPath, [bin, ...words], { env: { ...outside, ...own, ...env } })
  child.stdin.end(stdin)
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('close', resolve)
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), promise])
  return { code, stdout, stderr }
}
