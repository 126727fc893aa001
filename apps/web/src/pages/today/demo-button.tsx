import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { demoQuery } from '../../api/queries.ts'
import { explainError } from '../../util/explain-error.ts'
import styles from './demo-button.module.css'

/** A year of somebody who does not exist, to look around with. How far it is, and that it is a demo, the frame of the page says. */
export function DemoButton() {
  const queries = useQueryClient()
  const create = useMutation({
    mutationFn: () => client.createDemo(),
    onSuccess: (made) => queries.setQueryData(demoQuery.queryKey, made),
  })
  return (
    <>
      <Button variant="default" loading={create.isPending} disabled={create.isSuccess} onClick={() => create.mutate()}>
        Look around with demo data
      </Button>
      {create.isError && (
        <p className={styles['said']} role="alert">
          {explainError(create.error).sentence}
        </p>
      )}
    </>
  )
}
