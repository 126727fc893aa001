import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settle } from './barriers.ts'
import { findBarriers, type House, openHouse, person, sizes } from './house.ts'

const ride = new URL('../../../packages/formats/fixtures/fit/sample-activity.fit', import.meta.url)

let house: House
/** The phone of the owner, who has just started the hub. */
let page: Page

beforeAll(async () => {
  house = await openHouse()
  page = await house.open({ viewport: sizes.phone, hasTouch: true, locale: 'en-US', timezoneId: 'America/New_York' })
})

afterAll(() => house?.close())

const visible = (text: string | RegExp) => page.getByText(text).first().waitFor()
const heading = (name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor()
const focused = () => page.evaluate<string>('document.activeElement.textContent')

test('an account asks for nothing but an address and a password', async () => {
  await page.goto('/')
  await heading('Welcome. Who owns this hub?')
  expect(await page.getByRole('listitem').filter({ hasText: 'Account' }).getAttribute('aria-current')).toBe('step')
  expect(await page.getByRole('textbox').count()).toBe(2)
  await page.getByLabel('E-mail address').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Make the owner account' }).click()
  await heading('How do you read your data?')
})

test('the second step knows from the browser how one reads, stays over a reload and takes the keyboard', async () => {
  expect(await focused()).toBe('How do you read your data?')
  await page.reload()
  await heading('How do you read your data?')
  expect(await page.getByRole('combobox', { name: 'Units' }).inputValue()).toContain('miles')
  expect(await page.getByRole('combobox', { name: 'Time zone' }).inputValue()).toBe('America/New_York')
  expect(await page.getByRole('combobox', { name: 'Dates and numbers as in' }).inputValue()).toBe('American English')
  expect(await findBarriers(page)).toEqual([])
  await page.getByLabel('Name').fill('Mara')
  await page.getByRole('button', { name: 'Save and go on' }).click()
  await heading('What would you like to begin with?')
  expect(await focused()).toBe('What would you like to begin with?')
})

test('back leads back with what was said, and a step may be skipped', async () => {
  await page.goBack()
  await heading('How do you read your data?')
  expect(await page.getByLabel('Name').inputValue()).toBe('Mara')
  await page.getByRole('link', { name: 'Skip this step' }).click()
  await heading('What would you like to begin with?')
  expect(await findBarriers(page)).toEqual([])
})

test('from the first page to the first data it is a file and two touches', async () => {
  await page.getByRole('link', { name: /Import what you have/ }).click()
  await heading('No imports yet')
  expect(await findBarriers(page)).toEqual([])
  await page.getByLabel('Files to import').setInputFiles({
    name: 'sunday.fit',
    mimeType: 'application/octet-stream',
    buffer: await readFile(ride),
  })
  await page.getByRole('link', { name: /Open the session/ }).click()
  await heading('Cycling')
  await visible('55.18 mi')
})

test('how to get an export out of another app is said step by step', async () => {
  await page.goto('/import')
  await page.getByText('Apple Health', { exact: true }).click()
  await visible(/Export All Health Data/)
  expect(await findBarriers(page)).toEqual([])
})

test('demo data is loaded in one touch, says everywhere what it is, and leaves what is real, on a phone and at a desk', async () => {
  const line = page.getByRole('region', { name: 'Demo data' })
  const made = page.getByRole('link', { name: /watch.*Demo/is })
  await page.goto('/welcome?step=begin')
  await page.getByRole('button', { name: /Try it with demo data/ }).tap()
  await line.getByText('Demo data is being loaded').waitFor()
  expect(await findBarriers(page)).toEqual([])
  await line.getByText('Demo data is among what you see').waitFor({ timeout: 300_000 })
  await page.goto('/devices')
  await made.waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.setViewportSize(sizes.desk)
  await line.getByRole('button', { name: 'Remove demo data' }).click()
  await page.getByText(/Everything that is yours stays as it is/).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.setViewportSize(sizes.phone)
  await settle(page)
  await line.getByRole('button', { name: 'Remove demo data' }).tap()
  await page.getByText(/Everything that is yours stays as it is/).waitFor()
  await page.getByRole('button', { name: 'Remove it' }).tap()
  await line.waitFor({ state: 'detached', timeout: 120_000 })
  await made.waitFor({ state: 'detached' })
  expect(await findBarriers(page)).toEqual([])
  await page.goto('/sessions')
  await page.getByRole('link', { name: /Cycling.*55.18 mi/s }).waitFor()
}, 600_000)

test('the settings add demo data too, and make an export that can be downloaded', async () => {
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Add demo data' }).waitFor()
  await heading('Nothing is kept away')
  await page.getByRole('button', { name: 'Make export' }).click()
  const link = page.getByRole('link', { name: 'Download' })
  await link.waitFor({ timeout: 60_000 })
  const file = await page.context().request.get((await link.getAttribute('href')) ?? '')
  expect((await file.body()).subarray(0, 2).toString()).toBe('PK')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: /^Delete tributary-/ }).click()
  await link.waitFor({ state: 'detached' })
})

