/** A real server with an empty database, a browser, and somebody to sit in front of it. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { startServer, type TestServer } from '../../server/test/kit.ts'
import { sizes } from './barriers.ts'
import { launchBrowser } from './browser.ts'

export { findBarriers, sizes } from './barriers.ts'

export const person = { email: 'mara@example.org', password: 'correct horse battery staple' }
export const csrf = { 'X-Tributary-CSRF': '1' }

/** What is waited for is a state, not a time: nothing takes so long, unless the machine does much else. */
const patienceMs = 60_000

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
        viewport: sizes.desk,
        reducedMotion: 'reduce',
        ...options,
      })
      context.setDefaultTimeout(patienceMs)
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
