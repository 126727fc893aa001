import type { Page } from 'playwright-core'

export interface Told {
  /** What the button names its table by; nothing where it stands alone. */
  of: string
  sentence: string
  rows: number
}

/** What each drawing of a page says without being seen: the sentence beside it, and how long its table is once asked for. */
export async function toldByDrawings(page: Page): Promise<Told[]> {
  const told: Told[] = []
  const parts = await page.evaluate<number>(markWords)
  for (let at = 0; at < parts; at++) {
    const part = page.locator(`[data-told="${at}"]`)
    const button = part.getByRole('button', { name: /^Show as table/ })
    const of = ((await button.getAttribute('aria-label')) ?? '').replace(/^Show as table: /, '')
    const sentence = (await part.locator(':scope > p').last().textContent()) ?? ''
    await button.click()
    await part.getByRole('table').waitFor()
    told.push({ of, sentence: sentence.trim(), rows: await part.getByRole('row').count() })
  }
  return told
}

/** Numbers what stands below each drawing, found by its button for the table; a drawing without one is an error. */
const markWords = `(() => {
  const toggles = [...document.querySelectorAll('main button')].filter(({ textContent }) => textContent === 'Show as table')
  const drawings = document.querySelectorAll('main canvas, main svg[role=img], main [role=application]')
  const parts = new Set()
  for (const drawing of drawings) {
    let card = drawing.parentElement
    const follows = (toggle) => card.contains(toggle) && drawing.compareDocumentPosition(toggle) & Node.DOCUMENT_POSITION_FOLLOWING
    while (card.id !== 'main' && !toggles.some(follows)) card = card.parentElement
    if (card.id === 'main') throw new Error('nothing tells what is drawn in ' + drawing.outerHTML.slice(0, 200))
    parts.add(toggles.find(follows).parentElement.parentElement)
  }
  if (parts.size < toggles.length) throw new Error('a table stands beside no drawing')
  let at = 0
  for (const part of parts) part.dataset.told = String(at++)
  return at
})()`
