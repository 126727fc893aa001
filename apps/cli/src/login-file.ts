import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** A server and an API key for it, as `tributary login` left them. */
export interface Login {
  url: string
  email: string
  apiKey: string
  apiKeyId: string
}

/** In the person's own folder for settings, readable by them alone. */
export function loginPath(env: NodeJS.ProcessEnv = process.env): string {
  const base = process.platform === 'win32' ? env['APPDATA'] : env['XDG_CONFIG_HOME']
  return join(base || join(homedir(), '.config'), 'tributary', 'login.json')
}

export async function readLogin(path = loginPath()): Promise<Login | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Login
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (error instanceof SyntaxError) return undefined // cut off while it was written: as good as not there
    throw error
  }
}

export async function saveLogin(login: Login, path = loginPath()): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const draft = `${path}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, path)
}

export async function forgetLogin(path = loginPath()): Promise<void> {
  await rm(path, { force: true })
}
