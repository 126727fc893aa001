/** Draws the icons of the installed app from favicon.svg: `node_modules/.bin/node apps/web/scripts/make-icons.ts`. */
import { readFile, writeFile } from 'node:fs/promises'
import { launchBrowser } from '../test/browser.ts'

const ground = '#12708a'
const svg = await readFile(new URL('../public/favicon.svg', import.meta.url), 'utf8')
/** Systems cut a maskable icon to shapes of their own; four fifths in the middle are never cut. */
const drawings = [
  { name: 'icon-192.png', size: 192, share: 1 },
  { name: 'icon-512.png', size: 512, share: 1 },
  { name: 'icon-maskable-512.png', size: 512, share: 0.8, ground },
  { name: 'apple-touch-icon.png', size: 180, share: 0.9, ground },
]

const browser = await launchBrowser()
for (const { name, size, share, ground = 'transparent' } of drawings) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(
    `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${ground}">
     <div style="width:${size * share}px;height:${size * share}px">${svg}</div>`,
  )
  await writeFile(new URL(`../public/${name}`, import.meta.url), await page.screenshot({ omitBackground: true }))
  await page.close()
}
await browser.close()
