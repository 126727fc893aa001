import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { root, SetUpError } from './root.mjs'

const beatMs = 1_000
/** An owner touches its lock every second; one this long untouched is dead, even when its number now is another process's. */
const deadAfterMs = 30_000

/** Two starts at the same time: one does the work, the other waits and finds it done. The lock is not in node_modules, which `npm ci` empties. */
export async function oneAtATime(name, work, folder = join(root, '.cache')) {
  const path = await acquire(name, folder)
  const beat = setInterval(() => touch(path), beatMs)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    rmSync(path, { force: true })
  }
}

async function acquire(name, folder) {
  const path = join(folder, `${name}.lock`)
  let tookOver = false
  for (;;) {
    if (tryToMake(folder, path)) {
      if (!tookOver) return path
      // Two may have found the same dead owner, and the slower one removed the lock of the faster.
      await pause(100)
      if (ownerOf(path) === process.pid) return path
    } else if (isDead(path)) {
      rmSync(path, { force: true })
      tookOver = true
    } else await pause(200)
  }
}

function tryToMake(folder, path) {
  try {
    mkdirSync(folder, { recursive: true })
    const file = openSync(path, 'wx')
    writeSync(file, String(process.pid))
    closeSync(file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    if (['EACCES', 'EPERM', 'EROFS'].includes(error.code))
      throw new SetUpError(`cannot write ${path} (${error.code}): start as the user this folder belongs to`)
    throw error
  }
}

function isDead(path) {
  try {
    if (Date.now() - statSync(path).mtimeMs > deadAfterMs) return true
    const owner = ownerOf(path)
    if (!owner) return false // being written at this moment
    process.kill(owner, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH' || error.code === 'ENOENT'
  }
}

const ownerOf = (path) => Number(readFileSync(path, 'utf8'))
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

function touch(path) {
  try {
    utimesSync(path, new Date(), new Date())
  } catch (error) {
    if (error.code !== 'ENOENT') throw error // somebody took it from us: the work is still worth finishing
  }
}
