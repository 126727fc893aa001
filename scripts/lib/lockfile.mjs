import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies']
const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/

/** The lockfile says what the package.json files say, names no host, and holds an integrity for every package; ours are pinned to one version. */
export function checkLockfile(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const entries = Object.entries(packages)
  const fetched = entries.filter(([path]) => path.includes('node_modules/'))
  const own = entries.filter(([path]) => !path.includes('node_modules/'))
  return [
    ...fetched.flatMap(([path, entry]) => faultsOfFetched(path, entry)),
    ...own.flatMap(([path, entry]) => faultsOfOwn(root, path, entry)),
    ...hostsIn(root, '.npmrc'),
  ]
}

function faultsOfFetched(path, entry) {
  const faults = []
  if (entry.resolved?.startsWith('http')) faults.push(`${path}: the lockfile names a host`)
  // Binaries of platforms that a mirror does not serve are pinned without integrity (scripts/lock.mjs).
  const isForeign = entry.optional && (entry.os || entry.cpu)
  if (!entry.integrity && !entry.link && !entry.inBundle && !isForeign) faults.push(`${path}: no integrity`)
  return faults
}

function faultsOfOwn(root, path, entry) {
  const file = join(path, 'package.json')
  const written = JSON.parse(readFileSync(join(root, file), 'utf8'))
  return kinds.flatMap((kind) => {
    const wanted = written[kind] ?? {}
    const locked = entry[kind] ?? {}
    const loose = Object.entries(wanted).filter(([, range]) => !exact.test(range))
    const names = new Set([...Object.keys(wanted), ...Object.keys(locked)])
    const differing = [...names].filter((name) => wanted[name] !== locked[name])
    return [
      ...loose.map(([name, range]) => `${file}: ${name} is not pinned to one version (${range})`),
      ...differing.map((name) => `${file}: the lockfile says something else about ${name}; run npm run lock`),
    ]
  })
}

function hostsIn(root, file) {
  const path = join(root, file)
  if (!existsSync(path) || !/^\s*[^#;\s].*https?:/m.test(readFileSync(path, 'utf8'))) return []
  return [`${file}: names a host`]
}
