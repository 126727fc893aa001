import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { client } from '../../api/client.ts'
import { demoQuery } from '../../api/queries.ts'
import { explainError } from '../../util/explain-error.ts'
import styles from './demo-button.module.css'

/** A year of somebody who does not exist, to look around with. */
export function DemoButton() {
  const queries = useQueryClient()
  const create = useMutation({
    mutationFn: () => client.createDemo(),
    onSuccess: () => queries.invalidateQueries({ queryKey: demoQuery.queryKey }),
  })
  const demo = useQuery({ ...demoQuery, enabled: create.isSuccess })
  const status = demo.data?.status
  useEffect(() => {
    if (status === 'ready') void queries.invalidateQueries()
  }, [status, queries])
  const isLoading = create.isPending || (create.isSuccess && status !== 'ready')
  return (
    <>
      <Button variant="default" loading={isLoading} onClick={() => create.mutate()}>
        Look around with demo data
      </Button>
      {create.isError && (
        <p className={styles['said']} role="alert">
          {explainError(create.error).sentence}
        </p>
      )}
      {isLoading && (
        <p className={styles['said']} role="status">
          A year of demo data is on its way{demo.data?.progress ? `: ${Math.round(demo.data.progress * 100)}%` : ''}.
        </p>
      )}
    </>
  )
}
