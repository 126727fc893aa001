/** What is around a connection: a definition that is not right yet, a key that is refused, a phone that sends, a pause, a goodbye. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { csrf, findBarriers, type House, openHouse, person, signIn } from './house.ts'

vi.setConfig({ testTimeout: 120_000 }) // a busy machine

let house: House
let page: Page
let scale: Server
let token: string

beforeAll(async () => {
  scale = createServer((_request, response) => {
    const data = [{ measured_at: new Date(Date.now() - 3_600_000).toISOString(), weight: { lb: 168 } }]
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }))
  })
  await new Promise<void>((resolve) => scale.listen(0, '127.0.0.1', resolve))
  house = await openHouse({ DEMO: 'true', EGRESS_ALLOW: hostOf(scale) })
  page = await house.open()
  const made = await house.server.call('POST', '/api/v1/auth/register', { body: person })
  token = (made.body as { access_token: string }).access_token
  await signIn(page.context())
  page.setDefaultTimeout(20_000)
})

afterAll(async () => {
  await house?.close()
  scale?.close()
})

const hostOf = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`
const button = (name: string) => page.getByRole('button', { name, exact: true })
const card = (name: string) => page.getByRole('article', { name: new RegExp(`^${name}`) })
const definition = () => page.getByRole('textbox', { name: 'Definition' })

test('what is wrong with a key or a pasted answer stands at its field, and an older dry run says that it is older', async () => {
  await page.goto('/connections/custom')
  await button('Start from an example').click()
  const described = (await definition().inputValue()).replace('https://scale.example.com', `http://${hostOf(scale)}`)
  await definition().fill(described)
  const key = page.getByLabel('Key or token').first()
  await key.fill('it’s the key')
  await button('Dry run').click()
  await page.getByText('holds a character that cannot be sent').waitFor()
  const answer = page.getByLabel('An answer of the device')
  await answer.fill('{ "data": [')
  await button('Read this answer').click()
  await page.getByText('is not JSON', { exact: true }).waitFor()
  expect(await page.getByText('holds a character that cannot be sent').count()).toBe(0)
  expect(await page.getByText('not right yet').count()).toBe(0)
  expect(await findBarriers(page)).toEqual([])
  await key.fill('any key')
  await button('Dry run').click()
  await page.getByText('1 record became 1 value.').waitFor()
  expect(await page.getByText('You have changed the definition since').count()).toBe(0)
  await definition().fill(`${described},`)
  await page.getByText('You have changed the definition since').waitFor()
})

test('a definition that is not saved is there again after the way back, until it is discarded', async () => {
  const written = await definition().inputValue()
  await page.getByRole('link', { name: 'Connections' }).first().click()
  await page.getByRole('heading', { name: 'Accounts of brands' }).waitFor()
  await page.goBack()
  await page.getByText('This is as you left it, not saved yet.').waitFor()
  expect(await definition().inputValue()).toBe(written)
  await button('Discard it').click()
  expect(await definition().inputValue()).toBe('')
  await page.reload()
  expect(await definition().inputValue()).toBe('')
})

test('a key that its brand does not know is told at its field, without a number of a request', async () => {
  await page.goto('/connections/intervals')
  const key = page.getByRole('textbox').first()
  await key.fill('not a key of anybody')
  await button('Connect intervals.icu').click()
  await page.getByText('intervals.icu does not know this key. Copy it once more.').waitFor()
  expect(await page.getByText('401').count()).toBe(0)
  expect(await button('Copy request id').count()).toBe(0)
})

test('a phone’s page leads to a key that may write, and shows the address to push to', async () => {
  await page.goto('/connections/apple')
  await page.getByText(`${house.server.url}/api/v1/integrations/apple_health/push`).waitFor()
  await button('Copy push address').waitFor()
  await page.getByText('Health Auto Export', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Make an API key' }).click()
  const may = page.getByRole('group', { name: 'It may' })
  await may.waitFor()
  expect(await may.getByRole('checkbox', { checked: true }).count()).toBe(1)
  await page.goto('/connections/mqtt')
  await page.getByRole('heading', { name: 'There is nothing to sign in to' }).waitFor()
  expect(await page.getByText('from your phone').count()).toBe(0)
})

test('nobody is said to be told of a goodbye who is not: a brand is, a phone is not', async () => {
  const records = [{ id: 'a', type: 'HeartRate', start: new Date().toISOString(), value: 71, unit: 'count/min' }]
  const pushed = await house.server.call('POST', '/api/v1/integrations/apple_health/push', { token, body: { records } })
  expect(pushed.status, JSON.stringify(pushed.body)).toBeLessThan(300)
  await page.goto('/connections')
  const goodbye = page.getByRole('dialog')
  await card('Apple Health').getByRole('button', { name: 'Disconnect…' }).click()
  await goodbye.getByText('Whatever sends it is not told').waitFor()
  await goodbye.getByRole('button', { name: 'Cancel' }).click()
  await card('Strava').getByRole('button', { name: 'Disconnect…' }).click({ timeout: 60_000 }) // which the demo connects
  await goodbye.getByText('Strava is told that this hub may read nothing more.').waitFor()
  await goodbye.getByRole('button', { name: 'Cancel' }).click()
})

test('what an operator has to get for a brand is not what its page begins with for others', async () => {
  const other = { email: 'ben@example.org', password: 'another battery staple' }
  const { invite } = (await house.server.call('POST', '/api/v1/invites', { token, body: { role: 'member' } })).body as {
    invite: string
  }
  await house.server.call('POST', '/api/v1/auth/register', { body: { ...other, invite } })
  const guest = await house.open()
  const data = { ...other, session: 'cookie' }
  await guest.context().request.post('/api/v1/auth/login', { data, headers: csrf })
  for (const [reader, times] of [
    [page, 1],
    [guest, 0],
  ] as const) {
    await reader.goto('/connections/wahoo')
    await reader.getByRole('button', { name: 'Connect Wahoo' }).waitFor()
    expect(await reader.getByText('Register an app in Wahoo’s developer portal').count()).toBe(times)
  }
  await guest.context().close()
})

test('at 320 pixels a name breaks between its words, whatever is said beside it', async () => {
  await page.route('**/api/v1/providers/connections*', async (route) => {
    const response = await route.fetch()
    const list = (await response.json()) as object[]
    await route.fulfill({ response, json: list.map((one) => ({ ...one, error_code: 'unavailable', last_sync: null })) })
  })
  await page.setViewportSize({ width: 320, height: 800 })
  await page.goto('/connections')
  const name = card('Apple Health').getByText('Apple Health', { exact: true })
  await card('Apple Health').getByText('Last sync failed').waitFor()
  const { height = 0 } = (await name.boundingBox()) ?? {}
  expect(height).toBeGreaterThan(0)
  expect(height).toBeLessThan(60) // two lines
  await page.unroute('**/api/v1/providers/connections*')
})

test('what came of a sign-in is said once, and not again after a reload', async () => {
  await page.goto('/connections?connect=cancelled&provider=polar')
  await page.getByText('You cancelled signing in. Nothing was connected').waitFor()
  await expect.poll(() => new URL(page.url()).search).toBe('')
  await page.reload()
  await card('Apple Health').waitFor()
  expect(await page.getByText('You cancelled signing in').count()).toBe(0)
  expect(house.complaints).toEqual([])
})
