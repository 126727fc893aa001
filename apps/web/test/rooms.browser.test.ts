import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dropFile, findBarriers, type House, openHouse, person, signIn } from './house.ts'

/** A ride of 88.8 km by a Garmin Edge, see the README beside it. */
const ride = new URL('../../../packages/formats/fixtures/fit/sample-activity.fit', import.meta.url)

let house: House
/** The window of the owner, who walks through the rooms from test to test. */
let page: Page

beforeAll(async () => {
  house = await openHouse()
  page = await house.open()
})

// Absent when it could not be opened: then that is what the run should tell, not this.
afterAll(() => house?.close())

const visible = (text: string | RegExp, within: Page = page) => within.getByText(text).first().waitFor()
const heading = (name: string | RegExp, within: Page = page) => within.getByRole('heading', { name }).first().waitFor()

test('a visitor from elsewhere is told where the set-up link is', async () => {
  const stranger = await house.open({ extraHTTPHeaders: { 'X-Forwarded-For': '203.0.113.7' } })
  await stranger.goto('/')
  await heading('Almost there: open the set-up link', stranger)
  await visible('it is printed there', stranger)
  await stranger.goto('/setup?token=wrong')
  await visible('This set-up link is not the right one', stranger)
  expect(await findBarriers(stranger)).toEqual([])
  await stranger.goto(house.server.setupLink ?? '')
  await heading('Welcome. Who owns this hub?', stranger)
  await stranger.context().close()
})

test('a new hub asks who owns it, and the owner finds a house with nothing in it yet', async () => {
  await page.goto('/')
  await heading('Welcome. Who owns this hub?')
  expect(await findBarriers(page)).toEqual([])
  await page.getByLabel('E-mail address').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Make the owner account' }).click()
  await visible('Use at least 8 characters')
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Make the owner account' }).click()
  await page.getByRole('link', { name: 'Skip this step' }).click()
  await page.getByRole('link', { name: 'Just look around' }).click()
  await heading('Your day will stand here')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('link', { name: 'Explore' }).click()
  await heading('Nothing to explore yet')
  expect(await findBarriers(page)).toEqual([])
})

test('a device is added, what it posts is seen in its room and in the explorer', async () => {
  await page.goto('/devices')
  await page.getByRole('link', { name: 'Add your first device' }).click()
  await page.getByLabel('Name').fill('Chest strap')
  await page.getByRole('combobox', { name: 'Type' }).fill('Heart rate monitor')
  await page.getByLabel('Maker').fill('Polar')
  await page.getByLabel('Serial number').fill('A1B2C3')
  await page.getByRole('button', { name: 'Add device' }).click()
  await heading('Your device is ready')
  const token = (await page.getByRole('region', { name: 'Device token' }).textContent()) ?? ''
  expect(await page.getByRole('region', { name: 'Send a first value' }).textContent()).toContain(`Bearer ${token}`)
  expect(await findBarriers(page)).toEqual([])

  await page.getByRole('link', { name: 'Go to the device' }).click()
  await heading('No values yet')
  const deviceId = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  const posted = await house.server.call('POST', `/api/v1/devices/${deviceId}/data`, {
    token: token,
    body: {
      data_type: 'heart_rate',
      t0: new Date(Date.now() - 3_600_000).toISOString(),
      dt: [0, ...Array.from({ length: 59 }, () => 60_000)],
      v: Array.from({ length: 60 }, (_, minute) => 60 + minute),
      metadata: { battery_level: 84 },
    },
  })
  expect(posted.status).toBe(201)

  await page.goto('/devices')
  await page.getByRole('link', { name: /Chest strap.*84% battery.*Has a token/s }).click()
  await visible('119 bpm')
  await visible('Online')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('link', { name: 'Explore Heart rate' }).click()
  await visible(/Chest strap: between 60 bpm and 119 bpm, 60 values; the last one is 119 bpm/)
  expect(await page.locator('canvas').count()).toBe(1)
})

test('the same device cannot be added twice, and the form says so', async () => {
  await page.goto('/devices/new')
  await page.getByLabel('Name').fill('The same strap')
  await page.getByRole('combobox', { name: 'Type' }).fill('Heart rate monitor')
  await page.getByLabel('Maker').fill('Polar')
  await page.getByLabel('Serial number').fill('A1B2C3')
  await page.getByRole('button', { name: 'Add device' }).click()
  await visible('You have registered a device with this maker and serial number already.')
  await visible(/^Request/)
  expect(await findBarriers(page)).toEqual([])
})

