const window = new Float64Array(5)

/** The middle one of a value and its two neighbours on either side: single outliers are gone, edges stay. */
export function medianOfFive(values: Float64Array, at: number): number {
  const from = Math.max(0, at - 2)
  const near = window.subarray(0, Math.min(values.length, at + 3) - from)
  for (let i = 0; i < near.length; i++) insert(near, i, values[from + i] as number)
  return near[near.length >> 1] as number
}

/** Into the sorted first `length` elements. */
function insert(sorted: Float64Array, length: number, value: number): void {
  let at = length
  for (; at > 0 && (sorted[at - 1] as number) > value; at--) sorted[at] = sorted[at - 1] as number
  sorted[at] = value
}
