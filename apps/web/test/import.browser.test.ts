import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appleExport } from '../../../packages/formats/src/testing/index.ts'
import { asAdmin } from '../../server/test/database.ts'
import { csrf, findBarriers, type House, openHouse, person, signIn, sizes } from './house.ts'

const ride = new URL('../../../packages/formats/fixtures/fit/sample-activity.fit', import.meta.url)

let house: House
/** At the desk, from where files are brought. */
let page: Page
/** The same person's phone. */
let pocket: Page
let folder: string

beforeAll(async () => {
  house = await openHouse()
  folder = await mkdtemp(join(tmpdir(), 'trb-import-'))
  page = await house.open()
  const { request } = page.context()
  const data = { ...person, session: 'cookie', time_zone: 'Europe/Berlin' }
  expect((await request.post('/api/v1/auth/register', { data, headers: csrf })).status()).toBe(201)
  pocket = await house.open({ viewport: sizes.phone, hasTouch: true })
  await signIn(pocket.context())
})

afterAll(async () => {
  await house?.close()
  await rm(folder, { recursive: true, force: true })
})

const visible = (text: string | RegExp, within = page) => within.getByText(text).first().waitFor()
const heading = (name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor()
const choose = (files: Parameters<ReturnType<Page['getByLabel']>['setInputFiles']>[0], within = page) =>
  within.getByLabel('Files to import').setInputFiles(files)
const textFile = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })

/** Of a year, as a phone writes it. */
async function exportOf(name: string, bytes: number, seed: number): Promise<string> {
  const path = join(folder, name)
  const to = Date.UTC(2026, 0, 1)
  await pipeline(Readable.from(appleExport({ bytes, seed, from: to - 365 * 86_400_000, to })), createWriteStream(path))
  return path
}

interface StandingStill {
  /** Some of the file is stored and said. */
  begun: Promise<unknown>
  goOn(): Promise<void>
}

/**
 * Reading is faster than a person: once it has begun it stands still until it may go on. It waits without a lock, which the server's own
 * patience with locks would end.
 */
async function standStillWhileRead(name: string): Promise<StandingStill> {
  const [ready, until] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const begun = Promise.withResolvers<void>()
  const over = asAdmin(house.server.database.admin, async (client) => {
    await client.query('select pg_advisory_lock(1)')
    await client.query(`create or replace function public.stand_still() returns trigger language plpgsql as $$ begin
      while not pg_try_advisory_xact_lock_shared(1) loop perform pg_sleep(0.02); end loop;
      return new;
    end $$`)
    await client.query(`create trigger stand_still before update on tributary.import_files for each row
      when (new.name = '${name}' and old.bytes_read > 0) execute function public.stand_still()`)
    ready.resolve()
    const isBegun = 'select 1 from tributary.import_files where name = $1 and bytes_read > 0'
    const count = async () => (await client.query(isBegun, [name])).rowCount
    await expect.poll(count, { interval: 20, timeout: 60_000 }).toBe(1)
    begun.resolve()
    await until.promise
    await client.query('select pg_advisory_unlock(1)')
    await client.query('drop trigger stand_still on tributary.import_files')
  })
  for (const { reject } of [ready, begun]) over.catch(reject)
  await ready.promise
  const goOn = () => {
    until.resolve()
    return over
  }
  return { begun: begun.promise, goOn }
}

interface Imports {
  items: { status: string; bytes_total: number; samples: number; sessions: number; duplicates: number }[]
}
const imports = async () => (await (await page.context().request.get('/api/v1/imports')).json()) as Imports

/** Bytes a second; 0 is as fast as it goes. */
async function uploadAt(bytesPerSecond: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond || -1,
  })
}

