/** A day of an owner who sets brands up and connects them: of all the secrets that pass, none stays where a script could find it. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type BrandClouds, type BrandName, openBrandClouds } from '../../server/test/brand-clouds.ts'
import { searchFor } from '../../server/test/secrets.ts'
import { type House, openHouse, person } from './house.ts'
import { readBrowser } from './read-browser.ts'

vi.setConfig({ testTimeout: 120_000 }) // a busy machine

let house: House
let brands: BrandClouds
let page: Page
/** What the person typed or was shown, and the cookies, by what it is. */
const own = new Map<string, string>([[person.password, 'password']])
/** All that a script could read after each step. */
const read: { step: string; told: Record<string, string> }[] = []

/** All that are signed in to, as the house calls them. */
const connected: Partial<Record<BrandName, string>> = {
  polar: 'Polar',
  coros: 'COROS',
  dexcom: 'Dexcom',
  fitbit: 'Fitbit',
  garmin: 'Garmin',
  oura: 'Oura',
  strava: 'Strava',
  suunto: 'Suunto',
  ultrahuman: 'Ultrahuman',
  wahoo: 'Wahoo',
  whoop: 'WHOOP',
  withings: 'Withings',
}

beforeAll(async () => {
  brands = await openBrandClouds({ until: Date.now(), days: 2 })
  house = await openHouse(brands.env)
  page = await house.open()
})
afterAll(async () => {
  await house?.close()
  await brands?.stop()
})

const button = (name: string) => page.getByRole('button', { name, exact: true })
const link = (name: string | RegExp) => page.getByRole('link', { name }).first()

async function look(step: string): Promise<void> {
  for (const { name, value } of await page.context().cookies()) own.set(value, `cookie ${name}`)
  read.push({ step, told: await readBrowser(page) })
}

const found = (secrets: ReadonlyMap<string, string>) => {
  const search = searchFor(secrets.keys())
  return read.flatMap(({ step, told }) =>
    Object.entries(told).flatMap(([place, text]) => search(text).map((secret) => [step, place, secrets.get(secret)])),
  )
}

test('what is put into each place of a browser is read there', async () => {
  const visitor = await house.open()
  await visitor.goto('/')
  await visitor.evaluate(`(async () => {
    const secret = ${JSON.stringify(person.password)}
    localStorage.setItem('a', secret)
    sessionStorage.setItem('a', secret)
    document.cookie = 'a=' + encodeURIComponent(secret)
    history.pushState({ secret }, '', '/?a=' + encodeURIComponent(secret))
    window.name = secret
    await (await fetch('/health?a=' + encodeURIComponent(secret))).text()
    document.body.append(Object.assign(document.createElement('input'), { value: secret }))
    await (await caches.open('a')).put('/a', new Response(secret))
    await new Promise((resolve) => {
      const asked = indexedDB.open('a')
      asked.onupgradeneeded = () => asked.result.createObjectStore('a').put({ secret }, 'a')
      asked.onsuccess = () => resolve(asked.result.close())
    })
  })()`)
  const told = await readBrowser(visitor)
  const search = searchFor([person.password])
  const places = Object.entries(told).flatMap(([place, text]) => (search(text).length ? [place] : []))
  expect(places.sort()).toEqual([
    'Cache Storage',
    'IndexedDB',
    'address',
    'cookies',
    'history',
    'localStorage',
    'page',
    'requests',
    'sessionStorage',
  ])
  await visitor.context().close()
})

