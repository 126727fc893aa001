/** One Chromium for all browser tests: the system's, or the one that comes inside an npm package. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { type Browser, chromium as playwright } from 'playwright-core'

const flags = [
  '--headless',
  '--no-sandbox', // root in a container has no user namespace to build one in
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--font-render-hinting=none',
]

export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = await findChromium()
  return playwright.launch({ executablePath, args: flags, env, chromiumSandbox: false })
}

interface Found {
  executablePath: string
  env: Record<string, string>
}

const inherited = () =>
  Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined)) as Record<string, string>

async function findChromium(): Promise<Found> {
  const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync)
  if (system) return { executablePath: system, env: inherited() }
  const folder = await unpackedChromium()
  const executablePath = join(folder, 'chromium')
  const env = { ...inherited(), FONTCONFIG_FILE: join(folder, 'fonts.conf') }
  const complete = !execFileSync('ldd', [executablePath], { encoding: 'utf8' }).includes('not found')
  return { executablePath, env: complete ? env : { ...env, LD_LIBRARY_PATH: join(folder, 'al2023/lib') } }
}

/** Unpacked once for each user and version, and only ever seen whole: two runs may start at the same time. */
async function unpackedChromium(): Promise<string> {
  const { default: packed, inflate } = await import('@sparticuz/chromium')
  const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../bin')
  const folder = join(tmpdir(), `tributary-chromium-${userInfo().uid}`)
  if (existsSync(join(folder, 'chromium'))) return folder
  const fresh = await mkdtemp(`${folder}-`)
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = fresh // where the package unpacks to
  try {
    await packed.executablePath(bin)
    await inflate(join(bin, 'al2023.tar.br'))
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
  await chmod(join(fresh, 'chromium'), 0o755)
  await writeFile(join(fresh, 'fonts.conf'), fontsAt(join(folder, 'fonts')))
  try {
    await rename(fresh, folder)
  } catch (error) {
    if (!existsSync(join(folder, 'chromium'))) throw error
    await rm(fresh, { recursive: true, force: true }) // another run was first
  }
  return folder
}

/** Chromium dies without a font; a bare machine has none, so the package's own come first. */
function fontsAt(folder: string): string {
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}</dir><dir>/usr/share/fonts</dir><cachedir>${folder}-cache</cachedir></fontconfig>`
}
