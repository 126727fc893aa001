import { Button, Group, Modal, Radio, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import type { Import } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import { counted, importTitle, isReading } from '../../util/import-words.ts'

/** Cancels an import that is under way, or takes back one that has ended. */
export function TakeBack({ import: one }: { import: Import }) {
  const [opened, { open, close }] = useDisclosure(false)
  const title = importTitle(one, useFormat())
  const verb = isReading(one) ? 'Cancel' : 'Take back'
  return (
    <>
      <Button variant="default" size="xs" aria-label={`${verb}…: ${title}`} onClick={open}>
        {verb}…
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={<strong>{isReading(one) ? `Stop reading ${title}?` : `Take back ${title}?`}</strong>}
      >
        {isReading(one) ? <Cancel import={one} close={close} /> : <Remove import={one} close={close} />}
      </Modal>
    </>
  )
}

interface FormProps {
  import: Import
  close: () => void
}

function useTakeBack({ import: one, close }: FormProps) {
  const format = useFormat()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (data: 'keep' | 'remove') =>
      client.deleteImport({ params: { import_id: one.import_id }, query: { data } }),
    onSuccess: async ({ removed }, data) => {
      const gone = `${counted(format.number(removed.samples), 'value')} and ${counted(format.number(removed.sessions), 'session')}`
      notifications.show({ message: data === 'remove' ? `Removed: ${gone}` : 'Stopped. What was read is kept.' })
      close()
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' })
    },
  })
}

function useBrought({ samples, sessions }: Import): string {
  const format = useFormat()
  return `${counted(format.number(samples), 'new value')} and ${counted(format.number(sessions), 'session')}`
}

function Cancel(props: FormProps) {
  const brought = useBrought(props.import)
  const [data, setData] = useState<'keep' | 'remove'>('keep')
  const takeBack = useTakeBack(props)
  return (
    <Stack>
      <Radio.Group
        label={`And what it has brought so far: ${brought}?`}
        value={data}
        onChange={(value) => setData(value === 'remove' ? 'remove' : 'keep')}
      >
        <Stack mt="xs" gap="xs">
          <Radio value="keep" label="Keep it" description="The same file again goes on to the rest." />
          <Radio value="remove" label="Remove it" description="What another file says as well stays." />
        </Stack>
      </Radio.Group>
      {takeBack.isError && <Trouble {...explainError(takeBack.error)} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={props.close}>
          Go on reading
        </Button>
        <Button color="red.8" loading={takeBack.isPending} onClick={() => takeBack.mutate(data)}>
          Stop reading
        </Button>
      </Group>
    </Stack>
  )
}

function Remove(props: FormProps) {
  const brought = useBrought(props.import)
  const takeBack = useTakeBack(props)
  return (
    <Stack>
      <p style={{ margin: 0 }}>
        It brought {brought}. They are removed, except what another file says as well. The same file can be imported
        again later.
      </p>
      {takeBack.isError && <Trouble {...explainError(takeBack.error)} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={props.close}>
          Keep it
        </Button>
        <Button color="red.8" loading={takeBack.isPending} onClick={() => takeBack.mutate('remove')}>
          Remove what it brought
        </Button>
      </Group>
    </Stack>
  )
}
