import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { awayDays, liveAYear, stepsOf } from './a-year.ts'
import { csrf, findBarriers, type House, openHouse, person, signIn } from './house.ts'
import { whereItIs } from './where-it-is.ts'

let house: House
let page: Page

interface Days {
  metrics: { stale_dates: string[] }[]
}

const day = 86_400_000
/** It is noon where the person lives: the night is over and the day is not. What the browser's own zone is changes nothing. */
const { time_zone, today } = whereItIs(12, Date.now())
const dateOf = (ago: number) => new Date(today + day / 2 - ago * day).toISOString().slice(0, 10)
const words = (date: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(new Date(`${date}T00:00:00Z`))

beforeAll(async () => {
  house = await openHouse()
  const { call, setupLink = '' } = house.server
  const setup_token = new URL(setupLink).searchParams.get('token')
  const made = await call('POST', '/api/v1/auth/register', { body: { ...person, setup_token, time_zone } })
  expect(made.status).toBe(201)
  const { access_token: token } = made.body as { access_token: string }
  await liveAYear(call, token, { today, days: 110 })
  // Days are worked out in the background, every some seconds; what a page says until then has its own words.
  await house.server.resolve()
  await vi.waitFor(
    async () => {
      const { body } = await call('GET', `/api/v1/days?from=${dateOf(110)}&to=${dateOf(-1)}`, { token })
      expect((body as Days).metrics.flatMap(({ stale_dates }) => stale_dates)).toEqual([])
    },
    { timeout: 60_000, interval: 100 },
  )
  page = await house.open()
  await signIn(page.context())
}, 120_000)

afterAll(() => house?.close())

const visible = (text: string | RegExp) => page.getByText(text).first().waitFor()
const heading = (name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor()
const toDesk = () => page.setViewportSize({ width: 1440, height: 900 })

test('the house opens on today: last night and the steps so far, beside what is usual, with their source', async () => {
  await page.goto('/')
  await heading('Today')
  const sleep = page.getByRole('region', { name: 'Sleep' })
  await sleep.getByText('6 h 40 min', { exact: true }).waitFor()
  await sleep
    .getByText(/^Usually \d h( \d+ min)?, mostly/)
    .first()
    .waitFor()
  await sleep
    .getByText(/^New ring · /)
    .first()
    .waitFor()
  const activity = page.getByRole('region', { name: 'Activity' })
  await activity.getByText(stepsOf(0).toLocaleString('en-GB'), { exact: true }).waitFor()
  await activity.getByText(/^So far; usually 8,[48]00 by the end of the day/).waitFor()
  await page
    .getByRole('region', { name: 'Body' })
    .getByText(/^Bathroom scale · 2 days ago/)
    .first()
    .waitFor()
  await page.getByRole('region', { name: 'Last workout' }).getByText('Running').waitFor()
  expect(await findBarriers(page)).toEqual([])
})

test('a figure says where it comes from: who was there, and by which rule one is shown', async () => {
  await toDesk()
  await page.getByRole('button', { name: 'Where from? Steps' }).click()
  await visible('Only this source has something for the day.')
  expect(await findBarriers(page)).toEqual([])
  await page.keyboard.press('Escape')
})

test('the day before is a press away and its address brings it back', async () => {
  await toDesk()
  await page.getByRole('button', { name: 'The day before' }).click()
  await heading('Yesterday')
  await page.waitForURL(new RegExp(`date=${dateOf(1)}`))
  await page.reload()
  await heading('Yesterday')
  await visible(stepsOf(1).toLocaleString('en-GB'))
  await page.getByRole('button', { name: 'Today', exact: true }).click()
  await heading('Today')
})

test('a card leads to its trend, where a gap is a gap and the sentence tells what has changed', async () => {
  await page.getByRole('link', { name: 'Resting heart rate' }).click()
  await heading(/Resting heart rate/)
  const [from, to] = [dateOf(awayDays.to), dateOf(awayDays.from)]
  await page.goto(`/trends?metric=resting_heart_rate&view=year&date=${from}`)
  const short = { day: 'numeric', month: 'short' } as const
  await visible(`Nothing for 9 days: ${words(from, short)} to ${words(to, short)}.`)
  await visible(/on the figures come from New ring, before that from Old watch\./)

  await page.goto(`/trends?metric=resting_heart_rate&view=week&date=${dateOf(20)}`)
  await visible(/bpm (lower|higher) than from|the same as from/)
  // The week in which it went away or came back: of the two the one that is not away whole.
  const edge = new Date(from).getUTCDay() === 1 ? to : from
  await page.goto(`/trends?metric=resting_heart_rate&view=week&date=${edge}`)
  await page.getByRole('button', { name: 'Show as table', exact: true }).click()
  const table = page.getByRole('table', { name: 'Resting heart rate' })
  await table.waitFor()
  const full = { day: 'numeric', month: 'short', year: 'numeric' } as const
  expect(await table.getByRole('cell', { name: words(edge, full) }).count()).toBe(0)
  expect(await findBarriers(page)).toEqual([])
})

test('trends are walked through by keys alone, and the address holds where one is', async () => {
  await toDesk()
  await page.goto(`/trends?metric=steps&view=month&date=${dateOf(1)}`)
  await visible(/^Steps: 8,\d{3} on average in/)
  await page.getByRole('application', { name: /^Steps: / }).focus()
  await page.keyboard.press('Shift+ArrowLeft')
  await page.waitForURL(/view=month&date=\d{4}-\d{2}-01$/)
  await visible(/^Steps: /)
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await page.waitForURL(/view=day/)
  await page.getByText('Year', { exact: true }).click()
  await page.waitForURL(/view=year/)
  await visible(/Each bar is the average day of a week\./)
  await page.getByRole('application', { name: /^Calendar of/ }).focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.waitForURL(/view=day/)
  expect(await findBarriers(page)).toEqual([])
})

test('each day of the calendar is large enough for a finger, on phones of every width', async () => {
  for (const width of [320, 360, 390, 414, 768]) {
    await page.setViewportSize({ width, height: 844 })
    await page.goto(`/trends?metric=steps&view=month&date=${dateOf(1)}`)
    const box = await page.locator('[data-date]').first().boundingBox()
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), `${width} px`).toBeGreaterThanOrEqual(24)
  }
})

