/** An operator registers an app at a brand; a developer puts the connect page into an app of theirs; a stranger to the hub connects there. */
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readConnectEvent } from '@tributary/sdk'
import type { BrowserContext, ConsoleMessage, FrameLocator, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  clouds,
  type Recording,
  type RegisteredApp,
  type ServedCloud,
  serveCloud,
} from '../../../packages/emulators/src/clouds/index.ts'
import { findBarriers, type House, openHouse, person, signIn } from './house.ts'

vi.setConfig({ testTimeout: 60_000 }) // a busy machine

let house: House
let brand: ServedCloud
/** A brand with keys instead of a page. */
let keyed: ServedCloud
let operator: Page
let token: string
let guests: BrowserContext

beforeAll(async () => {
  brand = await serveCloud((origin) => clouds.oura({ clock: { now: () => Date.now() }, seed: 7, origin, send: fetch }))
  keyed = await serveCloud((origin) =>
    clouds.intervals({ clock: { now: () => Date.now() }, seed: 7, origin, send: fetch }),
  )
  const hosts = [brand, keyed].map(({ origin }) => new URL(origin).host)
  house = await openHouse({
    OURA_BASE_URL: brand.origin,
    OURA_AUTH_URL: brand.origin,
    INTERVALS_BASE_URL: keyed.origin,
    EGRESS_ALLOW: hosts.join(','),
  })
  const made = await house.server.call('POST', '/api/v1/auth/register', {
    body: { ...person, time_zone: 'Europe/Berlin' },
  })
  token = (made.body as { access_token: string }).access_token
  operator = await house.open({ permissions: ['clipboard-read', 'clipboard-write'] })
  await signIn(operator.context())
  guests = await house.browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' })
  guests.setDefaultTimeout(20_000)
})

afterAll(async () => {
  await house?.close()
  await brand?.stop()
  await keyed?.stop()
  for (const app of apps) app.close()
})

const apps: Server[] = []

/** A page of somebody else: the guide's own lines, and beside them what they were told. */
async function openApp(body: string, link: (origin: string) => Promise<string>): Promise<string> {
  const app = createServer(async ({ method, headers }, response) => {
    if (method === 'POST') return response.end(JSON.stringify({ url: await link(`http://${headers.host}`) }))
    response.setHeader('content-type', 'text/html; charset=utf-8')
    const listener = `<script>heard = []; addEventListener('message', ({ origin, data }) => heard.push({ origin, ...data }))</script>`
    return response.end(`<!doctype html><html lang="en"><title>An app</title><h1>An app</h1>${listener}${body}</html>`)
  })
  apps.push(app)
  await new Promise<void>((resolve) => app.listen(0, resolve))
  return `http://localhost:${(app.address() as AddressInfo).port}`
}

const guide = await readFile(new URL('../../../docs/08-connect.md', import.meta.url), 'utf8')
const snippet = guide.split('```html\n')[1]?.split('\n```')[0] ?? ''

const session = async (allowed: string, more: object = {}, as = token) => {
  const body = { language: 'de', theme: 'dark', allowed_origins: [allowed], ...more }
  const made = await house.server.call('POST', '/api/v1/connect-sessions', { token: as, body })
  expect(made.status).toBe(201)
  return (made.body as { url: string }).url
}

const pulse = (at: number): Recording => ({
  key: 'an hour ago',
  device: { name: 'Ring 4', manufacturer: 'Oura', model: 'Ring 4', serial: '9f1c' },
  readings: [{ kind: 'series', metric: 'heart_rate', t: Float64Array.of(at), v: Float64Array.of(61) }],
})

const heardBy = (page: Page) => page.evaluate<{ origin: string; type: string; connection_id?: string }[]>('heard')
const english = /\b(the|and|you|your|last|read|weight|connect)\b/i

async function openSettings(name: string): Promise<Locator> {
  await operator.getByRole('heading', { name: 'Providers' }).waitFor()
  await operator.getByText(name, { exact: true }).click()
  return operator.getByRole('group').filter({ has: operator.getByText(name, { exact: true }) })
}

test('an operator copies the address for the brand, and the test tells a secret that fits from one that does not', async () => {
  await operator.goto('/')
  await operator.getByRole('link', { name: 'Connections' }).first().click()
  await operator.getByRole('link', { name: 'Set up providers' }).click()
  const open = await openSettings('Oura')
  await open.getByRole('button', { name: 'Copy redirect uri' }).click()
  const redirectUri = await operator.evaluate<string>('navigator.clipboard.readText()')
  const app: RegisteredApp = brand.cloud.registerApp({ redirectUris: [redirectUri] })
  const save = async (secret: string) => {
    await open.getByLabel('Client id').fill(app.clientId)
    await open.getByLabel('Client secret').first().fill(secret)
    await open.getByRole('button', { name: 'Save' }).click()
    await operator.getByText('Oura is set up').first().waitFor()
    await open.getByRole('button', { name: 'Try it' }).click()
  }
  await save('not the secret')
  await open.getByText('Refused').waitFor()
  await save(app.clientSecret)
  await open.getByText('It works').waitFor()
  expect(await findBarriers(operator)).toEqual([])
})

