import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { runToEnd } from './child.mjs'
import { oneAtATime } from './one-at-a-time.mjs'
import { root, SetUpError, say } from './root.mjs'

/** Installs what the lockfile says when `node_modules` is missing or was made from another lockfile. */
export async function ensureInstalled() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = join(root, 'node_modules/.tributary-lock')
  const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === wanted
  if (isInstalled()) return
  await oneAtATime('install', async () => {
    if (isInstalled()) return
    say('installing what package-lock.json names; the first time takes a minute')
    const [command, ...args] = npmCommand()
    // NODE_ENV=production and a user's own npm settings must not leave out what building and testing need.
    const asked = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
    const code = await runToEnd(command, [...args, ...asked], {
      cwd: root,
      stdio: ['ignore', 2, 2], // standard output belongs to what was asked for
      env: { ...process.env, ...cacheOfOwner() },
    })
    if (code !== 0) throw new SetUpError(`npm ci ended with ${code}: its reason is above`, code > 128 ? code : 1)
    writeFileSync(stamp, wanted)
  })
}

/** npm tells the scripts it runs where it is; started by hand, the one that came with this Node serves. */
function npmCommand() {
  const beside = dirname(process.execPath)
  const found = [
    process.env.npm_execpath,
    join(beside, 'node_modules/npm/bin/npm-cli.js'),
    join(beside, '../lib/node_modules/npm/bin/npm-cli.js'),
  ].find((path) => path && /npm-cli\.js$/.test(path) && existsSync(path))
  if (found) return [process.execPath, found]
  if (process.platform === 'win32') throw new SetUpError('npm was not found beside node.exe: run `npm start`')
  return ['npm']
}

/** Under sudo with the caller's HOME, npm would fill that person's cache with files of root, and fail for them ever after. */
function cacheOfOwner() {
  if (process.platform === 'win32' || process.getuid() !== 0) return {}
  try {
    return statSync(homedir()).uid === 0 ? {} : { npm_config_cache: join(root, '.cache/npm') }
  } catch (error) {
    if (error.code === 'ENOENT') return {} // npm makes the missing home itself
    throw error
  }
}
