import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { problems } from './problems.ts'

const folder = new URL('../../../docs/problems/', import.meta.url)
const pages = readdirSync(folder).filter((name) => name !== 'README.md')

test('every problem has a page and every page a problem', () => {
  expect(pages.sort()).toEqual(
    Object.keys(problems)
      .map((code) => `${code}.md`)
      .sort(),
  )
})

test.each(Object.entries(problems))(
  'the page of %s says what it means, why it happens and what to do',
  (code, { status, title }) => {
    const page = readFileSync(new URL(`${code}.md`, folder), 'utf8')
    expect(page.startsWith(`# ${title}\n\n\`${code}\` · ${status}\n`)).toBe(true)
    for (const heading of ['What it means', 'Why it happens', 'What to do'])
      expect(page).toMatch(new RegExp(`\\*\\*${heading}\\.\\*\\* \\S`))
    expect(readFileSync(new URL('README.md', folder), 'utf8')).toContain(
      `| [${code}](${code}.md) | ${status} | ${title} |`,
    )
  },
)