test('a sync of a device without a connection says why nothing came', async () => {
  await page.goto('/devices')
  await page.getByRole('link', { name: /Chest strap/ }).click()
  await page.getByRole('button', { name: 'Sync now' }).click()
  await visible('Not synced')
  await visible(/no connection to a maker/)
})

test('the chart zooms by buttons and by dragging, is read as a table, and its address brings it back', async () => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto('/explore?metric=heart_rate&range=day')
  await visible(/60 values/)
  await page.getByRole('button', { name: 'Zoom in' }).click()
  await page.waitForURL(/from=.*to=/)
  await page.reload()
  await heading('Heart rate')
  await page.getByRole('button', { name: 'Reset range' }).click()
  await page.waitForURL(/range=day$/)
  await visible(/60 values/)

  const chart = page.getByRole('application')
  const box = (await chart.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  const middle = box.y + box.height / 2
  await page.mouse.move(box.x + box.width * 0.6, middle)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.98, middle, { steps: 4 })
  await page.mouse.up()
  await page.waitForURL(/from=.*to=/)

  await page.getByRole('button', { name: 'Show as table' }).click()
  await page
    .getByRole('cell', { name: /^\d+ bpm$/ })
    .first()
    .waitFor()
  expect(await findBarriers(page)).toEqual([])
  const drawn = await page.evaluate<number>("performance.getEntriesByName('chart-draw').length")
  expect(drawn).toBeGreaterThan(0)
})

test('the values of a chart come as CSV, every one of them', async () => {
  const link = page.getByRole('link', { name: 'Download CSV' })
  const csv = await page.context().request.get((await link.getAttribute('href')) ?? '')
  expect(csv.headers()['content-type']).toContain('text/csv')
  expect((await csv.text()).trim().split('\n').length).toBeGreaterThan(1)
})

