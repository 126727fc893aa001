/** A year in the explorer: from the moment its data has arrived to the moment it is drawn, in a real browser. */
import type { Page } from 'playwright-core'
import { launchBrowser } from '../../web/test/browser.ts'
import { csrf } from '../../web/test/house.ts'
import { atMost, type Figure, median, round } from './figure.ts'
import { compactAll, fillYear, makeBed, roleSecret, sourceOf } from './store.bench.ts'
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
    return [
      atMost("a year's chart is drawn after its data arrived", median(draws), 100, 'ms', draws.map(round).join(', ')),
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
