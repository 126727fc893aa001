import { readFile } from 'node:fs/promises'
import { writeRide } from '@tributary/formats/testing'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toldByDrawings } from './drawings.ts'
import { hiddenStops } from './focus.ts'
import { csrf, findBarriers, type House, openHouse, person, sizes } from './house.ts'
import { appleNights } from './nights.ts'

/** A ride of 88.8 km by a Garmin Edge, see the README beside it. */
const ride = new URL('../../../packages/formats/fixtures/fit/sample-activity.fit', import.meta.url)
const day = 86_400_000
const today = Math.floor(Date.now() / day) * day
const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10)

let house: House
let page: Page
let rideId: string | undefined

beforeAll(async () => {
  house = await openHouse()
  page = await house.open()
  const { request } = page.context()
  const account = { ...person, time_zone: 'Europe/Berlin', session: 'cookie' }
  await request.post('/api/v1/auth/register', { data: account, headers: csrf })
})

afterAll(() => house?.close())

const visible = (text: string | RegExp) => page.getByText(text).first().waitFor()
const heading = (name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor()
const devices = ['phone', 'desk'] as const
const wide = () => page.setViewportSize(sizes.desk)

interface Imported {
  status: string
  files: { status: string; session_ids: string[] }[]
}

/** As an upload does it, waited for. */
async function bring(name: string, bytes: Uint8Array): Promise<string[]> {
  const { request } = page.context()
  const file = { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) }
  const sent = await request.post('/api/v1/imports', { multipart: { file }, headers: csrf })
  const { import_id } = (await sent.json()) as { import_id: string }
  for (;;) {
    const read = (await (await request.get(`/api/v1/imports/${import_id}`)).json()) as Imported
    if (read.status === 'queued' || read.status === 'reading') continue
    expect([read.status, ...read.files.map(({ status }) => status)].filter((status) => status !== 'done')).toEqual([])
    return read.files.flatMap(({ session_ids }) => session_ids)
  }
}

