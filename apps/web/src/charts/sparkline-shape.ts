/** The stretches without a gap, each value with its place. */
export function gapless(values: readonly (number | null)[]): { index: number; value: number }[][] {
  const runs: { index: number; value: number }[][] = []
  let before = -2
  for (const [index, value] of values.entries()) {
    if (value === null) continue
    if (index !== before + 1) runs.push([])
    runs.at(-1)?.push({ index, value })
    before = index
  }
  return runs
}