test('an account is made, an app is entered, and brands are connected the whole way', async () => {
  await page.goto('/')
  await page.getByLabel('E-mail address').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await button('Make the owner account').click()
  await link('Skip this step').click()
  await link('Just look around').click()
  await look('a new account')

  await link('Connections').click()
  await link('Set up providers').click()
  await page.getByText('Fitbit', { exact: true }).click()
  const settings = page.getByRole('group').filter({ has: page.getByText('Fitbit', { exact: true }) })
  own.set('a client secret that the operator types', 'client secret')
  await settings.getByLabel('Client id').fill('an id')
  await settings.getByLabel('Client secret').first().fill('a client secret that the operator types')
  await settings.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Fitbit is set up').first().waitFor()
  await link('Connections').click() // on that page stand the addresses that the operator gives to the brands
  await page.getByRole('heading', { name: 'Accounts of brands' }).waitFor()
  await look('an app of a brand')

  const { call } = house.server
  const made = await call('POST', '/api/v1/auth/login', { body: person })
  const { access_token: token, refresh_token: refreshToken } = made.body as {
    access_token: string
    refresh_token: string
  }
  const operator = { ...person, userId: '', token, refreshToken }
  for (const brand of Object.keys(connected) as BrandName[]) await brands.enterApp(house.server, operator, brand)
  await page.reload() // they were entered behind its back

  for (const [at, name] of Object.values(connected).entries()) {
    await link('Connections').click()
    await link(new RegExp(`^${name}\\b`)).click()
    await button(`Connect ${name}`).click()
    await button('Allow').click()
    const onward = page.locator('meta[http-equiv="refresh"]')
    const [, address = ''] = (await onward.getAttribute('content'))?.split('url=') ?? []
    for (const what of ['code', 'state']) {
      const brought = new URL(page.url()).searchParams.get(what)
      if (brought) own.set(brought, `${name} ${what}`)
    }
    if (at) await page.goto(address) // of the first the browser's own going on is waited for
    await page
      .getByRole('status')
      .filter({ hasText: `${name} is connected.` })
      .waitFor()
    await look(`${name} is connected`)
  }
  for (const name of ['Polar', 'Strava', 'WHOOP'])
    await page
      .getByRole('article', { name: new RegExp(`^${name}`) })
      .getByText('Synced')
      .waitFor({ timeout: 100_000 })
})

test('keys are made and typed, and the last data are kept for reading without the hub', async () => {
  await page.goto('/settings')
  await button('Make API key').click()
  await page.getByLabel('Name').last().fill('Spreadsheet')
  await button('Make key').click()
  const shown = async (region: string) => (await page.getByRole('region', { name: region }).textContent()) ?? ''
  await page.getByRole('button', { name: 'Revoke Spreadsheet' }).waitFor()
  own.set(/trb_[\w-]+/.exec(await shown('API key'))?.[0] ?? '', 'API key')
  await button('Make invite').click()
  await page.getByRole('region', { name: 'Invite link' }).waitFor()
  own.set(/[?&#]\w+=([\w-]{40,})/.exec(await shown('Invite link'))?.[1] ?? '', 'invite')

  await link('Connections').click()
  await link(/^A device with its own API/).click()
  await button('Start from an example').click()
  own.set('a key that the person types', 'key of an API of one’s own')
  await page.getByLabel('Key or token').first().fill('a key that the person types')
  await button('Dry run').click()
  await page
    .getByText(/could not|refused|not read|does not/i)
    .first()
    .waitFor()

  await page.goto('/settings')
  await page.getByRole('switch', { name: 'Keep the last data in this browser' }).focus()
  await page.keyboard.press('Space')
  await expect.poll(() => page.evaluate<string[]>('caches.keys()')).toHaveLength(2)
  await expect.poll(() => page.getByRole('switch').isEnabled()).toBe(true)
  for (const path of ['/', '/connections', '/devices', '/sessions', '/settings']) {
    await page.goto(path)
    await page.getByRole('heading').first().waitFor()
    await page.waitForLoadState('networkidle')
    await look(`reading ${path}`)
  }
})

test('of over sixty secrets none stands in storage, a cookie that scripts see, a cache, an address, the history or a page', async () => {
  const secrets = new Map([...brands.secrets, ...own])
  expect([...secrets.keys()].filter((secret) => secret.length < 8)).toEqual([])
  expect(secrets.size).toBeGreaterThan(60)
  expect([...own.values()]).toEqual(
    expect.arrayContaining(['password', 'cookie tributary', 'Polar code', 'Polar state', 'API key', 'invite']),
  )
  expect(found(secrets)).toEqual([])
  const last = read.at(-1)?.told
  expect(last?.['Cache Storage']).toContain('/api/v1/')
  expect(last?.['page']).toContain('Spreadsheet')
})
