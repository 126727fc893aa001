import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from './exit.ts'

/** Of files that the server reads: activities, archives, tables, databases. What they are it says by their content. */
const importable = /\.(fit|tcx|gpx|xml|zip|csv|json|db|sqlite)(\.gz)?$/i

/** A file that is named is taken whatever it is called; of a folder, all files that may be meant, at any depth. */
export async function findFiles(given: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const path of given) {
    const kind = await kindOf(path)
    if (kind === 'file') found.push(path)
    else found.push(...(await filesBelow(path)))
  }
  if (!found.length)
    throw new CommandError(`no .fit, .tcx, .gpx, .xml, .zip, .csv, .json or .db file in ${given.join(', ')}`)
  return found
}

export async function kindOf(path: string): Promise<'file' | 'folder'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new CommandError(`there is no ${path}`)
    throw error
  }
}

export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && importable.test(entry.name) && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
