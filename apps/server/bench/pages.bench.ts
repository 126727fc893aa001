/**
 * The pages as somebody sees them who opens the hub for the first time on this machine: a real browser with nothing cached, the demo's year,
 * and 5,000 sessions. Timed from the navigation to the frame in which the page's main content stands.
 */
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../../web/test/browser.ts'
import { csrf } from '../../web/test/house.ts'
import { makeBed, roleSecret } from './bed.ts'
import { atMost, type Figure, median, round } from './figure.ts'
import { type Cluster, owner, type ServerUnderTest, startServerUnderTest, withClient } from './under-test.ts'

const rounds = 5
const manySessions = 5_000
const pageOfSessions = 60 // what the web app asks for

export async function benchPages(cluster: Cluster): Promise<Figure[]> {
  const bed = await makeBed(cluster, 'bench_pages')
  const server = await startServerUnderTest({ DATABASE_URL: bed.url, DATABASE_ROLE_SECRET: roleSecret })
  const browser = await launchBrowser()
  try {
    await loadDemo(server, bed.config)
    const views = await viewsOf(server)
    const figures: Figure[] = []
    for (const view of views) figures.push(await firstView(browser, server, view))
    await fillSessions(bed.config)
    figures.push(await pageThrough(server))
    return figures
  } finally {
    await browser.close()
    await server.stop()
    await bed.close()
  }
}

type Config = Awaited<ReturnType<Cluster['database']>>['config']

/** To its end, with all of its days worked out. */
async function loadDemo(server: ServerUnderTest, config: Config): Promise<void> {
  await server.call('POST', '/api/v1/demo')
  const isReady = async () => (await server.call<{ status: string }>('GET', '/api/v1/demo')).status === 'ready'
  while (!(await isReady())) await pause(200)
  await withClient(config, async (client) => {
    const marks = async () => (await client.query('select from tributary.day_marks limit 1')).rowCount
    while (await marks()) await pause(200)
    await client.query('vacuum analyze')
  })
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

interface View {
  name: string
  path: string
  /** Stands in it when it is there, besides its heading; nothing of it is still loading. */
  says: RegExp
  draws?: 'canvas' | 'svg'
}

async function viewsOf(server: ServerUnderTest): Promise<View[]> {
  const { items } = await server.call<{ items: { session_id: string; type: string; activity: string | null }[] }>(
    'GET',
    '/api/v1/sessions?limit=100',
  )
  const [device] = await server.call<{ device_id: string }[]>('GET', '/api/v1/devices')
  const find = (is: (one: (typeof items)[number]) => boolean) => items.find(is)?.session_id
  return [
    { name: 'Today', path: '/today', says: /Time asleep.*Steps/s },
    { name: 'Trends', path: '/trends', says: /on average in/, draws: 'canvas' },
    { name: 'Explore', path: '/explore?metric=heart_rate', says: /Heart rate from/, draws: 'canvas' },
    { name: 'Sessions', path: '/sessions', says: /nights/ },
    {
      name: 'a ride',
      path: `/sessions/${find(({ activity }) => activity?.includes('cycl') === true)}`,
      says: /Charts/,
      draws: 'canvas',
    },
    {
      name: 'a night',
      path: `/sessions/${find(({ type }) => type === 'sleep')}`,
      says: /Stages, and what is usual/,
      draws: 'svg',
    },
    { name: 'Plan', path: '/plan', says: /Nothing planned|Planned/ },
    { name: 'Devices', path: '/devices', says: /Aurora Pulse watch/ },
    { name: 'a device', path: `/devices/${device?.device_id}`, says: /Latest values.*bpm/s },
    { name: 'Import', path: '/import', says: /Drop files or folders here/ },
    { name: 'Settings', path: '/settings', says: /Where you are signed in.*Chrome/s },
  ]
}

async function firstView(browser: Browser, { url }: ServerUnderTest, view: View): Promise<Figure> {
  const waits: number[] = []
  for (let at = 0; at < rounds; at++) {
    // A context of its own has a cache of its own.
    const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 } })
    await context.request.post('/api/v1/auth/login', { data: { ...owner, session: 'cookie' }, headers: csrf })
    waits.push(await shownAfter(await context.newPage(), view))
    await context.close()
  }
  return atMost(`first view of ${view.name}, nothing cached`, median(waits), 1_000, 'ms', waits.map(round).join(', '))
}

async function shownAfter(page: Page, { name, path, says, draws }: View): Promise<number> {
  await page.addInitScript(watchFor(says, draws))
  await page.goto(path)
  for (const begun = Date.now(); Date.now() - begun < 20_000; await page.waitForTimeout(50)) {
    const shown = await page.evaluate<number | undefined>('window.shownAt')
    if (shown !== undefined) return shown
  }
  throw new Error(`${name} at ${path} never showed ${says}`)
}

/** Runs in the page from its first moment: looks at each frame, and notes the first in which all of it stands. */
const watchFor = (says: RegExp, draws = '') => `(() => {
  const look = () => {
    const main = document.querySelector('main')
    const isThere = main?.querySelector('h1') && !main.querySelector('[aria-busy="true"]')
      && ${says}.test(main.textContent) && (${JSON.stringify(draws)} === '' || main.querySelector(${JSON.stringify(draws || 'main')}))
    if (isThere) window.shownAt = performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})()`

/** Beside those of the demo, over years. */
async function fillSessions(config: Config): Promise<void> {
  await withClient(config, async (client) => {
    await client.query('set search_path to tributary')
    await client.query(
      `insert into sessions (user_id, session_id, source_id, external_id, type, activity, title, start_at, end_at, totals)
       select user_id, uuidv7(), source_id, 'bench ' || n, 'workout', 'running', 'Run ' || n,
         now() - interval '2 years' - n * interval '13 hours', now() - interval '2 years' - n * interval '13 hours' + interval '1 hour',
         '{"distance": 10000, "energy": 600}'
       from (select user_id, source_id from sources limit 1) as s, generate_series(1, ${manySessions}) as n`,
    )
    await client.query('vacuum analyze')
  })
}

/** From the newest to the oldest, three times; each page to its last byte. */
async function pageThrough({ url, token }: ServerUnderTest): Promise<Figure> {
  const waits: number[] = []
  let seen = 0
  for (let round = 0; round < 3; round++) {
    seen = 0
    for (let cursor = ''; ; ) {
      const begun = performance.now()
      const answer = await fetch(
        `${url}/api/v1/sessions?limit=${pageOfSessions}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
        { headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'identity' } },
      )
      const text = await answer.text()
      waits.push(performance.now() - begun)
      const { items, next_cursor } = JSON.parse(text) as { items: unknown[]; next_cursor: string | null }
      seen += items.length
      if (!next_cursor) break
      cursor = next_cursor
    }
    if (seen < manySessions) throw new Error(`${seen} sessions were listed, of ${manySessions} and the demo's`)
  }
  const slowest = Math.max(...waits)
  return atMost(
    `a page of ${pageOfSessions} of ${manySessions.toLocaleString('en')} sessions and more, over HTTP, p50`,
    median(waits),
    20,
    'ms',
    `${seen.toLocaleString('en')} sessions in ${waits.length / 3} pages; slowest page ${round(slowest)} ms`,
  )
}
