/** From the first click to the first data of brands that are linked, refused, lost and regained, with nothing but the demo. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { csrf, findBarriers, type House, openHouse, person, signIn } from './house.ts'

let house: House
let page: Page
let clicks = 0

beforeAll(async () => {
  house = await openHouse({ DEMO: 'true' })
  page = await house.open()
  await page.goto('/')
  await page.getByLabel('E-mail address').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Make the owner account' }).click()
  await page.getByRole('link', { name: 'Skip this step' }).waitFor()
})

afterAll(() => house?.close())

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const link = (name: string | RegExp) => page.getByRole('link', { name })
const card = (name: string) => page.getByRole('article', { name: new RegExp(`^${name}`) })

async function click(what: ReturnType<typeof button>): Promise<void> {
  clicks++
  await what.click()
}

async function counting(work: () => Promise<void>): Promise<number> {
  clicks = 0
  await work()
  return clicks
}

/** As far as the brand's own page, which is on another server. */
async function goToBrand(name: string): Promise<void> {
  await click(link(new RegExp(`^${name}\\b`)))
  await click(button(`Connect ${name}`))
  await page.getByRole('heading', { name: new RegExp(name) }).waitFor()
  await page.getByText('An app asks to read').waitFor()
}

const brands = ['Polar', 'WHOOP', 'Wahoo', 'Fitbit']

test('four brands are linked with three clicks each, and the data of each arrive', { timeout: 120_000 }, async () => {
  await page.goto('/connections')
  for (const brand of brands) {
    const needed = await counting(async () => {
      await goToBrand(brand)
      await click(button('Allow'))
      await page
        .getByRole('status')
        .filter({ hasText: `${brand} is connected.` })
        .waitFor()
    })
    expect(needed, brand).toBe(3)
  }
  for (const brand of brands) {
    await card(brand).getByText('Synced').waitFor({ timeout: 60_000 })
    expect(await card(brand).textContent(), brand).toMatch(/[1-9][\d,]* new/)
  }
  expect(await findBarriers(page)).toEqual([])
})

test('a sign-in that is cancelled connects nothing, and says so', async () => {
  const needed = await counting(async () => {
    await goToBrand('Dexcom')
    await click(button('Cancel'))
    await page.getByText('You cancelled signing in. Nothing was changed.').waitFor()
    await click(link('Back to your connections'))
    await page.getByRole('heading', { name: 'Connect another' }).waitFor()
  })
  expect(needed).toBe(4)
  expect(await card('Dexcom').count()).toBe(0)
})

test('what will be read and allowed is told before anything happens', async () => {
  await page.goto('/connections/whoop')
  await page.getByRole('heading', { name: 'What is read' }).waitFor()
  await page.getByText('You will be asked to allow').waitFor()
  await page.getByText('Connected already:').waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.goto('/connections/garmin')
  await page.getByText('What is read').waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.goto('/settings/providers')
  await page.getByRole('heading', { name: 'Providers' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
})

test('access that was taken away at the brand is noticed, and regained with three clicks', {
  timeout: 60_000,
}, async () => {
  await page.goto('/connections/polar')
  await page.getByRole('button', { name: 'Connect Polar' }).click()
  await page.getByText('An app asks to read').waitFor()
  await page.goto(`${new URL(page.url()).origin}/apps`)
  await page
    .getByRole('button', { name: /^Remove the app’s access/ })
    .first()
    .click()
  await page.getByRole('status').filter({ hasText: 'no access' }).waitFor()

  await page.goto('/connections')
  await card('Polar').getByRole('button', { name: 'Sync now' }).click()
  await card('Polar').getByText('Sign in again').first().waitFor({ timeout: 30_000 })
  const needed = await counting(async () => {
    await click(card('Polar').getByRole('link', { name: 'Sign in again' }))
    await click(button('Connect Polar'))
    await click(button('Allow'))
    await page.getByRole('status').filter({ hasText: 'Polar is connected.' }).waitFor()
  })
  expect(needed).toBe(3)
  expect(await card('Polar').count()).toBe(1)
  await card('Polar').getByText('Synced').waitFor({ timeout: 30_000 })
})

test('a sign-in that ends in another browser is asked about before anything is connected', async () => {
  const begun = await page.request.post('/api/v1/integrations/ultrahuman/auth', { data: {}, headers: csrf })
  const { authorization_url } = (await begun.json()) as { authorization_url: string }
  const elsewhere = await house.open()
  await signIn(elsewhere.context())
  await elsewhere.goto(authorization_url)
  await elsewhere.getByRole('button', { name: 'Allow' }).click()
  await elsewhere.getByRole('link', { name: 'Continue' }).click()
  await elsewhere.getByRole('heading', { name: 'Is this your account?' }).waitFor()
  await elsewhere.getByText('The sign-in was begun elsewhere.').waitFor()
  expect(await findBarriers(elsewhere)).toEqual([])
  await elsewhere.getByRole('button', { name: 'Connect this account' }).click()
  await elsewhere.getByRole('article', { name: /^Ultrahuman/ }).waitFor()
  await elsewhere.context().close()
})

test('a page of somebody else’s app connects a brand with a session’s token alone', async () => {
  const made = await page.request.post('/api/v1/connect-sessions', { data: {}, headers: csrf })
  const { url } = (await made.json()) as { url: string }
  const guest = await house.open()
  await guest.goto(url)
  await guest.getByRole('button', { name: /^Fitbit/ }).click()
  await guest.getByRole('heading', { name: 'What is read' }).waitFor()
  expect(await findBarriers(guest)).toEqual([])
  await guest.getByRole('button', { name: 'Connect Fitbit' }).click()
  await guest.getByText('An app asks to read').waitFor()
  await guest.context().close()
})

test('disconnecting asks what becomes of the data', async () => {
  await card('WHOOP').getByRole('button', { name: 'Disconnect…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /^Delete its data too/ }).check()
  expect(await findBarriers(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Disconnect', exact: true }).click()
  await page.getByText('WHOOP was disconnected').waitFor()
  await card('WHOOP').waitFor({ state: 'detached' })
})

test('the demo connects some brands by itself, marked as what they are', { timeout: 120_000 }, async () => {
  for (const brand of ['Strava', 'Oura', 'Withings']) {
    await card(brand).getByText('Synced').waitFor({ timeout: 100_000 })
    expect(await card(brand).textContent(), brand).toContain('Demo')
  }
  expect(house.complaints).toEqual([])
})
