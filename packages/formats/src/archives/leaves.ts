import type { Losses } from '../losses.ts'

/** Paths that a reader uses (or keeps in `extra`), lists collapsed: `levels.data.*.level`. A branch ends with `.**`. */
export type KnownLeaves = ReadonlySet<string>

export function knownLeaves(paths: string): KnownLeaves {
  return new Set(paths.trim().split(/\s+/))
}

const deepest = 12

/** Every leaf of a record that no path names is counted as unused, so that nothing is passed over in silence. */
export function leaveRest(name: string, value: unknown, known: KnownLeaves, losses: Losses): void {
  walk(value, '', 0)

  function walk(part: unknown, path: string, depth: number): void {
    if (part === null || part === undefined) return
    if (path && known.has(path)) return
    if (typeof part === 'object' && depth < deepest) {
      if (path && known.has(`${path}.**`)) return
      for (const [key, inner] of Object.entries(part)) {
        const step = Array.isArray(part) ? '*' : key.slice(0, 60)
        walk(inner, path ? `${path}.${step}` : step, depth + 1)
      }
      return
    }
    losses.leaveUnused(`${name} ${path || 'value'}`)
  }
}