test('what a brand wants besides is asked for by its name, and what is secret is not shown', async () => {
  const open = await openSettings('Suunto')
  const field = open.getByLabel('Subscription key').first()
  expect(await field.getAttribute('type')).toBe('password')
  await field.fill('a key of nobody')
  await open.getByRole('button', { name: 'Save' }).click()
  await open.getByText('There is one. Leave this empty to keep it.').waitFor()
  await open.getByText('Something is missing').waitFor()
  expect(await field.inputValue()).toBe('')
})

async function windowOf(page: Page, work: () => Promise<unknown>): Promise<Page> {
  const [opened] = await Promise.all([page.waitForEvent('popup'), work()])
  return opened
}

const closes = (opened: Page, work: () => Promise<unknown>) => Promise.all([opened.waitForEvent('close'), work()])

async function connectInWindow(frame: FrameLocator, page: Page): Promise<void> {
  const opened = await windowOf(page, () => frame.getByRole('button', { name: 'Oura' }).click())
  await opened.getByRole('heading', { name: 'Was gelesen wird' }).waitFor()
  expect(await opened.getByRole('main').textContent()).not.toMatch(english)
  await opened.getByRole('button', { name: 'Oura verbinden' }).click()
  await opened.getByRole('button', { name: 'Allow' }).click()
  await opened.getByRole('heading', { name: 'Oura ist verbunden' }).waitFor()
  await closes(opened, () => opened.getByRole('link', { name: 'Weiter' }).click())
}

test('a page of another origin frames the connect page, hears of each event once, and the first data arrive', async () => {
  brand.cloud.addAccount({
    name: 'Mira Lind',
    email: 'mira@example.org',
    timeZone: 'Europe/Berlin',
    recordings: [pulse(Date.now() - 3_600_000)],
  })
  const app = await openApp(snippet, (origin) => session(origin))
  const page = await guests.newPage()
  await page.goto(app)
  const frame = page.frameLocator('iframe')
  await frame.getByRole('heading', { name: 'Konten verbinden' }).waitFor()
  expect(await frame.locator('html').getAttribute('lang')).toBe('de')
  await frame.locator('html[data-mantine-color-scheme="dark"]').waitFor({ state: 'attached' })
  await connectInWindow(frame, page)
  await frame.getByText('Oura ist verbunden.').waitFor()
  expect(await frame.getByRole('main').textContent()).not.toMatch(english)
  await frame.getByRole('button', { name: 'Fertig' }).click()
  await page.locator('iframe').waitFor({ state: 'detached' })
  const { origin } = new URL(house.server.url)
  const connected = { origin, source: 'tributary', type: 'connected', provider: 'oura' }
  expect(await heardBy(page)).toEqual([
    { ...connected, connection_id: expect.stringMatching(/^[\da-f-]{36}$/) },
    { origin, source: 'tributary', type: 'closed' },
  ])
  await operator.reload()
  await operator.getByRole('link', { name: 'Connections' }).first().click()
  const card = operator.getByRole('article', { name: /^Oura/ })
  await card.getByText('Synced').waitFor()
  expect(await card.textContent()).toMatch(/[1-9]\d* new/)
})

/** Somebody else of this hub, for whom another app makes sessions. */
async function anotherPerson(): Promise<string> {
  const { invite } = (await house.server.call('POST', '/api/v1/invites', { token, body: { role: 'member' } })).body as {
    invite: string
  }
  const body = { email: 'jon@example.org', password: person.password, invite }
  const made = await house.server.call('POST', '/api/v1/auth/register', { body })
  return (made.body as { access_token: string }).access_token
}

async function asksInGerman(at: Page | FrameLocator): Promise<void> {
  await at.getByRole('heading', { name: 'Ist das dein Konto?' }).waitFor()
  await at.getByText('Jemand anderes hier ist schon mit diesem Konto verbunden.').waitFor()
  await at.locator('html[lang="de"][data-mantine-color-scheme="dark"]').waitFor({ state: 'attached' })
  expect(await at.getByRole('main').textContent()).not.toMatch(english)
}

