/** Where a way has come to each whole kilometre or mile: the first point at or beyond it, and the last of all. Pure. */
export function milestones(metres: readonly (number | null)[], unit: number): number[] {
  const found: number[] = []
  let next = 0
  for (const [index, at] of metres.entries()) {
    if (at === null || at < next) continue
    found.push(index)
    next = unit * (Math.floor(at / unit) + 1)
  }
  const last = metres.findLastIndex((at) => at !== null)
  return last > (found.at(-1) ?? last) ? [...found, last] : found
}
