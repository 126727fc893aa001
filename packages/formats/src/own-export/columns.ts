/**
 * Columns of numbers as JSON. Whatever repeats is written once with how often: so a year of one value a second stays small before it is
 * packed, and no archive of ours shrinks so much that it looks like a bomb.
 */

/** Plain numbers, or runs: value, count, value, count … A gap (NaN) is null. */
export type TextColumn = (number | null)[] | { runs: (number | null)[] }

export function writeColumn(column: ArrayLike<number>): TextColumn {
  const runs: (number | null)[] = []
  const n = column.length
  for (let i = 0; i < n; ) {
    const value = column[i] as number
    let end = i + 1
    while (end < n && Object.is(column[end], value)) end++
    runs.push(Number.isNaN(value) ? null : value, end - i)
    i = end
  }
  return runs.length < n
    ? { runs }
    : Array.from({ length: n }, (_, i) => (Number.isNaN(column[i]) ? null : (column[i] as number)))
}

/** As `writeColumn`, of each number's distance from the one before. Exact for whole numbers. */
export function writeSteps(column: ArrayLike<number>): TextColumn {
  const steps = new Float64Array(column.length)
  for (let i = 0; i < column.length; i++) steps[i] = (column[i] as number) - (i ? (column[i - 1] as number) : 0)
  return writeColumn(steps)
}

/** Throws a RangeError with its reason when it is not `n` numbers. */
export function readColumn(given: unknown, n: number): Float64Array {
  const runs = (given as { runs?: unknown } | null)?.runs
  if (Array.isArray(runs)) return readRuns(runs, n)
  if (!Array.isArray(given) || given.length !== n) throw new RangeError(`a column is not ${n} numbers`)
  return Float64Array.from(given, numberOf)
}

export function readSteps(given: unknown, n: number): Float64Array {
  const column = readColumn(given, n)
  for (let i = 1; i < n; i++) column[i] = (column[i] as number) + (column[i - 1] as number)
  return column
}

function readRuns(runs: readonly unknown[], n: number): Float64Array {
  const column = new Float64Array(n)
  let at = 0
  for (let i = 0; i < runs.length; i += 2) {
    const count = runs[i + 1]
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || at + count > n)
      throw new RangeError(`the runs of a column are not ${n} numbers`)
    column.fill(numberOf(runs[i]), at, at + count)
    at += count
  }
  if (at !== n) throw new RangeError(`the runs of a column are not ${n} numbers`)
  return column
}

function numberOf(value: unknown): number {
  if (value === null) return Number.NaN
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new RangeError('a column holds something that is no number')
  return value
}
