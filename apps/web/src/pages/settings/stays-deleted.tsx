import { Button } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { suppressionsQuery } from '../../api/queries.ts'
import type { Suppression } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import type { Format } from '../../util/format.ts'
import { counted } from '../../util/import-words.ts'
import { metricTitle } from '../../util/metric-words.ts'
import styles from '../row-list.module.css'

/** What a person deleted and a source may send again. */
export function StaysDeleted() {
  const found = useInfiniteQuery(suppressionsQuery)
  return (
    <Section
      title="What stays deleted"
      lead="What you delete does not come back when its source sends it again. Here you can let it."
    >
      <Answer query={found}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items)
          return items.length === 0 ? (
            <EmptyState icon="trash" title="Nothing is kept away">
              When you delete a session or a stretch of data that a source could send again, it is listed here with how
              much has been kept away since.
            </EmptyState>
          ) : (
            <Card flush>
              <ul className={styles['rows']}>
                {items.map((suppression) => (
                  <SuppressionRow key={suppression.suppression_id} suppression={suppression} />
                ))}
              </ul>
            </Card>
          )
        }}
      </Answer>
      {found.hasNextPage && (
        <div>
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </Section>
  )
}

function SuppressionRow({ suppression }: { suppression: Suppression }) {
  const format = useFormat()
  const queries = useQueryClient()
  const { suppression_id, suppressed, created_at } = suppression
  const lift = useMutation({
    mutationFn: () => client.deleteSuppression({ params: { suppression_id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: suppressionsQuery.queryKey }),
  })
  const title = titleOf(suppression)
  const facts = [
    rangeWords(suppression, format),
    `deleted ${format.since(created_at)}`,
    suppressed > 0 ? `${counted(format.number(suppressed), 'record')} kept away since` : 'nothing came again yet',
  ]
  return (
    <li className={styles['row']}>
      <span className={styles['main']}>
        <strong>{title}</strong>
        <span className={styles['soft']}>{facts.filter(Boolean).join(' · ')}</span>
      </span>
      <Button
        variant="default"
        size="xs"
        aria-label={`Let it come back: ${title}`}
        loading={lift.isPending}
        onClick={() => lift.mutate()}
      >
        Let it come back
      </Button>
      {lift.isError && <Trouble {...explainError(lift.error)} />}
    </li>
  )
}

function titleOf({ title, metric, source_name }: Suppression): string {
  if (title) return title
  return [metric ? metricTitle(metric) : 'Everything', source_name && `of ${source_name}`].filter(Boolean).join(' ')
}

function rangeWords({ start_time, end_time }: Suppression, format: Format): string {
  if (start_time && end_time) return `${format.fullDateTime(start_time)} to ${format.fullDateTime(end_time)}`
  if (start_time) return `since ${format.fullDateTime(start_time)}`
  return end_time ? `until ${format.fullDateTime(end_time)}` : ''
}
