import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The lockfile names no host and holds an integrity for every package; every dependency of ours is pinned to one version. */
export function checkLockfile(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const faults = []
  for (const [path, entry] of Object.entries(packages)) {
    if (entry.resolved?.startsWith('http')) faults.push(`${path}: the lockfile names a host`)
    const fetched = path.includes('node_modules/') && !entry.link && !entry.inBundle
    // Binaries of platforms that a mirror does not serve are pinned without integrity (scripts/lock.mjs).
    if (fetched && !entry.integrity && !(entry.optional && (entry.os || entry.cpu)))
      faults.push(`${path}: no integrity`)
    if (path.includes('node_modules/')) continue
    for (const [name, range] of Object.entries({
      ...entry.dependencies,
      ...entry.devDependencies,
      ...entry.optionalDependencies,
    }))
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))
        faults.push(`${path || 'package.json'}: ${name} is not pinned (${range})`)
  }
  return faults
}