test('a few letters lead anywhere, and the keyboard comes back from where it was', async () => {
  await page.setViewportSize(sizes.desk)
  await page.goto('/sessions')
  await page.getByRole('link', { name: /Cycling/ }).focus()
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'What are you looking for?' })
  await field.waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.keyboard.press('Escape')
  await field.waitFor({ state: 'detached' })
  await expect.poll(focused).toContain('Cycling')

  await page.keyboard.press('Control+k')
  await field.fill('keys')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(focused).toContain('Cycling')

  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await page.waitForURL(/\/import$/)
  await expect.poll(() => page.evaluate<string>('document.activeElement.id')).toBe('main')
  await page.keyboard.press('Control+k')
  await field.fill('sess')
  await field.press('Enter')
  await page.waitForURL(/\/sessions$/)
  await expect.poll(() => page.evaluate<string>('document.activeElement.id')).toBe('main')
})

test('on a phone the palette is a touch away and the other rooms are under the thumb', async () => {
  await page.setViewportSize(sizes.phone)
  await page.getByRole('button', { name: /^Go to/ }).click()
  await page.getByRole('option', { name: /^Explore/ }).click()
  await page.waitForURL(/\/explore/)
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Settings' }).click()
  await page.waitForURL(/\/settings$/)
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

test('who chose dark sees dark before anything is drawn', async () => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto('/settings')
  await page.getByText('Dark', { exact: true }).click()
  await page.addInitScript(
    "addEventListener('DOMContentLoaded', () => { window.first = document.documentElement.dataset.mantineColorScheme })",
  )
  await page.reload()
  expect(await page.evaluate<string>('window.first')).toBe('dark')
  await page.getByText('As the system', { exact: true }).click()
})

test('the last data can be read without the hub once one has asked for it, and goes with the sign-out', async () => {
  const kept = () => page.evaluate<string[]>('caches.keys()')
  await page.goto('/settings')
  expect(await kept()).toEqual([])
  // By keyboard: the sections above are still growing, and a mouse would miss it.
  await page.getByRole('switch', { name: 'Keep the last data in this browser' }).focus()
  await page.keyboard.press('Space')
  await expect.poll(kept).toHaveLength(2)
  await expect.poll(() => page.getByRole('switch').isEnabled()).toBe(true)
  await page.goto('/sessions')
  await page.getByRole('link', { name: /Cycling/ }).waitFor()

  await page.context().setOffline(true)
  await page.goto('/sessions')
  await visible(/^Offline: the hub does not answer. What you see is from/)
  await page.getByRole('link', { name: /Cycling.*55.18 mi/s }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.context().setOffline(false)
  await page.getByText(/^Offline/).waitFor({ state: 'detached' })

  // An answer is under way while one signs out: held where it has just seen that there is something to keep it in.
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  const [worker] = page.context().serviceWorkers()
  await worker?.evaluate(`(() => {
    const has = caches.has.bind(caches)
    self.held = []
    caches.has = async (name) => {
      const there = await has(name)
      await new Promise((goOn) => self.held.push(goOn))
      return there
    }
  })()`)
  await page.evaluate(`void fetch('/api/v1/sessions?limit=3').then(() => { window.isAnswered = true })`)
  await expect.poll(() => worker?.evaluate<number>('self.held.length')).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await heading('Sign in')
  await worker?.evaluate('self.held.forEach((goOn) => goOn())')
  await expect.poll(() => page.evaluate<boolean>('window.isAnswered')).toBe(true)
  expect(await kept()).toEqual([])
  expect(await page.evaluate<number>('navigator.serviceWorker.getRegistrations().then((all) => all.length)')).toBe(0)
})

test('what was kept for somebody is gone before somebody else signs in over them, and comes back with them', async () => {
  const { call } = house.server
  const { access_token: token } = (await call('POST', '/api/v1/auth/login', { body: person })).body as {
    access_token: string
  }
  const { invite } = (await call('POST', '/api/v1/invites', { token, body: { role: 'member' } })).body as {
    invite: string
  }
  const other = { ...person, email: 'noor@example.org' }
  expect((await call('POST', '/api/v1/auth/register', { body: { ...other, invite } })).status).toBe(201)
  const signInAs = async ({ email, password }: { email: string; password: string }) => {
    await page.goto('/sign-in')
    await page.getByLabel('E-mail address').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor({ state: 'detached' })
  }
  const kept = () => page.evaluate<string[]>('caches.keys()')
  const keptNames = async () => (await kept()).map((name) => name.replace(/-[0-9a-f-]{36}$/, ''))
  await signInAs(person)
  await page.goto('/settings')
  await page.getByRole('switch', { name: 'Keep the last data in this browser' }).focus()
  await page.keyboard.press('Space')
  await expect.poll(() => page.getByRole('switch').isEnabled()).toBe(true)
  await expect.poll(async () => (await keptNames()).sort()).toEqual(['tributary-data', 'tributary-shell'])
  await signInAs(person)
  await expect.poll(async () => (await keptNames()).sort()).toEqual(['tributary-data', 'tributary-shell'])

  let atSignIn: string[] | undefined
  page.on('request', (request) => {
    if (request.url().endsWith('/auth/login')) void kept().then((names) => (atSignIn = names))
  })
  await signInAs(other)
  await expect.poll(() => atSignIn).toEqual(['tributary-shell'])
  await page.goto('/settings')
  await page.getByRole('switch', { name: 'Keep the last data in this browser' }).waitFor()
  expect(await page.getByRole('switch').isChecked()).toBe(false)
  expect(await kept()).toEqual([])
})

test('no page complained about anything', () => {
  expect(house.complaints).toEqual([])
})