test('two metrics in the explorer survive a reload from their link, with what is switched off', async () => {
  await toDesk()
  const [from, to] = [dateOf(20), dateOf(10)]
  await page.goto(`/explore?metric=heart_rate,steps&from=${from}T00:00:00Z&to=${to}T00:00:00Z`)
  await page.getByRole('button', { name: /^Steps, New ring/ }).click()
  await page.waitForURL(/hidden=steps/)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy link' }).click()
  await page.getByRole('button', { name: 'Link copied' }).waitFor()
  const link = await page.evaluate<string>('navigator.clipboard.readText()')
  await page.goto('/today')
  await page.goto(link)
  await heading(/Heart rate.*Steps/)
  await visible(/Steps from .* New ring: [\d,]+ in all/)
  const steps = page.getByRole('button', { name: /^Steps, New ring/ })
  expect(await steps.getAttribute('aria-pressed')).toBe('false')
  expect(await page.locator('canvas').count()).toBe(1)
  expect(await findBarriers(page)).toEqual([])
})

test('the window of the strip moves and stretches by keys, by a press and by dragging', async () => {
  await toDesk()
  const window = page.getByRole('slider', { name: 'Window', exact: true })
  const place = async () => Number(await window.getAttribute('aria-valuenow'))
  const before = await place()
  await window.focus()
  await page.keyboard.press('Shift+ArrowLeft')
  await expect.poll(place).toBe(before - 10 * day)
  const box = (await window.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x - 120, y, { steps: 5 })
  await page.mouse.up()
  await expect.poll(place).toBeLessThan(before - 15 * day)
  await page.waitForURL(/from=.*to=/)
  const end = page.getByRole('slider', { name: 'End of the window' })
  const reach = async () => Number(await end.getAttribute('aria-valuenow')) - (await place())
  const length = await reach()
  await end.focus()
  await page.keyboard.press('ArrowRight')
  await expect.poll(reach).toBeGreaterThan(length)
  // Who cannot drag presses where the window is to be.
  const left = await place()
  await page.mouse.click(box.x - 200, y)
  await expect.poll(place).toBeLessThan(left)
})

test('a view is a picture to keep, and its numbers come as CSV', async () => {
  const offered = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download PNG' }).click()
  const picture = await offered
  expect(picture.suggestedFilename()).toMatch(/^heart_rate-steps-.*\.png$/)
  const bytes = await readFile(await picture.path())
  expect(bytes.subarray(1, 4).toString()).toBe('PNG')
  // Wider than the chart, and not one colour.
  expect(bytes.readUInt32BE(16)).toBeGreaterThan(600)
  expect(bytes.length).toBeGreaterThan(10_000)
  const csv = await page
    .context()
    .request.get((await page.getByRole('link', { name: 'Download CSV' }).getAttribute('href')) ?? '')
  expect(await csv.text()).toMatch(/heart_rate[\s\S]*steps/)
})

test('three units stand one above the other over the same time', async () => {
  await page.goto(`/explore?metric=heart_rate,steps,body_mass&range=month`)
  await visible(/Weight from/)
  expect(await page.locator('canvas').count()).toBe(3)
  expect(await findBarriers(page)).toEqual([])
})

test('a new person is told what will stand there and how to begin', async () => {
  const token = (await house.server.call('POST', '/api/v1/auth/login', { body: person })).body as {
    access_token: string
  }
  const invited = await house.server.call('POST', '/api/v1/invites', {
    token: token.access_token,
    body: { role: 'member' },
  })
  const guest = await house.open()
  const body = {
    email: 'guest@example.org',
    password: person.password,
    invite: (invited.body as { invite: string }).invite,
  }
  await house.server.call('POST', '/api/v1/auth/register', { body })
  await guest.context().request.post('/api/v1/auth/login', {
    data: { email: body.email, password: body.password, session: 'cookie' },
    headers: csrf,
  })
  await guest.goto('/')
  await guest.getByRole('heading', { name: 'Your day will stand here' }).waitFor()
  await guest.getByRole('link', { name: 'Import files' }).waitFor()
  await guest.getByRole('button', { name: 'Look around with demo data' }).waitFor()
  expect(await findBarriers(guest)).toEqual([])
  await guest.goto('/trends')
  await guest.getByRole('heading', { name: 'No trends yet' }).waitFor()
  expect(await findBarriers(guest)).toEqual([])
  await guest.context().close()
})

test('no page complained about anything', () => {
  expect(house.complaints).toEqual([])
})
