/** From the first click to the first data of brands that are linked, refused, lost and regained, with nothing but the demo; and of a scale with its own API. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findBarriers, type House, openHouse, person, signIn } from './house.ts'

vi.setConfig({ testTimeout: 60_000 }) // a busy machine

let house: House
let page: Page
let scale: Server
let clicks = 0
let arrival: number

beforeAll(async () => {
  scale = createServer((request, response) => {
    const isKnown = request.headers['x-api-key'] === 'key of the scale'
    const data = [
      { id: 1, measured_at: new Date(Date.now() - 3_600_000).toISOString(), weight: { lb: 168 }, fat_percent: 18 },
    ]
    response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify({ data }))
  })
  await new Promise<void>((resolve) => scale.listen(0, '127.0.0.1', resolve))
  house = await openHouse({ DEMO: 'true', EGRESS_ALLOW: hostOf(scale) })
  page = await house.open()
  arrival = await counting(async () => {
    await page.goto('/')
    await page.getByLabel('E-mail address').fill(person.email)
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await click(page.getByRole('button', { name: 'Make the owner account' }))
    await click(page.getByRole('link', { name: 'Skip this step' }))
    await click(page.getByRole('link', { name: 'Just look around' }))
    await toConnections()
  })
})

afterAll(async () => {
  await house?.close()
  scale?.close()
})

const hostOf = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const link = (name: string | RegExp) => page.getByRole('link', { name })
const card = (name: string) => page.getByRole('article', { name: new RegExp(`^${name}\\b(?! \\()`) })
const said = (sentence: string) => page.getByRole('status').filter({ hasText: sentence })

async function toConnections(): Promise<void> {
  await click(link('Connections').first())
  await page.getByRole('heading', { name: 'Accounts of brands' }).waitFor()
}

async function click(what: Locator): Promise<void> {
  clicks++
  await what.click()
}

async function back(): Promise<void> {
  clicks++
  await page.goBack()
}

async function counting(work: () => Promise<void>): Promise<number> {
  clicks = 0
  await work()
  return clicks
}

/** As far as the brand's own page, which is on another server. */
async function goToBrand(name: string): Promise<void> {
  await click(link(new RegExp(`^${name}\\b(?! \\()`)))
  await click(button(`Connect ${name}`))
  await page.getByText(`An app asks to read what ${name} knows of you.`).waitFor()
}

const brands = ['Polar', 'WHOOP', 'Wahoo', 'Fitbit']

test('it is four clicks from an empty hub to its brands, and four brands are linked with three clicks each', {
  timeout: 120_000,
}, async () => {
  expect(arrival).toBe(4)
  for (const brand of brands) {
    const needed = await counting(async () => {
      await goToBrand(brand)
      await click(button('Allow'))
      await said(`${brand} is connected.`).waitFor()
    })
    expect(needed, brand).toBe(3)
  }
})

test('a sign-in that is cancelled connects nothing, and says so', async () => {
  const needed = await counting(async () => {
    await goToBrand('Dexcom')
    await click(button('Cancel'))
    await page.getByText('You cancelled signing in. Nothing was changed.').waitFor()
    await click(link('Back to your connections'))
    await said('You cancelled signing in.').waitFor()
  })
  expect(needed).toBe(4)
  expect(await card('Dexcom').count()).toBe(0)
})

test('a brand is found by its name and by what it measures, and one that is being closed says what to do instead', async () => {
  const search = page.getByRole('textbox', { name: 'Search brands' })
  await search.fill('glucose')
  await link(/^Ultrahuman/).waitFor()
  expect(await link(/^Oura/).count()).toBe(0)
  await search.fill('nobody makes this')
  await page.getByRole('heading', { name: 'Nothing called “nobody makes this”' }).waitFor()
  await search.fill('google')
  await link(/^Google Fit/).click()
  await page.getByText('Google is closing Google Fit').waitFor()
  await page.getByText('through Health Connect on the phone').waitFor()
  await link('Connections').first().click()
})

test('what will be read and allowed is told before anything happens', async () => {
  await link(/^WHOOP/).click()
  await page.getByRole('heading', { name: 'What is read' }).waitFor()
  await page.getByText('The first sync reads the last 30 days.').waitFor()
  await page.getByText('You will be asked to allow').waitFor()
  await page.getByText('Connected already:').waitFor()
  expect(await findBarriers(page)).toEqual([])
  await link('Connections').first().click()
  await link(/^COROS/).click()
  await page.getByText('The first sync reads the last 30 days.').waitFor()
  expect(await page.getByText('the last 3 months').count()).toBe(0)
  await link('Connections').first().click()
  await link(/^Withings/).click()
  await page.getByText('as it stands there now').first().waitFor()
  await link('Connections').first().click()
})

test('what cannot be had without a contract is said, with what to do instead', async () => {
  await link(/^Garmin/).click()
  await page.getByText('Garmin gives access to companies and institutions only').waitFor()
  await page.getByText('Without it, import your Garmin export or the FIT files of your watch.').waitFor()
  await link('Connections').first().click()
})

