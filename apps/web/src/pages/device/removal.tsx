import { Button, Group, Modal, Radio, Select, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { latestQuery } from '../../api/queries.ts'
import type { Device } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import { metricTitle } from '../../util/metric-words.ts'
import { path } from '../../util/path-builder.ts'

const everything = '*'

export function DeleteData({ device }: { device: Device }) {
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button variant="default" onClick={open}>
        Delete data…
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={<strong>Delete data of {device.device_name}</strong>}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <DeleteDataForm device={device} close={close} />
      </Modal>
    </>
  )
}

function DeleteDataForm({ device, close }: { device: Device; close: () => void }) {
  const { device_id } = device
  const format = useFormat()
  const queries = useQueryClient()
  const types = useQuery(latestQuery(device_id)).data?.data ?? []
  const [type, setType] = useState(everything)
  const remove = useMutation({
    mutationFn: () =>
      client.deleteData({
        params: { device_id },
        query: type === everything ? { all: 'true' } : { data_type: type },
      }),
    onSuccess: async ({ deleted }) => {
      await queries.invalidateQueries()
      notifications.show({ message: `${format.number(deleted)} values deleted` })
      close()
    },
  })
  return (
    <Stack>
      <Select
        label="What to delete"
        data={[
          { value: everything, label: 'Everything it measured' },
          ...types.map(({ data_type }) => ({ value: data_type, label: metricTitle(data_type) })),
        ]}
        value={type}
        onChange={(value) => setType(value ?? everything)}
        allowDeselect={false}
      />
      <p style={{ margin: 0, color: 'var(--ink-soft)' }}>
        The device stays. What is deleted cannot be brought back from here.
      </p>
      {remove.isError && <Trouble {...explainError(remove.error)} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          Keep it
        </Button>
        <Button color="red.8" loading={remove.isPending} onClick={() => remove.mutate()}>
          Delete
        </Button>
      </Group>
    </Stack>
  )
}

export function RemoveDevice({ device }: { device: Device }) {
  const [opened, { open, close }] = useDisclosure(false)
  const [data, setData] = useState('keep')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () =>
      client.deleteDevice({
        params: { device_id: device.device_id },
        query: { data: data === 'delete' ? 'delete' : 'keep' },
      }),
    onSuccess: async () => {
      notifications.show({ message: `${device.device_name} was removed` })
      await navigate(path.devices())
      queries.removeQueries({ queryKey: ['devices', device.device_id] })
      await queries.invalidateQueries()
    },
  })
  return (
    <>
      <Button variant="default" onClick={open}>
        Remove device…
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={<strong>Remove {device.device_name}</strong>}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack>
          <Radio.Group label="And what it measured?" value={data} onChange={setData}>
            <Stack mt="xs" gap="xs">
              <Radio
                value="keep"
                label="Keep its data"
                description="It stays in your charts under the device's name."
              />
              <Radio value="delete" label="Delete its data too" description="This cannot be undone." />
            </Stack>
          </Radio.Group>
          {remove.isError && <Trouble {...explainError(remove.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button color="red.8" loading={remove.isPending} onClick={() => remove.mutate()}>
              Remove device
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
