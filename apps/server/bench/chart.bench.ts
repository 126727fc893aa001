/**
 * A year in the explorer, a value each minute, in a real browser: from the moment its data has arrived to the moment it is drawn, and
 * how smoothly a window of a month is dragged across it.
 */
import type { Page } from 'playwright-core'
import { launchBrowser } from '../../web/test/browser.ts'
import { csrf } from '../../web/test/house.ts'
import { compactAll, fillYear, makeBed, roleSecret, sourceOf } from './bed.ts'
import { atLeast, atMost, type Figure, median, round } from './figure.ts'
import { type Cluster, owner, startServerUnderTest } from './under-test.ts'

const rounds = 5

export async function benchChart(cluster: Cluster): Promise<Figure[]> {
  const bed = await makeBed(cluster, 'bench_chart')
  const server = await startServerUnderTest({ DATABASE_URL: bed.url, DATABASE_ROLE_SECRET: roleSecret })
  const browser = await launchBrowser()
  try {
    const device = await server.newDevice('a year')
    const { userId, sourceId } = await sourceOf(bed, device)
    await fillYear(bed, userId, await bed.store.seriesFor(userId, sourceId, 'heart_rate'), 0)
    await compactAll(bed)
    const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1440, height: 900 } })
    await context.request.post('/api/v1/auth/login', { data: { ...owner, session: 'cookie' }, headers: csrf })
    const page = await context.newPage()
    const draws: number[] = []
    for (let at = 0; at <= rounds; at++) {
      const ms = await drawYear(page)
      if (at > 0) draws.push(ms)
    }
    const drags: Drag[] = []
    for (let at = 0; at <= rounds; at++) {
      const drag = await dragWindow(page)
      if (at > 0) drags.push(drag)
    }
    const of = (what: keyof Drag) => drags.map((drag) => drag[what])
    return [
      atMost("a year's chart is drawn after its data arrived", median(draws), 100, 'ms', draws.map(round).join(', ')),
      atLeast(
        'frames in a second while a window is dragged over 525,600 values',
        // A frame more or less in a drag is the clock's, not the page's.
        Math.round(median(of('framesPerSecond'))),
        60,
        'frames',
        `${of('idleFramesPerSecond').map(round).join(', ')} with nothing dragged; longest frame ${of('longestFrame').map(round).join(', ')} ms; moved in ${of('movedShare').map(round).join(', ')} of them`,
      ),
      atMost(
        'the chart is drawn after the window is let go',
        median(of('firstDraw')),
        100,
        'ms',
        of('firstDraw').map(round).join(', '),
      ),
      atMost(
        'it is drawn in full detail, asked for and answered',
        median(of('lastDraw')),
        500,
        'ms',
        of('lastDraw').map(round).join(', '),
      ),
    ]
  } finally {
    await browser.close()
    await server.stop()
    await bed.close()
  }
}

/** Asked for again and again: `waitForFunction` needs the eval that the pages' policy forbids. */
async function drawYear(page: Page): Promise<number> {
  await page.goto('/explore?metric=heart_rate&from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z')
  for (;;) {
    const durations = await page.evaluate(() =>
      performance.getEntriesByName('chart-draw').map(({ duration }) => duration),
    )
    if (durations.length) return Math.max(...durations)
    await page.waitForTimeout(50)
  }
}

interface Drag {
  framesPerSecond: number
  /** Just before, with nothing to do: what the machine has to give. */
  idleFramesPerSecond: number
  longestFrame: number
  /** Of the frames those in which the window moved: a busy machine gives fewer events than frames. */
  movedShare: number
  firstDraw: number
  lastDraw: number
}

const dragMs = 2_000

/** Takes hold of the window in the strip and moves it to and fro, as a hand does: an event whenever the browser takes one. */
async function dragWindow(page: Page): Promise<Drag> {
  await page.goto('/explore?metric=heart_rate&from=2025-06-01T00:00:00Z&to=2025-07-01T00:00:00Z')
  const handle = page.getByRole('slider', { name: 'Window', exact: true })
  await handle.waitFor()
  await page.waitForTimeout(1_500) // the strip's own curve is on its way too
  const box = await handle.boundingBox()
  if (!box) throw new Error('the window of the strip is not to be seen')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  const idle = await framesOf(page, () => page.waitForTimeout(1_000))
  await page.mouse.down()
  const frames = await framesOf(page, async () => {
    const start = performance.now()
    for (let now = start; now - start < dragMs; now = performance.now()) {
      await page.mouse.move(x + 250 * Math.sin((now - start) / 300), y)
    }
  })
  await page.mouse.up()
  await page.waitForTimeout(1_500)
  const draws = await page.evaluate(() => performance.getEntriesByName('brush-draw').map(({ duration }) => duration))
  return {
    framesPerSecond: rateOf(frames),
    idleFramesPerSecond: rateOf(idle),
    longestFrame: Math.max(...gapsOf(frames)),
    movedShare: frames.moved / frames.at.length,
    firstDraw: draws[0] ?? Number.POSITIVE_INFINITY,
    lastDraw: draws.at(-1) ?? Number.POSITIVE_INFINITY,
  }
}

async function framesOf(page: Page, during: () => Promise<void>): Promise<Frames> {
  await page.evaluate(watchFrames)
  await during()
  return page.evaluate<Frames>('stopFrames()')
}

const gapsOf = ({ at }: Frames): number[] => at.slice(1).map((time, index) => time - (at[index] ?? time))
const rateOf = (frames: Frames): number =>
  (1_000 * gapsOf(frames).length) / gapsOf(frames).reduce((sum, gap) => sum + gap, 0)

interface Frames {
  at: number[]
  moved: number
}

/** Runs in the page: the time of every frame, and in how many of them the window moved; the chart follows in the same call. */
const watchFrames = `(() => {
  const at = []
  let [moved, isOn, before] = [0, true, '']
  const frame = (time) => {
    at.push(time)
    const place = document.querySelector('[style*="--from"]')?.style.getPropertyValue('--from')
    if (place !== before) moved++
    before = place
    if (isOn) requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  window.stopFrames = () => {
    isOn = false
    return { at, moved }
  }
})()`
