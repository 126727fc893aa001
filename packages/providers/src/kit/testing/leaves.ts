/**
 * Proves that nothing of a fixture is passed over by accident: each leaf, changed, changes what is read (so it is mapped, and the
 * fixture's expected readings assert it), or it is listed in the feed's `unused` with a reason, and then changes nothing.
 */
import type { Feed, ReadContext } from '../feed.ts'
import { isUnread, readRecord } from '../read-records.ts'

export type Path = readonly (string | number)[]

/** Leaves of a fixture that neither change what is read nor are listed; and listed ones that do change it. Both must be empty. */
export function judgeLeaves(
  feed: Feed,
  records: readonly unknown[],
  context: ReadContext,
): { unmapped: string[]; listedButMapped: string[] } {
  const mapped = new Set<string>()
  const seen = new Set<string>()
  for (const record of records) {
    const before = tellOf(feed, record, context)
    for (const path of leavesOf(record)) {
      const name = nameOf(path)
      seen.add(name)
      if (variantsOf(at(record, path)).some((value) => tellOf(feed, changed(record, path, value), context) !== before))
        mapped.add(name)
    }
  }
  const listed = (name: string) =>
    Object.keys(feed.unused).some((entry) => name === entry || name.startsWith(`${entry}.`))
  return {
    unmapped: [...seen].filter((name) => !mapped.has(name) && !listed(name)),
    listedButMapped: [...mapped].filter(listed),
  }
}

/** `samples.*.heartRate`: places in arrays are all the same; so are keys that are numbers. */
const nameOf = (path: Path): string =>
  path.map((part) => (typeof part === 'number' || /^\d+$/.test(part) ? '*' : part)).join('.')

function* leavesOf(value: unknown, path: Path = []): Generator<Path> {
  if (value !== null && typeof value === 'object')
    for (const [key, child] of Object.entries(value))
      yield* leavesOf(child, [...path, Array.isArray(value) ? Number(key) : key])
  else yield path
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, part) => (inner as Record<string | number, unknown>)[part], value)

function changed(record: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone(record)
  const inner = at(copy, path.slice(0, -1)) as Record<string | number, unknown>
  inner[path.at(-1) as string | number] = value
  return copy
}

/** Near and far from what stood there: a rounding, a threshold or a table must not hide that the leaf is read. */
function variantsOf(value: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1, value * 2 + 60, -value - 1, null]
  if (typeof value === 'boolean') return [!value, null]
  if (typeof value !== 'string') return ['x', 1, true]
  const moved = Number.isNaN(Date.parse(value)) ? [] : [new Date(Date.parse(value) + 60_000).toISOString()]
  return [...moved, value.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)), `${value}x`, '', null]
}

function tellOf(feed: Feed, record: unknown, context: ReadContext): string {
  const result = readRecord(feed, record, context)
  if (isUnread(result)) return `unread ${result.code}`
  return JSON.stringify(result, (_key, value: unknown) =>
    ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value,
  )
}
