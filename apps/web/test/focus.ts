import type { Page } from 'playwright-core'

/** Walks through a page by Tab alone and answers what had the focus and could not be seen: below a bar, or outside the window. */
export async function hiddenStops(page: Page): Promise<string[]> {
  await page.evaluate('document.activeElement.blur(), scrollTo(0, 0)')
  const hidden: string[] = []
  const seen = new Set<number>()
  for (;;) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate<{ at: number; name: string; isSeen: boolean } | null>(lookAtFocus)
    // Behind the last one the browser's own parts come, and then the first again.
    if (!stop || seen.has(stop.at)) break
    seen.add(stop.at)
    if (!stop.isSeen) hidden.push(stop.name)
  }
  if (seen.size < 5) throw new Error(`only ${seen.size} parts of ${page.url()} can be reached by Tab`)
  return hidden
}

/** Seen is what is on top at one of five of its points; a field that is drawn by its label counts with it. No bar holds what it covers. */
const lookAtFocus = `(async () => {
  // The page scrolls to what has the focus, and draws it as such, in the frame after.
  for (let frames = 0; frames < 2; frames++) await new Promise((done) => requestAnimationFrame(done))
  await Promise.all(document.getAnimations().map(({ finished, effect }) => effect?.getTiming().iterations !== Infinity && finished.catch(() => undefined)))
  const one = document.activeElement
  if (!one || one === document.body) return null
  const parts = [one, ...(one.labels ?? [])]
  const isOnTop = (part) => {
    const { left, right, top, bottom } = part.getBoundingClientRect()
    const [x, y] = [(left + right) / 2, (top + bottom) / 2]
    return [[x, y], [left + 2, top + 2], [right - 2, top + 2], [left + 2, bottom - 2], [right - 2, bottom - 2]].some((place) => {
      const there = document.elementFromPoint(...place)
      return there && parts.some((part) => part.contains(there) || there.contains(part))
    })
  }
  const all = [...document.querySelectorAll('*')]
  return { at: all.indexOf(one), name: one.outerHTML.slice(0, 160) + ' at ' + JSON.stringify(one.getBoundingClientRect()), isSeen: parts.some(isOnTop) }
})()`
