/**
 * A picture of every page of the demo, on a phone and on a desk, in both themes, to look at:
 * `npm run screens -- FOLDER [PART OF A NAME]`. With `--docs` it takes those that docs/ shows.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { APIRequestContext, Browser, Page } from 'playwright-core'
import { createProgram, owner } from '../../server/prove/program.ts'
import { freePort } from '../../server/test/free-port.ts'
import { settle } from './barriers.ts'
import { launchBrowser } from './browser.ts'

const sizes = [
  { name: 'phone', width: 390, height: 844 },
  { name: 'desk', width: 1440, height: 900 },
]
const themes = ['light', 'dark'] as const

/** What fits into the first view of a window. */
const ofDocs = { folder: fileURLToPath(new URL('../../../docs/images', import.meta.url)), names: ['today', 'night'] }

const [folder, part = ''] = process.argv.slice(2)
if (!folder) throw new Error('usage: npm run screens -- FOLDER [PART OF A NAME], or npm run screens -- --docs')
const isForDocs = folder === '--docs'
if (!isForDocs) await mkdir(folder, { recursive: true })
const dataDir = await mkdtemp(join(tmpdir(), 'trb-screens-'))
const program = createProgram(dataDir, await freePort(), { DEMO: 'true', OWNER_EMAIL: '', OWNER_PASSWORD: '' })
const browser = await launchBrowser()
try {
  await program.start()
  await register()
  const pages = Object.entries(await findPages(browser))
  if (isForDocs) await takeForDocs(browser, pages)
  else {
    const wanted = pages.filter(([name]) => name.includes(part))
    for (const size of sizes) for (const theme of themes) await takeAll(browser, wanted, size, theme)
  }
} finally {
  await browser.close()
  await program.stop()
  await rm(dataDir, { recursive: true, force: true })
}

/** At most four hours apart: in one of them it is evening, and a whole day can be looked at. */
function whereItIsEvening(): string {
  const cities = ['Pacific/Honolulu', 'America/Los_Angeles', 'America/New_York', 'America/Sao_Paulo']
  cities.push('Europe/Berlin', 'Asia/Dubai', 'Asia/Dhaka', 'Asia/Tokyo', 'Pacific/Auckland')
  const hourIn = (timeZone: string) =>
    Number(new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format())
  return cities.find((city) => hourIn(city) >= 17 && hourIn(city) < 23) ?? 'UTC'
}

async function register(): Promise<void> {
  const answer = await fetch(`${program.url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...owner, display_name: 'Mara', time_zone: whereItIsEvening() }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

/** Names and addresses, once the demo is there. */
async function findPages(browser: Browser): Promise<Record<string, string>> {
  const { request } = await signedIn(browser)
  while ((await ask<{ status: string }>(request, '/api/v1/demo')).status !== 'ready') await pause(500)
  const session = async (question: string) => {
    const { items } = await ask<{ items: { session_id: string }[] }>(request, `/api/v1/sessions?limit=1&${question}`)
    return `/sessions/${items[0]?.session_id}`
  }
  const devices = await ask<{ device_id: string }[]>(request, '/api/v1/devices')
  return {
    welcome: '/welcome?step=read',
    begin: '/welcome?step=begin',
    today: '/today',
    'trends-day': '/trends?metric=heart_rate&view=day',
    'trends-month': '/trends?metric=resting_heart_rate&view=month',
    'trends-year': '/trends?metric=steps&view=year',
    explore: '/explore?metric=heart_rate&range=week',
    'explore-three': '/explore?metric=heart_rate,steps,body_mass&range=month',
    sessions: '/sessions',
    workout: await session('activity=cycling'),
    'new-session': '/sessions/new',
    night: '/sleep',
    plan: '/plan',
    import: '/import',
    unused: '/import/unused',
    devices: '/devices',
    device: `/devices/${devices[0]?.device_id}`,
    'new-device': '/devices/new',
    connections: '/connections',
    provider: '/connections/polar',
    'own-api': '/connections/custom',
    'provider-apps': '/settings/providers',
    settings: '/settings',
    missing: '/no-such-page',
  }
}

async function signedIn(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}) {
  const context = await browser.newContext({
    baseURL: program.url,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    ...options,
  })
  const data = { ...owner, session: 'cookie' }
  await context.request.post('/api/v1/auth/login', { data, headers: { 'X-Tributary-CSRF': '1' } })
  return context
}

async function ask<Answer>(request: APIRequestContext, path: string): Promise<Answer> {
  return (await (await request.get(path)).json()) as Answer
}

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address, { waitUntil: 'networkidle' })
  await settle(page)
}

async function takeForDocs(browser: Browser, pages: readonly [name: string, address: string][]): Promise<void> {
  const context = await signedIn(browser, { viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  for (const [name, address] of pages.filter(([name]) => ofDocs.names.includes(name))) {
    await open(page, address)
    await page.screenshot({ path: join(ofDocs.folder, `${name}.png`) })
  }
  await context.close()
}

async function takeAll(
  browser: Browser,
  pages: readonly [name: string, address: string][],
  { name: sizeName, ...viewport }: (typeof sizes)[number],
  colorScheme: (typeof themes)[number],
): Promise<void> {
  const context = await signedIn(browser, { viewport, colorScheme })
  const page = await context.newPage()
  for (const [name, address] of pages) {
    await open(page, address)
    const path = join(folder as string, `${name}-${sizeName}-${colorScheme}`)
    // As tall as the page, so that bars at its edges stand there and not in its middle.
    const height = await page.evaluate<number>('document.documentElement.scrollHeight')
    await page.setViewportSize({ width: viewport.width, height: Math.max(height, viewport.height) })
    await page.screenshot({ path: `${path}.png` })
    await page.setViewportSize(viewport)
    console.log(`${path}.png`)
  }
  await context.close()
}
