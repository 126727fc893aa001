import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkLeftovers } from './leftovers.mjs'
import { checkLinks } from './links.mjs'
import { checkLockfile } from './lockfile.mjs'
import { functionsOf } from './sizes.mjs'

let project
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'trb-check-'))
  execFileSync('git', ['init', '-q', project])
})
afterEach(() => rmSync(project, { recursive: true, force: true }))

function write(path, content) {
  mkdirSync(dirname(join(project, path)), { recursive: true })
  writeFileSync(join(project, path), typeof content === 'string' ? content : JSON.stringify(content))
}

test('a note to oneself and a path of one machine are found, with file and line', () => {
  write('src/a.ts', `const fine = 'a list to do'\n// TO${'DO'}: the rest\n`)
  write('docs/a.md', `see ${'/ho'}me/ada/tributary\n`)
  expect(checkLeftovers(project).map((fault) => fault.split('  ')[0])).toEqual(['docs/a.md:1', 'src/a.ts:2'])
})

test('a link that leads nowhere is found; other sites, places in the page and code are left alone', () => {
  write('docs/a.md', '[b](b.md#part) [c](c.md) [d](https://d.example) [e](#e) `[f](f.md)`\n```\n[g](g.md)\n```\n')
  write('docs/b.md', 'here')
  expect(checkLinks(project)).toEqual(['docs/a.md: there is no c.md'])
})

test('a lockfile with a host, without integrity, or at odds with package.json is refused', () => {
  const dependencies = { a: '1.0.0', b: '^2.0.0', c: '3.0.0' }
  write('package.json', { dependencies })
  write('package-lock.json', {
    packages: {
      '': { dependencies: { ...dependencies, c: '3.0.1' } },
      'node_modules/a': { integrity: 'sha512-x', resolved: 'https://registry.example/a.tgz' },
      'node_modules/b': {},
      'node_modules/c': { integrity: 'sha512-x' },
    },
  })
  write('.npmrc', '# a host in a comment: https://fine.example\nregistry=https://registry.example\n')
  expect(checkLockfile(project)).toEqual([
    'node_modules/a: the lockfile names a host',
    'node_modules/b: no integrity',
    'package.json: b is not pinned to one version (^2.0.0)',
    'package.json: the lockfile says something else about c; run npm run lock',
    '.npmrc: names a host',
  ])
})

test('functions are measured where they stand, with umlauts before them', () => {
  const source = Buffer.from(
    '// Zähler für Läufe\n\nexport function first() {\n  return 1\n}\n\nclass A {\n  second() {}\n}\n',
  )
  expect(functionsOf(source, 'a.ts')).toEqual([
    { name: 'first', lines: 3, line: 3 },
    { name: 'second', lines: 1, line: 8 },
  ])
})