test('a year arrives whole, though the page was reloaded while it was sent and while it was read', async () => {
  const path = await exportOf('export.xml', 20_000_000, 1)
  await page.goto('/import')
  await uploadAt(4_000_000)
  await choose(path)
  await visible(/^Sending: [\d.]+ MB of/)
  await page.getByRole('button', { name: 'Pause: export.xml' }).click()
  await visible(/^Paused at/)
  await page.getByRole('button', { name: 'Go on: export.xml' }).click()
  await visible(/^Sending: [2-9][\d.]* MB of/)
  await page.reload()

  await visible(/^Broke off at/)
  expect(await page.getByText(/^Broke off at/).textContent()).not.toContain('Broke off at 0 bytes')
  expect(await findBarriers(page)).toEqual([])
  await page.getByLabel('export.xml again').setInputFiles(textFile('other.xml', '<x/>'))
  await visible(/^That is another file/)
  await uploadAt(0)
  const reading = await standStillWhileRead('export.xml')
  await page.getByLabel('export.xml again').setInputFiles(path)
  await visible(/^(Reading: |Sent\. )/)
  expect(await page.getByText(/^Broke off at/).count()).toBe(0)

  await reading.begun
  await page.reload()
  await visible(/^Reading: /)
  await pocket.goto('/import')
  await visible(/^Reading: [1-9]/, pocket)
  expect(await findBarriers(pocket)).toEqual([])
  await reading.goOn()
  for (const [within, press] of [
    [page, 'click'],
    [pocket, 'tap'],
  ] as const) {
    await within.getByRole('link', { name: /export.xml.*Imported/s })[press]({ timeout: 90_000 })
    await within.getByRole('button', { name: 'Take back…: export.xml' }).waitFor()
    await within.getByRole('link', { name: /See all \d+ in the list of sessions/ }).waitFor()
  }
  const { items } = await imports()
  const [one] = items
  expect(items).toHaveLength(1)
  expect(one).toMatchObject({ status: 'done', bytes_total: (await stat(path)).size, duplicates: 0 })
  expect(one?.samples).toBeGreaterThan(30_000)
  expect(await findBarriers(page)).toEqual([])
}, 180_000)

test('an import that is cancelled takes what it brought along, and says how much that was, on a phone too', async () => {
  const path = await exportOf('second.xml', 20_000_000, 2)
  await pocket.goto('/import')
  const reading = await standStillWhileRead('second.xml')
  await choose(path, pocket)
  await reading.begun
  await pocket.getByRole('link', { name: 'second.xml' }).waitFor()
  await visible(/^Reading: [1-9]/, pocket)
  await pocket.getByRole('button', { name: 'Cancel…: second.xml' }).tap()
  await pocket.getByRole('radio', { name: 'Remove it' }).check()
  await reading.goOn()
  await pocket.getByRole('button', { name: 'Stop reading' }).tap()
  await visible(/^Removed: [\d,]+ values? and \d+ sessions?/, pocket)
  await pocket.getByRole('link', { name: /second.xml.*Cancelled/s }).waitFor()
  expect(await findBarriers(pocket)).toEqual([])
  const [cancelled] = (await imports()).items
  expect(cancelled?.status).toBe('cancelled')
}, 120_000)

test('of many files those that could not be read come first, and each state can be paged through', async () => {
  await page.goto('/import')
  const lists = Array.from({ length: 120 }, (_, i) => textFile(`list-${i}.txt`, `milk, bread, ${i} eggs`))
  const fit = { name: 'ride.fit', mimeType: 'application/octet-stream', buffer: await readFile(ride) }
  await choose([fit, ...lists, textFile('.DS_Store', 'x')])
  await visible(/1 file was left out/)
  await page.getByRole('button', { name: 'All 121' }).waitFor()
  await page.getByRole('button', { name: 'Imported 1', exact: true }).click({ timeout: 60_000 })
  await page.getByRole('link', { name: /Open the session/ }).waitFor()
  await page.getByRole('button', { name: 'Not imported 120' }).click()
  await page.getByRole('button', { name: 'Show more' }).click()
  await page.getByText('list-119.txt').waitFor()
  expect(await page.getByText(/^list-\d+\.txt$/).count()).toBe(120)
  expect(await findBarriers(page)).toEqual([])
}, 120_000)

const weights = ['12.03.2024;74,2;52', '13.03.2024;74,0;900', '14.03.2024;73,8;54', '15.03.2024;schwer;55'].join('\n')

