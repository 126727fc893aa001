import { Button, Group } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { devicesQuery } from '../../api/queries.ts'
import type { Device } from '../../api/types.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { TokenOnce } from '../../ui/token-once.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { exampleUpload } from '../../util/example-upload.ts'
import { explainError } from '../../util/explain-error.ts'

/** The device's own key: made, replaced, taken away. */
export function DeviceToken({ device }: { device: Device }) {
  const { device_id } = device
  const queries = useQueryClient()
  const reread = { onSuccess: () => queries.invalidateQueries({ queryKey: devicesQuery.queryKey }) }
  const issue = useMutation({ mutationFn: () => client.issueDeviceToken({ params: { device_id } }), ...reread })
  const revoke = useMutation({
    mutationFn: () => client.revokeDeviceToken({ params: { device_id } }),
    onSuccess: () => {
      issue.reset()
      return reread.onSuccess()
    },
  })
  const failure = issue.error ?? revoke.error
  return (
    <Section
      title="Token"
      lead={
        device.has_token
          ? 'This device has a token. A new one ends the old one at once.'
          : 'Without a token the device cannot send data by itself.'
      }
      actions={
        <Group gap="xs">
          <Button variant="default" loading={issue.isPending} onClick={() => issue.mutate()}>
            {device.has_token ? 'Replace token' : 'Make token'}
          </Button>
          {device.has_token && (
            <Button variant="default" loading={revoke.isPending} onClick={() => revoke.mutate()}>
              Revoke token
            </Button>
          )}
        </Group>
      }
    >
      {failure && <Trouble {...explainError(failure)} />}
      {issue.data && (
        <Card>
          <TokenOnce what="Device token" token={issue.data.device_token}>
            <CodeBlock
              label="Send a value"
              text={exampleUpload(location.origin, device_id, issue.data.device_token, new Date(issue.data.created_at))}
            />
          </TokenOnce>
        </Card>
      )}
    </Section>
  )
}
