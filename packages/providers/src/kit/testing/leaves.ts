/**
 * Proves that nothing of a fixture is passed over by accident: each leaf, changed, changes what is read of the record it stands in (so it
 * is mapped, and the fixture's expected readings assert it), or it is listed in the feed's `unused` with a reason, and then changes nothing.
 */
import type { Feed, ReadContext } from '../feed.ts'
import { isUnread, readRecord } from '../read-records.ts'

export type Path = readonly (string | number)[]

/**
 * Leaves of a fixture that neither change what is read nor are listed; and listed ones that do change it. Both must be empty. Each place
 * of each record that tells something is judged by itself: a leaf that counts in one and is dropped in another is named with the records
 * that drop it, `vo2Max (record 2)`, unless it is listed in `sometimes`; which must be so in some places, and not in all.
 */
export function judgeLeaves(
  feed: Feed,
  records: readonly unknown[],
  context: ReadContext,
): { unmapped: string[]; listedButMapped: string[] } {
  const { unused, sometimes = {} } = feed
  const variants = variantsIn(records)
  const isPart = partsIn(records)
  const mapped = new Set<string>()
  const never = new Set<string>()
  const dropped = new Map<string, number[]>()
  for (const [i, record] of records.entries()) {
    const { read, left, tells } = leavesRead(feed, record, context, { variants, isPart })
    for (const name of read) mapped.add(name)
    for (const name of left) never.add(name)
    if (tells) for (const name of left) dropped.set(name, [...(dropped.get(name) ?? []), i + 1])
  }
  const unread = [...never].filter((name) => !mapped.has(name) && !isListed(unused, name))
  const half = [...dropped].filter(
    ([name]) => mapped.has(name) && !isListed(unused, name) && !isListed(sometimes, name),
  )
  return {
    unmapped: [...unread, ...half.map(([name, places]) => `${name} (record ${places.join(', ')})`)],
    listedButMapped: [...mapped].filter(
      (name) => isListed(unused, name) || (isListed(sometimes, name) && !dropped.has(name)),
    ),
  }
}

interface LeavesRead {
  /** Names of leaves that change what is read, and of those that do not; a name may be in both, as it stands in several places. */
  read: Set<string>
  left: Set<string>
  /** Of a record that tells nothing no leaf can be missing. */
  tells: boolean
}

interface Known {
  variants: Variants
  isPart(name: string, value: unknown): boolean
}

function leavesRead(feed: Feed, record: unknown, context: ReadContext, { variants, isPart }: Known): LeavesRead {
  const [read, left] = [new Set<string>(), new Set<string>()]
  const before = tellOf(feed, record, context)
  for (const path of leavesOf(record)) {
    const name = nameOf(path)
    if (isPart(name, at(record, path))) continue
    const isRead = variants(name, at(record, path)).some((value) => {
      const after = tellOf(feed, changed(record, path, value), context)
      return after !== before && after !== malformed
    })
    ;(isRead ? read : left).add(name)
  }
  const result = readRecord(feed, record, context)
  return { read, left, tells: !isUnread(result) && result.told.length > 0 }
}

const isListed = (list: Readonly<Record<string, string>>, name: string): boolean =>
  Object.keys(list).some((entry) => name === entry || name.startsWith(`${entry}.`))

/** Null where other records have an object or a list is no leaf: what is in those is judged there. */
function partsIn(records: readonly unknown[]): Known['isPart'] {
  const names = new Set(records.flatMap((record) => [...leavesOf(record)].map(nameOf)))
  return (name, value) => value === null && [...names].some((other) => other.startsWith(`${name}.`))
}

type Variants = (name: string, value: unknown) => unknown[]

/** Also what stands there in other records: of a word only another word of its kind makes a difference. */
function variantsIn(records: readonly unknown[]): Variants {
  const known = new Map<string, Set<unknown>>()
  for (const record of records)
    for (const path of leavesOf(record)) {
      const name = nameOf(path)
      known.set(name, (known.get(name) ?? new Set()).add(at(record, path)))
    }
  return (name, value) => [...variantsOf(value), ...[...(known.get(name) ?? [])].filter((other) => other !== value)]
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
  if (/^(Z|[+-]\d\d:?\d\d)$/.test(value)) return ['-12:00', '+14:00'] // far enough to be another day
  const moved = Number.isNaN(Date.parse(value)) ? [] : [new Date(Date.parse(value) + 60_000).toISOString()]
  return [...moved, value.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)), `${value}x`, '', null]
}

/** That a field must be there, or of its kind, does not mean that anybody reads it. */
const malformed = 'unread record_malformed'

function tellOf(feed: Feed, record: unknown, context: ReadContext): string {
  const result = readRecord(feed, record, context)
  if (isUnread(result)) return `unread ${result.code}`
  return JSON.stringify(result, (_key, value: unknown) =>
    ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value,
  )
}