test('a table waits until one has said what its columns are, and shows how it will be read', async () => {
  await page.goto('/import')
  await choose(textFile('waage.csv', `Am;Masse;Puls\n${weights}\n`))
  await page.getByRole('link', { name: 'Say what its columns are' }).click()
  await heading('waage.csv')
  await page.getByRole('cell', { name: '12.03.2024' }).waitFor()
  const column = page.getByRole('combobox', { name: 'What Masse is' })
  await column.click()
  await column.fill('weight')
  await page.getByRole('option', { name: 'Weight', exact: true }).click()
  const pulse = page.getByRole('combobox', { name: 'What Puls is' })
  await pulse.click()
  await pulse.fill('resting heart')
  await page.getByRole('option', { name: 'Resting heart rate' }).click()
  await page.getByRole('listitem').filter({ hasText: '12.03.2024 · 74,2 · 52 → 12 Mar 2024, Weight 74.2 kg' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('radio', { name: '74,2' }).focus()
  await page.keyboard.press('ArrowLeft')
  await page
    .getByRole('listitem')
    .filter({ hasText: /“74,2” is no number of its kind|Weight 742/ })
    .waitFor()
  await page.keyboard.press('ArrowRight')
  await page.getByRole('button', { name: 'Read the table' }).click()
  await page.getByRole('link', { name: /waage.csv.*Imported/s }).waitFor({ timeout: 60_000 })
  await page.goto('/explore?metric=body_mass&range=all')
  await heading(/Weight/)
})

test('the next table with the same names is read by itself, until one forgets how', async () => {
  await page.goto('/import')
  await choose(textFile('april.csv', 'Am;Masse;Puls\n12.04.2024;73,1;51\n'))
  await page.getByRole('button', { name: 'Take back…: april.csv' }).waitFor({ timeout: 60_000 })
  await visible('Imported')
  await page.getByRole('button', { name: 'Forget waage' }).click()
  await page.getByRole('button', { name: 'Forget waage' }).waitFor({ state: 'detached' })
})

test('records that could not be used wait with their reasons, and are tried again or given up by keyboard', async () => {
  await page.goto('/import')
  await page.getByRole('link', { name: /could not be used: see which and why/ }).click()
  await heading('Records that could not be used')
  await visible(/“schwer”/)
  await page.getByText('As it came').first().click()
  expect(await findBarriers(page)).toEqual([])
  const focusedLabel = () => page.evaluate<string>("document.activeElement.getAttribute('aria-label') ?? ''")
  const tries = page.getByRole('button', { name: /^Try again: record/ })
  const before = await tries.count()
  expect(before).toBeGreaterThan(1)
  await tries.first().focus()
  await page.keyboard.press('Enter')
  await visible('It still cannot be used.')
  await page.keyboard.press('Tab')
  expect(await focusedLabel()).toMatch(/^Give it up: record/)
  await page.keyboard.press('Enter')
  expect(await focusedLabel(), 'it asks once').toMatch(/^Yes, remove for good: record/)
  await page.keyboard.press('Enter')
  await expect.poll(() => tries.count()).toBe(before - 1)
  expect(await focusedLabel()).toMatch(/^Try again: record/)
})

test('records of one kind are tried again and given up together, and the keyboard stays on the page', async () => {
  const unreadable = [1, 2, 3].map((qty) => ({ date: 'today', qty }))
  const data = [...unreadable, { date: '2026-10-14', qty: 71 }]
  const body = { data: { metrics: [{ name: 'weight_body_mass', units: 'kg', data }] } }
  await page.goto('/import')
  await choose(textFile('auto.json', JSON.stringify(body)))
  await page.getByRole('button', { name: 'Take back…: auto.json' }).waitFor()
  await page.goto('/import/unused')
  const focused = () => page.evaluate<string>('document.activeElement.id')
  const all = page.getByRole('button', { name: /^Try all of them again: auto.json/ })
  await all.click()
  await visible('0 of 3 can be used now.')
  await expect.poll(focused).toBe('main')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: /^Give all of them up: auto.json/ }).click()
  await page.getByRole('button', { name: /^Yes, remove for good/ }).click()
  await all.waitFor({ state: 'detached' })
  await expect.poll(focused).toBe('main')
  expect(await page.getByRole('button', { name: /^Try again: record \d of auto.json/ }).count()).toBe(0)
})

test('an import that has ended can be taken back, at a desk and on a phone', async () => {
  await page.goto('/import')
  await page.getByRole('link', { name: /april.csv/ }).click()
  await page.getByRole('button', { name: 'Take back…: april.csv' }).click()
  await visible(/It brought 2 new values and 0 sessions/)
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Remove what it brought' }).click()
  await visible('Removed: 2 values and 0 sessions')
  await pocket.goto('/import')
  await pocket.getByRole('link', { name: /waage.csv/ }).tap()
  await pocket.getByRole('button', { name: 'Take back…: waage.csv' }).tap()
  await visible(/It brought \d new values and 0 sessions/, pocket)
  await pocket.getByRole('button', { name: 'Remove what it brought' }).tap()
  await visible(/^Removed: \d values and 0 sessions/, pocket)
  expect(await findBarriers(pocket)).toEqual([])
})

test('another person at the same browser sees nothing of an upload that broke off', async () => {
  await page.goto('/import')
  await uploadAt(2_000_000)
  await choose(await exportOf('private.xml', 20_000_000, 3))
  await visible(/^Sending: [1-9][\d.]* MB of/)
  await page.reload()
  await visible(/^Broke off at/)
  await uploadAt(0)
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await heading('Sign in')
  expect(await page.evaluate<string>('JSON.stringify(localStorage)')).not.toContain('private.xml')
  await signIn(page.context())
  await page.goto('/import')
  await heading('Earlier imports')
  expect(await page.getByText('private.xml').count()).toBe(0)
})

test('no page complained about anything', () => {
  expect(house.complaints).toEqual([])
})
