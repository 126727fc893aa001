import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from './child.mjs'
import { oneAtATime } from './one-at-a-time.mjs'
import { root, SetUpError, say } from './root.mjs'

const web = join(root, 'apps/web')
const stampPath = join(web, 'dist/.built')
const sources = [
  web,
  join(root, 'packages/protocol/src'),
  join(root, 'packages/sdk/src'),
  join(root, 'package-lock.json'),
]
const notSources = new Set(['node_modules', 'dist', 'test', 'README.md'])

/** Builds the web app when its sources are not those of the build. */
export async function ensureWebBuilt(node) {
  if (!existsSync(join(web, 'index.html')) || isBuilt()) return
  await oneAtATime('web-build', async () => {
    if (isBuilt()) return
    say('building the web app')
    const now = describe(sources.flatMap(filesBelow))
    const vite = join(root, 'node_modules/vite/bin/vite.js')
    const code = await runToEnd(node, [vite, 'build', '--logLevel', 'warn'], { cwd: web, stdio: ['ignore', 2, 2] })
    if (code !== 0)
      throw new SetUpError(`the web app did not build (${code}): the reason is above`, code > 128 ? code : 1)
    writeFileSync(stampPath, JSON.stringify(now))
  })
}

/**
 * Sizes and times answer at once. Where they differ, as after `git checkout`, the content decides, and the new times are noted
 * where that is allowed (a service may run as somebody who may not write here).
 */
function isBuilt() {
  const built = readStamp()
  if (!built) return false
  const paths = sources.flatMap(filesBelow)
  if (lookOf(paths) === built.look) return true
  const now = describe(paths)
  if (now.content !== built.content) return false
  try {
    writeFileSync(stampPath, JSON.stringify(now))
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error
  }
  return true
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampPath, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}

const describe = (paths) => ({ look: lookOf(paths), content: contentOf(paths) })

function lookOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths) {
    const { size, mtimeMs } = statSync(path)
    hash.update(`${path.slice(root.length)} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

function contentOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(`${path.slice(root.length)}\n`).update(readFileSync(path))
  return hash.digest('hex')
}

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return /\.test\.tsx?$/.test(path) ? [] : [path]
  return readdirSync(path)
    .filter((name) => !notSources.has(name))
    .sort()
    .flatMap((name) => filesBelow(join(path, name)))
}
