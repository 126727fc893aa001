/** A real server with an empty database, a browser, and somebody to sit in front of it. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { startServer, type TestServer } from '../../server/test/kit.ts'
import { launchBrowser } from './browser.ts'

export const person = { email: 'mara@example.org', password: 'correct horse battery staple' }
export const csrf = { 'X-Tributary-CSRF': '1' }

export interface House {
  server: TestServer
  browser: Browser
  /** What any page complained about in its console. */
  complaints: string[]
  /** A window of its own, as a new visitor has it. */
  open(options?: BrowserContextOptions): Promise<Page>
  close(): Promise<void>
}

/** `env`: settings of the server besides the tests' own. */
export async function openHouse(env: Record<string, string> = {}): Promise<House> {
  if (!existsSync(fileURLToPath(new URL('../dist/index.html', import.meta.url)))) {
    throw new Error('the web app is not built: run npm test, or vite build apps/web')
  }
  const [server, browser] = await Promise.all([startServer({ env }), launchBrowser()])
  const complaints: string[] = []
  return {
    server,
    browser,
    complaints,
    async open(options = {}) {
      const context = await browser.newContext({
        baseURL: server.url,
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
        viewport: { width: 1440, height: 900 },
        reducedMotion: 'reduce',
        ...options,
      })
      context.setDefaultTimeout(20_000)
      const page = await context.newPage()
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('console', (message) => {
        // The browser notes every refused request; a refusal is no mistake of the page.
        const isRefusal = message.text().startsWith('Failed to load resource')
        if (message.type() === 'error' && !isRefusal) complaints.push(message.text())
      })
      return page
    },
    async close() {
      await browser.close()
      await server.stop()
    },
  }
}

/** Signs a window in without its form. */
export async function signIn(context: BrowserContext): Promise<void> {
  await context.request.post('/api/v1/auth/login', { data: { ...person, session: 'cookie' }, headers: csrf })
}

/** Resolves when all that moves has arrived; what moves for ever, like a skeleton, is not waited for. */
const fadedIn = `(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done))
  const shown = async () => { for (let i = 0; i < 4; i++) await frame() }
  const moving = () => document.getAnimations().filter(
    ({ effect, playState }) => playState !== 'finished' && effect?.getTiming().iterations !== Infinity,
  )
  // What begins to move may do so some frames after what made it begin.
  for (await shown(); moving().length; await shown())
    await Promise.all(moving().map(({ finished }) => finished.catch(() => undefined)))
})()`

const widths = [390, 1440]
const schemes = ['light', 'dark'] as const

/** What a page gets wrong for people who cannot see it well, in both themes, on a phone and on a desk. */
export async function findBarriers(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 500 ? 844 : 900 })
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme })
      await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: 'attached' })
      // What is fading in has no colour yet.
      await page.evaluate(fadedIn)
      // Legacy mode opens no second page for frames: there are none. Of all rules only contrast depends on the theme.
      const axe = new AxeBuilder({ page }).setLegacyMode()
      const { violations } = await (colorScheme === 'light' ? axe : axe.withRules('color-contrast')).analyze()
      const where = `${new URL(page.url()).pathname} ${width} ${colorScheme}`
      for (const { id, impact, nodes } of violations) {
        if (impact === 'serious' || impact === 'critical')
          found.push(`${where}: ${id} at ${nodes.map(({ html }) => html).join(' and ')}`)
      }
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      if (overflow > 0) found.push(`${where}: scrolls sideways by ${overflow}`)
    }
  }
  // Between the two only what stands beside each other changes.
  await page.setViewportSize({ width: 768, height: 1024 })
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  if (overflow > 0) found.push(`${new URL(page.url()).pathname} 768: scrolls sideways by ${overflow}`)
  await page.setViewportSize({ width: 1440, height: 900 })
  return found
}

/** What dragging a file from a folder does. */
export async function dropFile(page: Page, target: string, name: string, bytes: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    `(() => {
      const bytes = Uint8Array.from(atob(${JSON.stringify(bytes.toString('base64'))}), (c) => c.charCodeAt(0))
      const transfer = new DataTransfer()
      transfer.items.add(new File([bytes], ${JSON.stringify(name)}))
      return transfer
    })()`,
  )
  await page.locator(target).dispatchEvent('drop', { dataTransfer: transfer })
}
