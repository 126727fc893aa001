import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from './exit.ts'

const activityFile = /\.(fit|tcx|gpx)(\.gz)?$/i

/** A file that is named is taken whatever it is called; of a folder, all activity files at any depth. */
export async function findActivityFiles(given: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const path of given) {
    const kind = await kindOf(path)
    if (kind === 'file') found.push(path)
    else found.push(...(await filesBelow(path)))
  }
  if (!found.length) throw new CommandError(`no .fit, .tcx or .gpx file in ${given.join(', ')}`)
  return found
}

async function kindOf(path: string): Promise<'file' | 'folder'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new CommandError(`there is no ${path}`)
    throw error
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && activityFile.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
