/** What a page gets wrong for people who cannot see it well, point at it well, or show it wide. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

export const sizes = { phone: { width: 390, height: 844 }, desk: { width: 1440, height: 900 } }
const { phone, desk } = sizes
/** The narrowest phone, and between the two that are looked at closely: only what stands beside each other changes there. */
const otherWidths = [320, 768]

/** Resolves when all that moves has arrived; what moves for ever, like a skeleton, is not waited for. */
const fadedIn = `(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done))
  const shown = async () => { for (let i = 0; i < 4; i++) await frame() }
  const moving = () => document.getAnimations().filter(
    ({ effect, playState }) => playState !== 'finished' && effect?.getTiming().iterations !== Infinity,
  )
  // What begins to move may do so some frames after what made it begin.
  for (await shown(); moving().length; await shown())
    await Promise.all(moving().map(({ finished }) => finished.catch(() => undefined)))
})()`

/** Waits until what fades in or out has done so. */
export const settle = (page: Page): Promise<unknown> => page.evaluate(fadedIn)

/** In both themes, on a phone and on a desk; then the window is as large as before. Of all rules only contrast depends on the theme. */
export async function findBarriers(page: Page): Promise<string[]> {
  const before = page.viewportSize() ?? desk
  const found: string[] = []
  const look = async (size: typeof phone, colorScheme: 'light' | 'dark') => {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme })
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: 'attached' })
    // What is fading in has no colour yet.
    await settle(page)
    const where = `${new URL(page.url()).pathname} ${size.width} ${colorScheme}`
    const broken = await brokenRules(page, colorScheme === 'light')
    found.push(...broken.map((rule) => `${where}: ${rule}`), ...(await overflow(page, where)))
  }
  // Each change of size or theme lays the whole page out anew: one at a time.
  await look(desk, 'light')
  await look(desk, 'dark')
  await look(phone, 'dark')
  await look(phone, 'light')
  for (const width of otherWidths) {
    await page.setViewportSize({ width, height: phone.height })
    await settle(page)
    found.push(...(await overflow(page, `${new URL(page.url()).pathname} ${width}`)))
  }
  await page.setViewportSize(before)
  return found
}

async function brokenRules(page: Page, isWhole: boolean): Promise<string[]> {
  const isThere = await page.evaluate<boolean>("typeof axe === 'object'")
  // Legacy mode opens no second page for frames: there are none.
  const axe = new AxeBuilder({ page, ...(isThere && { axeSource: 'void 0' }) }).setLegacyMode().options({
    resultTypes: ['violations'], // else it describes every part that is as it should be
    rules: { 'target-size': { enabled: true } }, // WCAG 2.2, which axe leaves out unless asked
  })
  const { violations } = await (isWhole ? axe : axe.withRules('color-contrast')).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id} at ${nodes.map(({ html }) => html).join(' and ')}`)
}

/** What sticks out furthest, of all that does so by itself and not in what scrolls or hides what is too much. */
const sticksOut = `(() => {
  const isHeld = (element) => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
      if (getComputedStyle(at).overflowX !== 'visible') return true
    return false
  }
  const right = (element) => element.getBoundingClientRect().right
  const out = [...document.body.querySelectorAll('*')].filter((element) => right(element) > innerWidth && !isHeld(element))
  return out.sort((one, other) => right(other) - right(one))[0]?.outerHTML.slice(0, 200) ?? 'nothing that can be seen'
})()`

async function overflow(page: Page, where: string): Promise<string[]> {
  const by = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  return by > 0 ? [`${where}: scrolls sideways by ${by}, for ${await page.evaluate<string>(sticksOut)}`] : []
}