test('an account that somebody else of the hub has is asked about where the guest is, and the app hears of the yes', async () => {
  const account = keyed.cloud.addAccount({
    ...{ name: 'Mira Lind', email: 'mira@example.org', timeZone: 'Europe/Berlin', recordings: [] },
  })
  const key = keyed.cloud.apiKey?.of(account) ?? ''
  const given = await house.server.call('POST', '/api/v1/integrations/intervals/auth', {
    token,
    body: { credentials: { api_key: key } },
  })
  expect(given.status).toBe(201)
  const jon = await anotherPerson()
  const app = await openApp(snippet, (origin) => session(origin, {}, jon))
  const page = await guests.newPage()
  await page.goto(app)
  const frame = page.frameLocator('iframe')

  const opened = await windowOf(page, () => frame.getByRole('button', { name: 'Oura' }).click())
  for (const answer of ['Nicht verbinden', 'Dieses Konto verbinden']) {
    await opened.getByRole('button', { name: 'Oura verbinden' }).click()
    await opened.getByRole('button', { name: 'Allow' }).click()
    await opened.getByRole('heading', { name: 'Jemand hier hat dieses Konto' }).waitFor()
    await opened.getByRole('link', { name: 'Weiter' }).click()
    await asksInGerman(opened)
    if (answer === 'Nicht verbinden') {
      await opened.getByRole('button', { name: answer }).click()
      await opened.getByRole('status').filter({ hasText: 'Es wurde nichts verbunden' }).waitFor()
    } else await closes(opened, () => opened.getByRole('button', { name: answer }).click())
  }
  await frame.getByText('Oura ist verbunden.').waitFor()

  await frame.getByRole('button', { name: 'intervals' }).click()
  await frame.getByLabel('API').first().fill(key)
  await frame.getByRole('button', { name: /verbinden$/ }).click()
  await asksInGerman(frame)
  await frame.getByRole('button', { name: 'Dieses Konto verbinden' }).click()
  await frame.getByText(/^intervals.icu ist verbunden/i).waitFor()

  const { body } = await house.server.call('GET', '/api/v1/providers/connections', { token: jon })
  const made = body as { provider: string; connection_id: string; status: string }[]
  expect(made.map(({ provider, status }) => [provider, status])).toEqual([
    ['oura', 'active'],
    ['intervals', 'active'],
  ])
  const { origin } = new URL(house.server.url)
  expect(await heardBy(page)).toEqual(
    made.map(({ provider, connection_id }) => ({
      origin,
      source: 'tributary',
      type: 'connected',
      provider,
      connection_id,
    })),
  )
  // What follows is about an account of one person.
  for (const { connection_id } of made)
    await house.server.call('DELETE', `/api/v1/providers/connections/${connection_id}`, { token: jon })
})

test('in a window of its own it tells the page that opened it, after a sign-in that was cancelled and one that was not', async () => {
  const opener = `<button onclick="opened = open(link, '_blank', 'popup,width=520,height=760')">Connect</button>
    <script type="module">globalThis.link = (await (await fetch('/connect-link', { method: 'POST' })).json()).url</script>`
  const app = await openApp(opener, (origin) => session(origin, { theme: 'auto' }))
  const page = await guests.newPage()
  await page.goto(app, { waitUntil: 'networkidle' })
  const opened = await windowOf(page, () => page.getByRole('button', { name: 'Connect' }).click())
  for (const answer of ['Cancel', 'Allow']) {
    await opened.getByRole('button', { name: 'Oura' }).click()
    await opened.getByRole('heading', { name: 'Was gelesen wird' }).waitFor()
    if (answer === 'Cancel') expect(await findBarriers(opened)).toEqual([])
    await opened.getByRole('button', { name: 'Oura verbinden' }).click()
    await opened.getByRole('button', { name: answer }).click()
    await opened.getByRole('link', { name: answer === 'Cancel' ? 'Zurück' : 'Weiter' }).click()
    const says = answer === 'Cancel' ? 'Du hast die Anmeldung abgebrochen.' : 'Oura ist verbunden.'
    await opened.getByRole('status').filter({ hasText: says }).waitFor()
  }
  expect(
    await opened.evaluate('localStorage.getItem("mantine-color-scheme-value")'),
    'nobody’s own choice is changed',
  ).toBeNull()
  await closes(opened, () => opened.getByRole('button', { name: 'Fertig' }).click())
  const heard = (await heardBy(page)).map((data) => readConnectEvent({ origin: data.origin, data }, house.server.url))
  expect(heard.map((event) => event?.type)).toEqual(['connected', 'closed'])
})

test('an origin that the session does not name can neither frame the page nor hear of it', async () => {
  const app = await openApp(snippet, () => session('https://app.example.com'))
  const page = await guests.newPage()
  const isRefusal = (message: ConsoleMessage) => message.text().includes('frame-ancestors')
  await Promise.all([page.waitForEvent('console', isRefusal), page.goto(app)])
  const opened = await windowOf(page, () =>
    page.evaluate(`void open(document.querySelector('iframe').src, '_blank', 'popup')`),
  )
  await closes(opened, () => opened.getByRole('button', { name: 'Fertig' }).click())
  expect(await heardBy(page)).toEqual([])
  expect(house.complaints).toEqual([])
})
