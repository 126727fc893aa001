import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Every relative link and picture of every page leads to something that is there. */
export function checkLinks(root) {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' })
  const pages = [...new Set(listed.split('\n'))].filter((path) => path && existsSync(join(root, path)))
  return pages.flatMap((page) =>
    linksOf(readFileSync(join(root, page), 'utf8'))
      .filter((link) => !existsSync(join(root, dirname(page), link)))
      .map((link) => `${page}: there is no ${link}`),
  )
}

/** Not code, which may look like a link; not other sites, not places within the page. */
function linksOf(text) {
  const prose = text.replace(/```.*?```/gs, '').replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link.replace(/#.*$/, ''))
    .filter((link) => link && !/^[a-z]+:/.test(link))
}
