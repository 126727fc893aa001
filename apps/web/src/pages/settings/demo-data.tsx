import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { demoQuery } from '../../api/queries.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { RemoveDemo } from '../../app/remove-demo.tsx'
import { LoadedShare } from '../../ui/loaded-share.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import { counted } from '../../util/import-words.ts'
import styles from './data-sections.module.css'

export function DemoData() {
  const demo = useQuery(demoQuery)
  const format = useFormat()
  const queries = useQueryClient()
  const add = useMutation({
    mutationFn: () => client.createDemo(),
    onSuccess: (made) => queries.setQueryData(demoQuery.queryKey, made),
  })
  return (
    <Section
      title="Demo data"
      lead="A year of somebody who does not exist, with several devices that disagree. Marked everywhere it is shown."
    >
      <Card>
        <Answer query={demo}>
          {(found) => (
            <div className={styles['line']}>
              {found.status === 'absent' && (
                <>
                  <p>There is none.</p>
                  <Button variant="default" loading={add.isPending} onClick={() => add.mutate()}>
                    Add demo data
                  </Button>
                </>
              )}
              {found.status === 'loading' && <LoadedShare label="Loading" share={found.progress} />}
              {found.status === 'removing' && <LoadedShare label="Removing" share={found.progress} />}
              {found.status === 'ready' && (
                <>
                  <p>
                    {counted(format.number(found.devices), 'device')}, {counted(format.number(found.samples), 'value')},{' '}
                    {counted(format.number(found.sessions), 'session')}
                  </p>
                  <RemoveDemo demo={found} />
                </>
              )}
            </div>
          )}
        </Answer>
        {add.isError && <Trouble {...explainError(add.error)} />}
      </Card>
    </Section>
  )
}
