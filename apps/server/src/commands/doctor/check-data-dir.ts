import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Finding, fail, ok, warn } from './finding.ts'

const megabyte = 2 ** 20
/** Room for a year of one person's watch and the journal of the database, above the reserve. */
const comfortableMb = 2_048

export async function checkDataDir(dataDir: string, reserveMb: number): Promise<Finding[]> {
  return [checkRights(dataDir), await checkRoom(dataDir, reserveMb), ...checkSecrets(dataDir)]
}

function checkRights(dataDir: string): Finding {
  const there = existsSync(dataDir)
  const asked = there ? dataDir : nearestFolder(dataDir)
  try {
    accessSync(asked, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return fail('data', `this user may not write ${asked}`, 'start as the user it belongs to, or set DATA_DIR')
  }
  return ok('data', there ? dataDir : `${dataDir}, which the first start makes`)
}

async function checkRoom(dataDir: string, reserveMb: number): Promise<Finding> {
  const { bavail, bsize } = await statfs(nearestFolder(dataDir))
  const freeMb = Math.floor((bavail * bsize) / megabyte)
  const says = `${freeMb} MB free`
  if (freeMb < reserveMb)
    return fail('disk', `${says}: below DISK_RESERVE_MB (${reserveMb}) new data is refused`, 'make room')
  if (freeMb < reserveMb + comfortableMb) return warn('disk', says, 'make room before long')
  return ok('disk', says)
}

/** A secret that others can read is no secret. Windows has no such modes: there the folder's owner is the guard. */
function checkSecrets(dataDir: string): Finding[] {
  const folder = join(dataDir, 'secrets')
  if (process.platform === 'win32' || !existsSync(folder)) return []
  let paths: string[]
  try {
    paths = [folder, ...readdirSync(folder).map((name) => join(folder, name))]
  } catch {
    return [fail('secrets', `this user may not read ${folder}`, 'run this as the user that starts the server')]
  }
  const open = paths.filter((path) => statSync(path).mode & 0o077)
  if (!open.length) return [ok('secrets', `${paths.length - 1} files that only their owner can read`)]
  return [fail('secrets', `others can read ${open.join(', ')}`, `chmod -R go= ${folder}`)]
}

function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path))
}
