/** From points of a source to columns a chart can draw. Times are milliseconds since 1970. */

export interface Column {
  x: number[]
  /** Null breaks the line: a gap is shown as a gap. */
  y: (number | null)[]
  /** Where one point stands for many values: the lowest and the highest of them. */
  low?: (number | null)[]
  high?: (number | null)[]
}

interface Point {
  timestamp: string
  value?: number | string | null | undefined
  sum?: number | undefined
  end?: string | undefined
  n?: number | undefined
  min?: number | undefined
  max?: number | undefined
}

/** Points without a number (words, positions) have no place on a value axis. */
export function columnOf(points: readonly Point[], convert: (value: number) => number): Column {
  const summed = points.some(({ min, sum }) => min !== undefined && sum === undefined)
  const [low, high]: [number[], number[]] = [[], []]
  const column: Column = { x: [], y: [], ...(summed && { low, high }) }
  for (const { timestamp, value, sum, end, min, max } of points) {
    const number = sum ?? value
    if (typeof number !== 'number') continue
    const start = Date.parse(timestamp)
    // The mean of a stretch of time stands in its middle, a sum is a bar from its start.
    column.x.push(summed && end ? (start + Date.parse(end)) / 2 : start)
    column.y.push(convert(number))
    low.push(convert(min ?? number))
    high.push(convert(max ?? number))
  }
  return column
}

/** Amounts end with their stretch: without this a last full hour would seem to go on through the night. */
export function withEnds({ x, y }: Column, stretchMs: number): Column {
  const ended: { x: number[]; y: (number | null)[] } = { x: [], y: [] }
  for (const [index, at] of x.entries()) {
    ended.x.push(at)
    ended.y.push(y[index] ?? null)
    // A day of 23 or 25 hours is followed by the next one all the same.
    if ((x[index + 1] ?? Number.POSITIVE_INFINITY) > at + 1.5 * stretchMs) {
      ended.x.push(at + stretchMs)
      ended.y.push(null)
    }
  }
  return ended
}

/** How much longer than usual a silence must be before it reads as one. */
const unusual = 4

/** Breaks the line wherever a source was silent for much longer than it usually is. */
export function withGaps({ x, y, low, high }: Column, resolutionMs: number): Column {
  const longest = Math.max(unusual * usualStep(x), 3 * resolutionMs)
  const gapped = {
    x: [] as number[],
    y: [] as (number | null)[],
    low: [] as (number | null)[],
    high: [] as (number | null)[],
  }
  const push = (at: number, ...values: (number | null | undefined)[]) => {
    gapped.x.push(at)
    for (const [i, part] of [gapped.y, gapped.low, gapped.high].entries()) part.push(values[i] ?? null)
  }
  for (const [index, at] of x.entries()) {
    const before = x[index - 1]
    if (before !== undefined && at - before > longest) {
      push((before + at) / 2, null, null, null)
    }
    push(at, y[index], low?.[index], high?.[index])
  }
  return low ? gapped : { x: gapped.x, y: gapped.y }
}

function usualStep(x: readonly number[]): number {
  const steps = x
    .slice(1)
    .map((at, index) => at - (x[index] ?? at))
    .sort((a, b) => a - b)
  return steps[steps.length >> 1] ?? 0
}

/** The mean of each stretch of time that has anything, by the number of the stretch. */
export function meansOf({ x, y }: Column, stretchMs: number): Map<number, number> {
  const groups = Map.groupBy(x.keys(), (index) => Math.floor((x[index] ?? 0) / stretchMs))
  const means = [...groups].flatMap(([stretch, indices]): [number, number][] => {
    const values = indices.map((index) => y[index]).filter((value) => typeof value === 'number')
    return values.length === 0 ? [] : [[stretch, values.reduce((sum, value) => sum + value, 0) / values.length]]
  })
  return new Map(means)
}

/** Values that stand alone between two gaps: no line reaches them, so they need a dot. */
export function lonelyIndices(y: readonly (number | null | undefined)[]): number[] {
  const known = [...y.entries()].filter(([, value]) => value !== undefined)
  return known
    .filter(
      ([, value], i) => value !== null && (known[i - 1]?.[1] ?? null) === null && (known[i + 1]?.[1] ?? null) === null,
    )
    .map(([index]) => index)
}

/** The nearest index with a value, no farther away than `within`. */
export function nearestValue(
  x: ArrayLike<number>,
  y: ArrayLike<number | null | undefined>,
  index: number,
  within: number,
): number | undefined {
  const here = x[index] ?? Number.NaN
  const near = (i: number) => Math.abs((x[i] ?? Number.NaN) - here) <= within
  for (let step = 0; near(index - step) || near(index + step); step++) {
    for (const candidate of [index - step, index + step]) {
      if (near(candidate) && typeof y[candidate] === 'number') return candidate
    }
  }
  return undefined
}

/** By halving: times are in order. */
export function nearestIndex(x: ArrayLike<number>, at: number): number {
  let [low, high] = [0, x.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((x[middle] ?? 0) < at) low = middle + 1
    else high = middle
  }
  const [before, after] = [x[low - 1], x[low]]
  return before !== undefined && after !== undefined && at - before < after - at ? low - 1 : low
}