test('a dropped FIT file becomes a workout whose distance is shown', async () => {
  await page.goto('/import')
  await heading('No imports yet')
  expect(await findBarriers(page)).toEqual([])
  await dropFile(page, '.mantine-Dropzone-root', 'sample-activity.fit', await readFile(ride))
  await visible('Imported')
  expect(await findBarriers(page)).toEqual([])
  await page.reload()
  await page.getByRole('link', { name: /Open the session/ }).click()
  await heading('Cycling')
  await visible('88.8 km')
  await visible('worked out')
  await page.getByRole('img', { name: /The route, 88.8 km long/ }).waitFor()
  await heading(/Heart rate bpm/)
  await page.getByRole('cell', { name: '42.48 km' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
})

test('the cursor of one chart moves in all charts and on the route', async () => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.getByRole('application', { name: 'Charts of this session' }).focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await visible(/from the start, at/)
  for (const unit of ['bpm', 'km/h', 'rpm']) await page.locator('h3 strong').filter({ hasText: unit }).waitFor()
})

test('the original file comes back byte for byte', async () => {
  const link = page.getByRole('link', { name: 'Original file', exact: true })
  const file = await page.context().request.get((await link.getAttribute('href')) ?? '')
  expect((await file.body()).equals(await readFile(ride))).toBe(true)
})

test('the same file twice is known already, and a file that is none says why', async () => {
  await page.goto('/import')
  const files = page.getByLabel('Files to import')
  await files.setInputFiles([
    { name: 'again.fit', mimeType: 'application/octet-stream', buffer: await readFile(ride) },
    { name: 'shopping.txt', mimeType: 'text/plain', buffer: Buffer.from('milk, bread') },
  ])
  await visible('Known already')
  await visible('Not imported')
  await page.goto('/sessions')
  await page.getByRole('link', { name: /Cycling.*88.8 km/s }).waitFor()
  expect(await page.getByRole('link', { name: /Cycling/ }).count()).toBe(1)
  expect(await findBarriers(page)).toEqual([])
})

test('miles are shown to who reads miles', async () => {
  await page.goto('/settings')
  await heading('Where you are signed in')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('combobox', { name: 'Units' }).click()
  await page.getByRole('option', { name: /Imperial/ }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await visible('Saved')
  await page.goto('/sessions')
  await visible('55.18 mi')
})

test('an API key is shown once and an invite lets somebody else in', async () => {
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Make API key' }).click()
  await page.getByLabel('Name').last().fill('Spreadsheet')
  await page.getByRole('button', { name: 'Make key' }).click()
  expect(await page.getByRole('region', { name: 'API key' }).textContent()).toMatch(/^trb_/)
  await page.getByRole('button', { name: 'Revoke Spreadsheet' }).waitFor()
  await page.getByRole('button', { name: 'Make invite' }).click()
  const link = await page.getByRole('region', { name: 'Invite link' }).textContent()
  const guest = await house.open()
  await guest.goto(link ?? '')
  await guest.getByLabel('E-mail address').fill('guest@example.org')
  await guest.getByLabel('Password', { exact: true }).fill(person.password)
  expect(await findBarriers(guest)).toEqual([])
  await guest.getByRole('button', { name: 'Make my account' }).click()
  await heading('How do you read your data?', guest)
  await guest.context().close()
})

test('a wrong password is answered with a sentence, the right one leads back to where one was', async () => {
  const visitor = await house.open()
  await visitor.goto('/explore?metric=heart_rate&range=day')
  await heading('Sign in', visitor)
  expect(await findBarriers(visitor)).toEqual([])
  await visitor.getByLabel('E-mail address').fill(person.email)
  await visitor.getByLabel('Password', { exact: true }).fill('not the password')
  await visitor.getByRole('button', { name: 'Sign in' }).click()
  await visible('That e-mail address and password do not go together.', visitor)
  await visitor.getByLabel('Password', { exact: true }).fill(person.password)
  await visitor.getByRole('button', { name: 'Sign in' }).click()
  await visitor.waitForURL(/\/explore\?metric=heart_rate&range=day/)
  await visible(/60 values/, visitor)
  await visitor.context().close()
})

test('the keyboard alone leads through sign-in and the explorer', async () => {
  const visitor = await house.open()
  await visitor.goto('/sign-in?return=%2Fexplore%3Fmetric%3Dheart_rate%26range%3Dday')
  await heading('Sign in', visitor)
  const { keyboard } = visitor
  await keyboard.press('Tab')
  await keyboard.type(person.email)
  await keyboard.press('Tab')
  await keyboard.type(person.password)
  await keyboard.press('Enter')
  await visible(/60 values/, visitor)

  await visitor.reload()
  await visible(/60 values/, visitor)
  await keyboard.press('Tab')
  expect(await visitor.evaluate<string>('document.activeElement.textContent')).toBe('Skip to the content')
  await keyboard.press('Enter')
  expect(await visitor.evaluate<string>('document.activeElement.id')).toBe('main')
  const role = () => visitor.evaluate<string | null>("document.activeElement.getAttribute('role')")
  for (let steps = 0; (await role()) !== 'application'; steps++) {
    expect(steps).toBeLessThan(30)
    await keyboard.press('Tab')
  }
  await keyboard.press('ArrowLeft')
  await visitor.locator('strong').filter({ hasText: '119 bpm' }).waitFor()
  await keyboard.press('ArrowLeft')
  await visitor.locator('strong').filter({ hasText: '118 bpm' }).waitFor()
  // The middle of the day holds nothing: the chart says so and stays under the fingers.
  await keyboard.press('+')
  await visitor.waitForURL(/from=/)
  await visible(/^No heart rate from/, visitor)
  await keyboard.press('Escape')
  await visitor.waitForURL(/range=day$/)
  await visible(/60 values/, visitor)
  await visitor.context().close()
})

test('a sign-in that was ended elsewhere leads to the sign-in page', async () => {
  const elsewhere = await house.open()
  await signIn(elsewhere.context())
  await elsewhere.goto('/settings')
  await page.goto('/settings')
  await page.getByRole('button', { name: 'End all others' }).click()
  await page.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' })
  await elsewhere.goto('/sessions') // unless the page has found out by itself already
  await heading('Sign in', elsewhere)
  await elsewhere.context().close()
})

test('a removed device leaves the list, its data as chosen', async () => {
  await page.goto('/devices')
  await page.getByRole('link', { name: /Chest strap/ }).click()
  await page.getByRole('button', { name: 'Remove device…' }).click()
  await page.getByRole('radio', { name: 'Keep its data' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('dialog').getByRole('button', { name: 'Remove device' }).click()
  await visible('Chest strap was removed')
  await page.waitForURL(/\/devices$/)
  await page.getByRole('link', { name: /Chest strap/ }).waitFor({ state: 'detached' })
  await page.goto('/explore?metric=heart_rate')
  await visible(/Chest strap: between/)
})

test('signing out leads to the sign-in page and back means nothing', async () => {
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await heading('Sign in')
  await page.goto('/devices')
  await heading('Sign in')
})

test('no page complained about anything: no broken script, nothing that the content policy refused', () => {
  expect(house.complaints).toEqual([])
})
