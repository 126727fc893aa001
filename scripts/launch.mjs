/**
 * `npm start`, `npm test`, `npm run check|prove|bench`: does all set-up, then runs the task under the pinned Node.
 * Plain JavaScript, so that any Node from 18 on can begin. Nothing global is touched.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const [task, ...args] = process.argv.slice(2)

const tasks = {
  start: { web: true, run: ['apps/server/src/main.ts'] },
  test: { web: true, run: ['scripts/test.mjs'] },
  check: { web: true, run: ['scripts/check.mjs'] },
  prove: { web: false, run: ['apps/server/prove/main.ts'] },
  bench: { web: true, run: ['apps/server/bench/main.ts'] },
  generate: { web: false, run: ['scripts/generate.mjs'] },
  cli: { web: false, run: ['apps/cli/src/main.ts'] },
}

const chosen = tasks[task]
if (!chosen) fail(`unknown task ${task}; one of ${Object.keys(tasks).join(', ')}`)

ensureInstalled()
const node = findNode()
if (chosen.web) ensureWebBuilt(node)
runTask(node, chosen.run)

/** Installs what the lockfile says when `node_modules` is missing or was made from another one. Two starts at once: the second waits. */
function ensureInstalled() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const stamp = join(modules, '.tributary-lock')
  const fresh = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  if (fresh()) return
  withLock('installing', () => {
    if (fresh()) return
    say('installing (the first time takes about a minute)')
    const npm = npmCommand()
    const done = spawnSync(npm[0], [...npm.slice(1), 'ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    if (done.status !== 0) fail('npm ci failed: see above')
    writeFileSync(stamp, wanted)
  })
}

/** npm tells its own path to the scripts it runs; started by hand, the one on the PATH serves. */
function npmCommand() {
  const own = process.env.npm_execpath
  return own && /npm-cli\.js$/.test(own) ? [process.execPath, own] : [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

/** The Node this project is pinned to, from its package for this platform; else the running one when it is new enough. */
function findNode() {
  const require = createRequire(join(root, 'package.json'))
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).optionalDependencies
  for (const name of Object.keys(wanted)) {
    try {
      const folder = dirname(require.resolve(`${name}/package.json`))
      const binary = [join(folder, 'bin', 'node'), join(folder, 'bin', 'node.exe')].find((path) => existsSync(path))
      if (binary && spawnSync(binary, ['--version']).status === 0) return binary
    } catch {
      // the package of another platform is not installed
    }
  }
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  return fail(`there is no pinned Node for ${process.platform}-${process.arch}: install Node 24 or newer and start again`)
}

/** Builds the web app when a source is newer than the build. */
function ensureWebBuilt(node) {
  const web = join(root, 'apps/web')
  if (!existsSync(join(web, 'index.html'))) return
  const built = join(web, 'dist/.built')
  const sources = [web, join(root, 'packages/protocol/src'), join(root, 'packages/sdk/src'), join(root, 'package-lock.json')]
  const digest = () => {
    const hash = createHash('sha256')
    for (const source of sources) for (const path of filesBelow(source)) hash.update(path).update(readFileSync(path))
    return hash.digest('hex')
  }
  const wanted = digest()
  const fresh = () => existsSync(built) && readFileSync(built, 'utf8') === wanted
  if (fresh()) return
  withLock('building', () => {
    if (fresh()) return
    say('building the web app')
    const vite = join(modules, 'vite/bin/vite.js')
    const done = spawnSync(node, [vite, 'build', '--logLevel', 'warn'], { cwd: web, stdio: ['ignore', 'inherit', 'inherit'] })
    if (done.status !== 0) fail('the web app did not build: see above')
    writeFileSync(built, wanted)
  })
}

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !['node_modules', 'dist', 'test'].includes(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name }) => filesBelow(join(path, name)))
}

/** A lock file holds the pid of its owner; one whose owner is gone is stale. */
function withLock(name, work) {
  // Not in node_modules: `npm ci` empties that.
  mkdirSync(join(root, '.cache'), { recursive: true })
  const path = join(root, '.cache', name)
  for (;;) {
    try {
      const file = openSync(path, 'wx')
      writeSync(file, String(process.pid))
      closeSync(file)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (isStale(path)) rmSync(path, { force: true })
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250)
    }
  }
  try {
    work()
  } finally {
    rmSync(path, { force: true })
  }
}

/** Its owner is dead. A file without a pid is being written at this moment, or was left so a minute ago. */
function isStale(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    if (!pid) return Date.now() - statSync(path).mtimeMs > 60_000
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH' || error.code === 'ENOENT'
  }
}

/** The task inherits the terminal; signals reach it once, and we end as it ends. */
function runTask(node, [file, ...more]) {
  const path = [dirname(node), join(modules, '.bin'), process.env.PATH].join(process.platform === 'win32' ? ';' : ':')
  const child = spawn(node, [join(root, file), ...more, ...args], { cwd: process.cwd(), stdio: 'inherit', env: { ...process.env, PATH: path } })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
}

function say(line) {
  console.error(`tributary: ${line}`)
}

function fail(line) {
  say(line)
  process.exit(1)
}
