import { type Column, DataTable } from '../../ui/data-table.tsx'
import { InWords } from '../../ui/in-words.tsx'
import { hoursAndMinutes } from '../../util/format.ts'
import { type Stage, type StageSpan, stageRows } from './night.ts'

const titles = new Map(stageRows)

interface StagesInWordsProps {
  spans: readonly StageSpan[]
  xWords: (at: number) => string
}

export function StagesInWords({ spans, xWords }: StagesInWordsProps) {
  return (
    <InWords
      of="stages"
      sentence={courseOf(spans, xWords)}
      table={() => (
        <DataTable
          caption="Stages of the night, one after the other"
          columns={columns(xWords)}
          rows={spans}
          keyOf={({ from, stage }) => `${from} ${stage}`}
          maxHeight={420}
        />
      )}
    />
  )
}

export const titleOf = ({ stage }: Pick<StageSpan, 'stage'>) => titles.get(stage)
const lengthOf = ({ from, to }: StageSpan) => hoursAndMinutes((to - from) / 1_000)

const columns = (xWords: (at: number) => string): Column<StageSpan>[] => [
  { title: 'Stage', cell: titleOf },
  { title: 'From', cell: ({ from }) => xWords(from), numeric: true },
  { title: 'To', cell: ({ to }) => xWords(to), numeric: true },
  { title: 'Length', cell: lengthOf, numeric: true },
]

export function spanWords(span: StageSpan, xWords: (at: number) => string): string {
  return `${titleOf(span)}, ${xWords(span.from)} to ${xWords(span.to)}, ${lengthOf(span)}`
}

/** What the order of the stages says, and their sums do not. */
function courseOf(spans: readonly StageSpan[], xWords: (at: number) => string): string {
  const [first] = spans
  const last = spans.at(-1)
  if (!first || !last) return ''
  const of = (stage: Stage) => spans.filter((span) => span.stage === stage)
  const longest = of('deep').toSorted((a, b) => b.to - b.from - (a.to - a.from))[0]
  const woke = of('awake').filter((span) => span !== first && span !== last).length
  return [
    `From ${titleOf(first)?.toLowerCase()} at ${xWords(first.from)} to ${titleOf(last)?.toLowerCase()} until ${xWords(last.to)}, in ${spans.length} stages`,
    ...(longest ? [`the longest deep sleep lasted ${lengthOf(longest)} from ${xWords(longest.from)} on`] : []),
    `awake ${woke === 1 ? 'once' : `${woke} times`} in between`,
  ]
    .join('; ')
    .concat('.')
}
