import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { csvMappingsQuery } from '../../api/queries.ts'
import type { CsvMapping } from '../../api/types.ts'
import { Card, Section } from '../../ui/page.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import { metricTitle } from '../../util/metric-words.ts'
import styles from '../row-list.module.css'

/** Tables whose columns the person has named once; nothing where there are none. */
export function KnownTables() {
  const mappings = useQuery(csvMappingsQuery)
  const items = mappings.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Section title="Tables that are known" lead="A table with the same column names is read in the same way.">
      <Card flush>
        <ul className={styles['rows']}>
          {items.map((mapping) => (
            <MappingRow key={mapping.mapping_id} mapping={mapping} />
          ))}
        </ul>
      </Card>
    </Section>
  )
}

function MappingRow({ mapping: { mapping_id, name, time, values } }: { mapping: CsvMapping }) {
  const queries = useQueryClient()
  const forget = useMutation({
    mutationFn: () => client.deleteCsvMapping({ params: { mapping_id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: csvMappingsQuery.queryKey }),
  })
  const columns = values.map(
    ({ column, metric, unit }) => `${column} is ${metricTitle(metric)}${unit ? ` in ${unit}` : ''}`,
  )
  return (
    <li className={styles['row']}>
      <span className={styles['main']}>
        <strong>{name}</strong>
        <span className={styles['soft']}>{[`${time.column} is the time`, ...columns].join(' · ')}</span>
      </span>
      <Button
        variant="default"
        size="xs"
        aria-label={`Forget ${name}`}
        loading={forget.isPending}
        onClick={() => forget.mutate()}
      >
        Forget
      </Button>
      {forget.isError && <Trouble {...explainError(forget.error)} />}
    </li>
  )
}
