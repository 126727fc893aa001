import { Button, Group, Modal, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { demoQuery } from '../api/queries.ts'
import type { Demo } from '../api/types.ts'
import { Trouble } from '../ui/trouble.tsx'
import { explainError } from '../util/explain-error.ts'
import { counted } from '../util/import-words.ts'
import { useFormat } from './reader.tsx'

export function RemoveDemo({ demo: { devices, samples, sessions } }: { demo: Demo }) {
  const [opened, { open, close }] = useDisclosure(false)
  const format = useFormat()
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => client.deleteDemo(),
    onSuccess: async (left) => {
      close()
      queries.setQueryData(demoQuery.queryKey, left)
      if (left.status === 'absent') notifications.show({ message: 'The demo data is gone.' })
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' })
    },
  })
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>
        Remove demo data
      </Button>
      <Modal opened={opened} onClose={close} title={<strong>Remove the demo data?</strong>}>
        <Stack>
          <p style={{ margin: 0 }}>
            {counted(format.number(devices), 'demo device')} with {counted(format.number(samples), 'value')} and{' '}
            {counted(format.number(sessions), 'session')} go. Everything that is yours stays as it is.
          </p>
          {remove.isError && <Trouble {...explainError(remove.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button loading={remove.isPending} onClick={() => remove.mutate()}>
              Remove it
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
