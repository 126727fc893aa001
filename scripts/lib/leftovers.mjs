import { execFileSync } from 'node:child_process'
import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ownPath = 'scripts/lib/leftovers.mjs'

/** What is left over from working and means nothing to the next reader. */
const leftovers = [
  ['a note to oneself: do it or drop it', /\b(?:TODO|FIXME|XXX|HACK)\b/],
  ['the compiler is told to look away', /@ts-(?:ignore|nocheck)|biome-ignore-all/],
  ['the other tests of the file do not run', /\b(?:test|it|describe)\.only\(/],
  ['a path of one machine', /(?<![\w.])\/(?:home|Users|work)\/[\w-]+\/|(?<![\w.])\/root\/[\w.]/],
  [
    'a word that promises something else later',
    /\b(?:for now|placeholder (?:implementation|value)|temporary (?:hack|workaround))\b/i,
  ],
]

const isText =
  /\.(?:[cm]?[jt]sx?|md|sql|json|ya?ml|html|css|sh|cmd)$|(?:^|\/)(?:run|\.npmrc|\.gitignore|\.env\.example)$/
const isMade = /(?:^|\/)fixtures\/|\.generated\.ts$|^package-lock\.json$/

export function checkLeftovers(root) {
  return filesOf(root).flatMap((path) => {
    const lines = readFileSync(join(root, path), 'utf8').split('\n')
    return leftovers.flatMap(([why, pattern]) =>
      lines.flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${index + 1}  ${why}: ${line.trim().slice(0, 120)}`] : [],
      ),
    )
  })
}

function filesOf(root) {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  return [...new Set(listed.split('\n'))].filter(
    (path) => isText.test(path) && !isMade.test(path) && path !== ownPath && isFile(join(root, path)),
  )
}

/** A file that was removed and not yet committed is listed all the same. */
const isFile = (path) => lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false