test('with no sessions the list says why and what to do, and so do the last night and the plan', async () => {
  await page.goto('/sessions')
  await heading('No sessions yet')
  await page.getByRole('link', { name: 'Enter one by hand' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.goto('/sleep')
  await heading('No nights yet')
  await page.goto('/plan')
  await visible('Nothing is planned in this month.')
})

test.each(devices)('the figures of a workout are those of its file, on a %s', async (device) => {
  rideId ??= (await bring('sample-activity.fit', await readFile(ride)))[0] ?? ''
  await page.setViewportSize(sizes[device])
  await page.goto(`/sessions/${rideId}`)
  await heading('Cycling')
  // As the session message of the file has them: 88,797 m in 11,742 s (10,699 s by its timer), 166 and 191 bpm.
  const tiles = await page.getByRole('term').allTextContents()
  const values = (await page.getByRole('definition').allTextContents()).map((text) => text.replaceAll('\u00a0', ' '))
  expect(tiles.slice(0, 2)).toEqual(['Distance', 'Time'])
  expect(values).toEqual(expect.arrayContaining(['88.8 km', '3:15:42', '2:58:19', '166 bpm', '191 bpm', '299 m']))
  await page.getByRole('img', { name: /The route, 88.8 km long/ }).waitFor()
  // Its four laps, the quickest and the slowest of them marked.
  const laps = page.getByRole('table', { name: 'Laps' })
  await expect.poll(() => laps.getByRole('row').count()).toBe(5)
  await laps.getByRole('row', { name: /3 · Manual.*fastest 32.7 km\/h/ }).waitFor()
  await laps.getByRole('row', { name: /1 · Manual.*slowest 27.9 km\/h/ }).waitFor()
  // 88 whole kilometres and what is left over.
  const splits = page.getByRole('table', { name: 'Kilometre by kilometre' })
  await splits.getByRole('row', { name: /89 \(797 m\)/ }).waitFor()
  await page
    .getByRole('table', { name: 'Heart rate zones' })
    .getByRole('row', { name: /Hard.*153–171/ })
    .waitFor()
  await visible('Shares of 191 bpm, the highest heart rate measured in the year before.')
  await visible(/Striped: \d+ min of pause/)
  if (device === 'desk') expect(await findBarriers(page)).toEqual([]) // which looks at both
})

test('a route is coloured by what was measured on it, with a scale; the charts are walked by keyboard and read as a table', async () => {
  await wide()
  await page.getByRole('application', { name: 'Charts of this session' }).focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await visible(/from the start, at/)
  await visible(/^\d+\sm after 88/)
  await page.getByRole('radiogroup', { name: 'Colour of the route' }).getByText('Heart rate').click()
  await visible('the darkest and lightest also stand for what lies beyond')
  await page.getByRole('button', { name: 'Show as table: charts' }).click()
  await page.getByRole('table', { name: 'What was measured, minute by minute' }).getByRole('row').nth(30).waitFor()
})

test('what a person puts right is shown with what the source says, and taken back', async () => {
  await wide()
  await page.goto(`/sessions/${rideId}`)
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Title').fill('To the sea')
  await page.getByLabel('Distance, km').fill('90')
  await page.getByLabel('Notes').fill('Headwind all the way.')
  await page.getByRole('button', { name: 'Save' }).click()
  await heading('To the sea')
  await visible('90 km')
  await visible('Headwind all the way.')
  await visible('The source says: 88.8 km')
  await page.reload()
  await page.getByRole('button', { name: 'Take back: Distance' }).click()
  await visible('88.8 km')
  await page.getByRole('button', { name: 'Take back: Title' }).click()
  await heading('Cycling')
  await page.getByText('Changed by you').waitFor({ state: 'detached' })
})

test('a second recording of the same ride makes no second session; both are listed with what is shown and why', async () => {
  await bring('head-unit.fit', writeRide({ start: today - 3 * day + 8 * 3_600_000, seconds: 3_000, serial: 1 }))
  await bring('watch.fit', writeRide({ start: today - 3 * day + 8 * 3_600_000, seconds: 2_990, serial: 2, seed: 2 }))
  await page.goto('/sessions')
  await page.getByRole('link', { name: /Cycling.*from 2 records/ }).click()
  await visible(/2 records tell of this session; it counts once/)
  expect(await page.getByText('Shown', { exact: true }).count()).toBe(1)
  expect(await page.getByRole('link', { name: /^Download the file of/ }).count()).toBe(2)
  await page.getByRole('link', { name: 'Look at it by itself' }).click()
  await visible('This is one record by itself.')
})

test('a session is deleted and, by Undo, back with its notes and its charts', async () => {
  await wide()
  await page.goto(`/sessions/${rideId}`)
  await page.getByRole('button', { name: 'Delete…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await page.waitForURL(/\/sessions$/)
  await page.getByRole('link', { name: /88.8 km/ }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await visible('Cycling is back')
  await visible('88.8 km')
  await visible('Headwind all the way.')
  await heading(/Heart rate bpm/)
})

test('one record of two is deleted, the other one is shown instead', async () => {
  await page.goto('/sessions')
  await page.getByRole('link', { name: /from 2 records/ }).click()
  await page.getByRole('button', { name: 'Delete…' }).click()
  await page.getByRole('radio', { name: /Only the record of/ }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await page.waitForURL(/\/sessions$/)
  await page.getByText(/from 2 records/).waitFor({ state: 'detached' })
  expect(await page.getByRole('link', { name: /Cycling/ }).count()).toBe(2)
})

test('a session is entered by hand, and a plan of that day is done by it', async () => {
  await page.goto('/plan')
  await page.getByRole('button', { name: 'Plan a session' }).first().click()
  await page.getByLabel('Title').fill('Easy run')
  await page.getByLabel('Day', { exact: true }).fill(dateOf(today - day))
  await page.getByLabel('Distance, km').fill('8')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Plan it' }).click()
  await visible('Missed')
  await page.goto('/sessions/new')
  await page.getByLabel('Began').fill(`${dateOf(today - day)}T07:30`)
  await page.getByLabel('Minutes').fill('45')
  await page.getByLabel('Distance, km').fill('8.2')
  await page.getByRole('button', { name: 'Save session' }).click()
  await heading('Running')
  await visible('Entered by hand')
  await page.getByRole('link', { name: 'Easy run' }).click()
  await page.getByRole('button', { name: /Easy run \(done\)/ }).click()
  await page.getByRole('link', { name: 'What was done' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
})

test('the calendar is walked by keyboard, a plan is changed, deleted and brought back', async () => {
  await wide()
  await page.goto('/plan')
  await page.getByRole('button', { name: 'Plan a session' }).first().click()
  await page.getByLabel('Title').fill('Swim')
  await page.getByLabel('Day', { exact: true }).fill(dateOf(today + day))
  await page.getByRole('button', { name: 'Plan it' }).click()
  const swim = page.getByRole('button', { name: /Swim \(planned\)/ })
  await swim.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowLeft')
  expect(await page.evaluate<string>('document.activeElement?.textContent')).toContain('Swim')
  await page.getByRole('button', { name: 'Change Swim' }).click()
  await page.getByLabel('Title').fill('Swim in the lake')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Delete Swim in the lake' }).click()
  await page.getByRole('button', { name: /Swim in the lake \(planned\)/ }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: /Swim in the lake \(planned\)/ }).waitFor()
})

test.each(devices)(
  'last night is read on a %s: its stages, its own clock, what is usual, and the nap after it',
  async (device) => {
    const away = { awayZone: 'Asia/Tokyo', awayOffset: 540 }
    if (device === 'phone') await bring('export.zip', appleNights({ morning: today - 2 * day, nights: 30, ...away }))
    await page.setViewportSize(sizes[device])
    await page.goto('/sleep')
    await heading('Sleep')
    await visible('On the clock where it was slept: UTC+9, 8 h ahead of Berlin.')
    await visible('23:10–6:10')
    // 80 of 420 minutes deep, as the stages of the export say.
    const night = page.getByRole('application', { name: /Stages of the night: .*Deep 1 h 20 min, 19%/ })
    await night.focus()
    await page.keyboard.press('ArrowRight')
    await visible('Light, 23:10 to 23:50, 40 min')
    await page.keyboard.press('ArrowRight')
    await visible('Deep, 23:50 to 0:40, 50 min')
    for (const title of [/^Heart rate bpm/, /^Blood oxygen/, /^Respiratory rate/]) await heading(title)
    const table = page.getByRole('table', { name: /Stages of the night, beside the usual night/ })
    await table.getByRole('row', { name: /Deep 1 h 20 min 1 h 20 min ±0/ }).waitFor({ timeout: 30_000 })
    await page.getByRole('link', { name: /Nap.*14:00/ }).waitFor()
    if (device === 'desk') expect(await findBarriers(page)).toEqual([])
    await page.getByRole('link', { name: '← Night before' }).click()
    await visible('On the clock where it was slept: Berlin time, UTC+1.')
    await page.getByRole('link', { name: 'Night after →' }).waitFor()
  },
)

test('an ECG is drawn on its paper, with the word of the device and that it is none of a doctor', async () => {
  await wide()
  await page.goto('/sessions?kind=ecg')
  await page.getByRole('link', { name: /ECG/ }).first().click()
  await visible('Sinus Rhythm')
  await visible(/It is not a diagnosis/)
  await page.getByRole('img', { name: 'ECG from second 20 to second 30' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
})

test('every chart has its sentence and its table', async () => {
  await wide()
  const night = dateOf(today - 3 * day)
  const { items } = (await (await page.context().request.get('/api/v1/sessions?type=ecg')).json()) as {
    items: { session_id: string }[]
  }
  const charts = {
    [`/sessions/${rideId}`]: ['route', 'charts', 'elevation'],
    '/sleep': ['stages', 'what was measured'],
    [`/sessions/${items[0]?.session_id}`]: ['trace'],
    [`/trends?metric=sleep_total&view=month&date=${night}`]: ['', `the year ${night.slice(0, 4)}`],
    [`/trends?metric=heart_rate&view=day&date=${night}`]: ['the hours', `the year ${night.slice(0, 4)}`],
    '/explore?metric=heart_rate&range=all': [''],
  }
  for (const [address, names] of Object.entries(charts)) {
    await page.goto(address)
    for (const name of names)
      await page.getByRole('button', { name: `Show as table${name && `: ${name}`}`, exact: true }).waitFor()
    const told = await toldByDrawings(page)
    expect(told.map(({ of }) => of).sort(), address).toEqual(names.sort())
    for (const { of, sentence, rows } of told) {
      expect(sentence, `${address} ${of}`).toMatch(/\d.*\.$/)
      expect(rows, `${address} ${of}`).toBeGreaterThan(1)
    }
  }
})

test('whoever walks by Tab sees where they are: no bar covers what has the focus', async () => {
  await page.setViewportSize(sizes.phone)
  for (const address of [`/sessions/${rideId}`, '/explore?metric=heart_rate&range=all', '/settings']) {
    await page.goto(address)
    await page.getByRole('button').last().waitFor()
    expect(await hiddenStops(page), address).toEqual([])
  }
})

test('filters stand in the address: reloading and going back keep them', async () => {
  await wide()
  await page.goto('/sessions')
  await page.getByRole('radiogroup', { name: 'Kind of session' }).getByText('Workouts').click()
  await page.getByRole('button', { name: 'Filters' }).click()
  await page.getByLabel('At least, km').fill('50')
  await page.waitForURL(/kind=workout.*distance=50000m/)
  await page.getByRole('link', { name: /Sleep/ }).first().waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('link', { name: /88.8 km/ }).waitFor()
  await page.getByRole('link', { name: /Running.*8.2 km/ }).waitFor({ state: 'detached' })
  await page.getByRole('link', { name: /88.8 km/ }).click()
  await heading('Cycling')
  await page.goBack()
  await page.getByRole('button', { name: /At least 50 km/ }).waitFor()
  await page.getByRole('searchbox').fill('nothing is called this')
  await heading('Nothing matches')
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await page.getByRole('heading', { name: 'June 2011' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
})

test('no page complained about anything', () => {
  expect(house.complaints).toEqual([])
})