test('a sign-in that ends in another browser is asked about before anything is connected', async () => {
  await goToBrand('Ultrahuman')
  const elsewhere = await house.open()
  await signIn(elsewhere.context())
  await elsewhere.goto(page.url()) // the address of the brand's page, taken over by hand
  await elsewhere.getByRole('button', { name: 'Allow' }).click()
  await elsewhere.getByRole('link', { name: 'Continue' }).click()
  await elsewhere.getByRole('heading', { name: 'Is this your account?' }).waitFor()
  await elsewhere.getByText('The sign-in was begun elsewhere.').waitFor()
  expect(await findBarriers(elsewhere)).toEqual([])
  await elsewhere.getByRole('button', { name: 'Connect this account' }).click()
  await elsewhere.getByRole('article', { name: /^Ultrahuman/ }).waitFor()
  await elsewhere.context().close()
  await page.goBack()
  await link('Connections').first().click()
})

test('a device with its own API is described in a file, tried and connected, and its data arrive', async () => {
  await link(/^A device with its own API/).click()
  await button('Start from an example').click()
  const definition = page.getByRole('textbox', { name: 'Definition' })
  const described = (await definition.inputValue()).replace('https://scale.example.com', `http://${hostOf(scale)}`)
  const choosing = page.waitForEvent('filechooser')
  await button('Open a file').click()
  await (await choosing).setFiles({
    name: 'garage-scale.json',
    mimeType: 'application/json',
    buffer: Buffer.from(described),
  })
  await expect.poll(() => definition.inputValue()).toBe(described)
  await page.getByLabel('Key or token').first().fill('another key')
  await button('Dry run').click()
  await page.getByText('Not read').waitFor()
  await page.getByLabel('Key or token').first().fill('key of the scale')
  await button('Dry run').click()
  await page.getByText('1 record became 2 values').waitFor()
  await page.getByRole('cell', { name: '76.2 kg' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await button('Connect').click()
  await card('Garage scale').getByText('Synced').waitFor()
  expect(await card('Garage scale').textContent()).toContain('2 new')
})

test('the data of each brand arrive, and the demo connects some by itself, marked as what they are', {
  timeout: 120_000,
}, async () => {
  for (const brand of [...brands, 'Strava', 'Oura', 'Withings']) {
    await card(brand).getByText('Synced').waitFor({ timeout: 100_000 })
    expect(await card(brand).textContent(), brand).toMatch(/Demo.*[1-9][\d,]* new/)
  }
  expect(await findBarriers(page)).toEqual([])
})

test('a connection that is paused offers no sync, and goes on when it is resumed', async () => {
  const wahoo = card('Wahoo')
  await wahoo.getByRole('button', { name: 'Pause' }).click()
  await wahoo.getByText('Paused', { exact: true }).waitFor()
  await page.reload()
  await wahoo.getByText('Paused', { exact: true }).waitFor()
  expect(await wahoo.getByRole('button', { name: 'Sync now' }).count()).toBe(0)
  await wahoo.getByRole('button', { name: 'Resume' }).click()
  await wahoo.getByRole('button', { name: 'Sync now' }).waitFor()
})

test('what was not allowed is named on the card, and allowed by signing in again', async () => {
  await click(link(/^Wahoo\b/))
  await page.getByRole('checkbox', { name: /^Your power zones/ }).uncheck()
  await click(button('Connect Wahoo'))
  await click(button('Allow'))
  await card('Wahoo').getByText('Not read, because it was not allowed: Threshold power.').waitFor()
  expect(await findBarriers(page)).toEqual([])
  await click(card('Wahoo').getByRole('link', { name: 'Sign in again to allow it' }))
  await click(button('Connect Wahoo'))
  await click(button('Allow'))
  await said('Wahoo is connected.').waitFor()
  expect(await card('Wahoo').getByText('Not read').count()).toBe(0)
  expect(await card('Wahoo').count()).toBe(1)
})

test('access that is taken away at the brand with eight clicks is noticed with one, and regained with three', async () => {
  const toLose = await counting(async () => {
    await goToBrand('Polar')
    await click(link('Apps with access to your account'))
    await click(page.getByRole('button', { name: /^Remove the app’s access/ }).first())
    await said('no access').waitFor()
    for (let page = 0; page < 3; page++) await back() // the list of apps, the sign-in, our own page
    await click(link('Connections').first())
  })
  expect(toLose).toBe(8)
  const toNotice = await counting(async () => {
    await click(card('Polar').getByRole('button', { name: 'Sync now' }))
    await card('Polar').getByText('Sign in again').first().waitFor({ timeout: 30_000 })
  })
  expect(toNotice).toBe(1)
  const toRegain = await counting(async () => {
    await click(card('Polar').getByRole('link', { name: 'Sign in again' }))
    await click(button('Connect Polar'))
    await click(button('Allow'))
    await said('Polar is connected.').waitFor()
  })
  expect(toRegain).toBe(3)
  expect(await card('Polar').count()).toBe(1)
  await card('Polar').getByText('Synced').waitFor({ timeout: 30_000 })
})

test('disconnecting asks what becomes of the data', async () => {
  await card('WHOOP').getByRole('button', { name: 'Disconnect…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /^Delete its data too/ }).check()
  expect(await findBarriers(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Disconnect', exact: true }).click()
  await page.getByText('WHOOP was disconnected').waitFor()
  await card('WHOOP').waitFor({ state: 'detached' })
  expect(house.complaints).toEqual([])
})
