import type { Read } from './read.ts'

/** The same bytes must always give the same pieces. */
export function fingerprint({ pieces, ending }: Read): string {
  return JSON.stringify([pieces, ending], plainArrays)
}

/**
 * Leaves of a record that the reader neither used nor named: each is changed in turn, and what was read must differ (in its pieces)
 * or its path must stand in `unused`.
 */
export async function silentLeaves(record: unknown, read: (record: unknown) => Promise<Read>): Promise<string[]> {
  const base = await read(record)
  const before = JSON.stringify(base.pieces, plainArrays)
  const named = base.ending.unused.map(({ name }) => name)
  const silent: string[] = []
  for (const path of leafPaths(record)) {
    const name = inRecord(path)
    if (named.some((one) => one.endsWith(` ${name}`))) continue
    const others = [await read(changedAt(record, path, false)), await read(changedAt(record, path, true))]
    if (others.every(({ pieces }) => JSON.stringify(pieces, plainArrays) === before)) silent.push(name)
  }
  return [...new Set(silent)]
}

export type Path = (string | number)[]

/** As readers name it: within its record, lists collapsed. */
function inRecord(path: Path): string {
  const first = path.findIndex((step) => typeof step === 'string' && step !== 'Data Points')
  return path
    .slice(first)
    .map((step) => (typeof step === 'number' ? '*' : step))
    .join('.')
}

export function* leafPaths(value: unknown, path: Path = []): Generator<Path> {
  if (Array.isArray(value)) for (const [i, inner] of value.entries()) yield* leafPaths(inner, [...path, i])
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) yield* leafPaths(inner, [...path, key])
  else if (path.length) yield path
}

export function changedAt(record: unknown, path: Path, isMore: boolean): unknown {
  const copy = structuredClone(record)
  let parent = copy as Record<string | number, unknown>
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>
  const last = path.at(-1) as string | number
  const value = parent[last]
  if (typeof value === 'number') parent[last] = isMore || value <= 0 ? value * 2 + 1 : value - 1
  else if (typeof value === 'boolean') parent[last] = !value
  else if (typeof value === 'string') parent[last] = otherText(value)
  else parent[last] = 'x'
  return copy
}

/** A text of the same kind: the last digit goes up or down by one, else a letter is added. */
export function otherText(text: string): string {
  const at = /^\d{16,}$/.test(text) ? 10 : text.search(/\d\D*$/) // nanoseconds: what they are rounded to must change
  if (at < 0) return `${text}x`
  const digit = Number(text[at])
  return text.slice(0, at) + (digit === 0 ? 1 : digit - 1) + text.slice(at + 1)
}

export function plainArrays(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as never) : value
}
