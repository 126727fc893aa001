import { Button, Group, Modal, Radio, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import type { Connection } from '../../api/types.ts'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'

export function Disconnect({ connection }: { connection: Connection }) {
  const { connection_id, provider_name } = connection
  const [opened, { open, close }] = useDisclosure(false)
  const [data, setData] = useState<'keep' | 'delete'>('keep')
  const queries = useQueryClient()
  const leave = useMutation({
    mutationFn: () => client.deleteConnection({ params: { connection_id }, query: { data } }),
    onSuccess: async () => {
      notifications.show({ message: `${provider_name} was disconnected` })
      close()
      await queries.invalidateQueries()
    },
  })
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        Disconnect…
      </Button>
      <Modal opened={opened} onClose={close} title={<strong>Disconnect {provider_name}</strong>}>
        <Stack>
          <Radio.Group
            label="And what it brought?"
            description={whoIsTold(connection)}
            value={data}
            onChange={(value) => setData(value === 'delete' ? 'delete' : 'keep')}
          >
            <Stack mt="xs" gap="xs">
              <Radio
                value="keep"
                label="Keep its data"
                description="It stays in your charts under the name it has now."
              />
              <Radio
                value="delete"
                label="Delete its data too"
                description="Its devices go along. One that something else here tells of as well stays, with its single values. This cannot be undone."
              />
            </Stack>
          </Radio.Group>
          {leave.isError && <Trouble {...explainError(leave.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button color="red.8" loading={leave.isPending} onClick={() => leave.mutate()}>
              Disconnect
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}

function whoIsTold({ tells_provider, provider_name, feeds }: Connection): string {
  if (tells_provider) return `${provider_name} is told that this hub may read nothing more.`
  return feeds.length
    ? `${provider_name} itself is not told; this hub only stops asking it.`
    : 'Whatever sends it is not told: stop it there too, or revoke its key.'
}
