import { Button, Group } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { syncRunQuery } from '../../api/queries.ts'
import type { Device } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Card } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import { failureWords, runWords } from '../../util/run-words.ts'

export function SyncNow({ device }: { device: Device }) {
  const format = useFormat()
  const sync = useMutation({ mutationFn: () => client.syncDevice({ params: { device_id: device.device_id } }) })
  return (
    <Card>
      <Group justify="space-between">
        <div>
          <strong>{device.last_sync ? `Last synced ${format.since(device.last_sync)}` : 'Never synced'}</strong>
          <div style={{ color: 'var(--ink-soft)' }}>
            {device.next_sync ? `Next sync ${format.since(device.next_sync)}` : 'No automatic sync'}
          </div>
        </div>
        <Button
          variant="default"
          leftSection={<Icon name="sync" size={18} />}
          loading={sync.isPending}
          onClick={() => sync.mutate()}
        >
          Sync now
        </Button>
      </Group>
      <div aria-live="polite">
        {sync.isError && <Trouble {...explainError(sync.error)} />}
        {sync.data && <Outcome syncId={sync.data.sync_id} />}
      </div>
    </Card>
  )
}

function Outcome({ syncId }: { syncId: string }) {
  const format = useFormat()
  const run = useQuery(syncRunQuery(syncId)).data
  if (!run) return null
  const { word, tone } = runWords[run.status]
  const counts = `${format.number(run.records_inserted)} new, ${format.number(run.records_updated)} changed`
  return (
    <Group mt="md" gap="sm">
      <Pill tone={tone}>{word}</Pill>
      <span>{run.error_code === 'not_connected' ? notConnected : failureWords(run, format) || counts}</span>
    </Group>
  )
}

const notConnected = 'This device has no connection to a maker’s cloud to fetch from. It sends its data by itself.'
