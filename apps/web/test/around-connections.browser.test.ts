/** What is around a connection: a definition that is not right yet, a key that is refused, a phone that sends, a pause, a goodbye. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findBarriers, type House, openHouse, person, signIn } from './house.ts'

vi.setConfig({ testTimeout: 120_000 }) // a busy machine

let house: House
let page: Page
let scale: Server

beforeAll(async () => {
  scale = createServer((_request, response) => {
    const data = [{ measured_at: new Date(Date.now() - 3_600_000).toISOString(), weight: { lb: 168 } }]
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }))
  })
  await new Promise<void>((resolve) => scale.listen(0, '127.0.0.1', resolve))
  house = await openHouse({ DEMO: 'true', EGRESS_ALLOW: hostOf(scale) })
  page = await house.open()
  expect((await house.server.call('POST', '/api/v1/auth/register', { body: person })).status).toBe(201)
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
