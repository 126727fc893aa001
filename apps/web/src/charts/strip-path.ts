/** The outline of a long column in a narrow strip: lowest and highest of each step, so that no peak is lost. Pure. */
import type { Range } from '../util/time-range.ts'
import type { Column } from './columns.ts'

const [height, air] = [48, 4]

/** `width` steps over the whole stretch; gaps stay gaps. */
export function thinPath({ x, y }: Column, { from, to }: Range, width: number): string {
  const known = y.filter((value) => value !== null)
  if (known.length === 0) return ''
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of known) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const placed = (value: number) => (height - air - ((value - low) / (high - low || 1)) * (height - 2 * air)).toFixed(1)
  const parts: string[] = []
  let isDown = false
  let step: { at: number; low: number; high: number } | undefined
  const write = () => {
    if (!step) return
    parts.push(`${isDown ? 'L' : 'M'}${step.at} ${placed(step.low)}`)
    if (step.high !== step.low || !isDown) parts.push(`L${step.at} ${placed(step.high)}`)
    isDown = true
    step = undefined
  }
  for (const [index, value] of y.entries()) {
    if (value === null) {
      write()
      isDown = false
      continue
    }
    const at = Math.round((((x[index] ?? 0) - from) / (to - from)) * width)
    if (step?.at !== at) {
      write()
      step = { at, low: value, high: value }
    } else {
      step.low = Math.min(step.low, value)
      step.high = Math.max(step.high, value)
    }
  }
  write()
  return parts.join('')
}
