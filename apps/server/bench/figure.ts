/** One promise and what was measured of it. */
export interface Figure {
  promise: string
  /** In words with unit. */
  measured: string
  floor: string
  met: boolean
  /** The other sides of the same run. */
  beside?: string
}

export const atLeast = (promise: string, value: number, floor: number, unit: string, beside?: string): Figure => ({
  promise,
  measured: `${round(value)} ${unit}`,
  floor: `≥ ${floor.toLocaleString('en')} ${unit}`,
  met: value >= floor,
  ...(beside ? { beside } : {}),
})

export const atMost = (promise: string, value: number, floor: number, unit: string, beside?: string): Figure => ({
  promise,
  measured: `${round(value)} ${unit}`,
  floor: `≤ ${floor.toLocaleString('en')} ${unit}`,
  met: value <= floor,
  ...(beside ? { beside } : {}),
})

export function round(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en', { maximumFractionDigits: digits })
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

export function printFigures(title: string, figures: readonly Figure[]): void {
  console.log(`\n${title}`)
  for (const { promise, measured, floor, met, beside } of figures)
    console.log(`  ${met ? 'ok  ' : 'MISS'} ${promise}: ${measured} (floor ${floor})${beside ? ` · ${beside}` : ''}`)
}

export function markdownOf(sections: readonly { title: string; figures: readonly Figure[] }[]): string {
  return sections
    .map(({ title, figures }) => {
      const rows = figures.map(
        ({ promise, measured, floor, met, beside }) =>
          `| ${promise} | ${measured} | ${floor} | ${met ? 'yes' : '**no**'} | ${beside ?? ''} |`,
      )
      return `## ${title}\n\n| promise | measured | floor | met | in the same run |\n|---|---|---|---|---|\n${rows.join('\n')}\n`
    })
    .join('\n')
}
