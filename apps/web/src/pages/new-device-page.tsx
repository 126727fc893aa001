import { Group } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { devicesQuery } from '../api/queries.ts'
import { LinkButton } from '../app/link-button.tsx'
import { type Added, DeviceForm } from '../forms/device-form.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { Card, Page } from '../ui/page.tsx'
import { TokenOnce } from '../ui/token-once.tsx'
import { exampleUpload } from '../util/example-upload.ts'
import { path } from '../util/path-builder.ts'

export function NewDevicePage() {
  const [added, setAdded] = useState<{ device_id: string; device_token: string }>()
  const queries = useQueryClient()
  const navigate = useNavigate()

  const finish = async ({ device_id, device_token }: Added) => {
    await queries.invalidateQueries({ queryKey: devicesQuery.queryKey })
    if (device_token) setAdded({ device_id, device_token })
    else await navigate(path.device(device_id))
  }

  if (added) return <Ready {...added} />
  return (
    <Page
      title="Add a device"
      lead="Tell us what it is. Data can arrive as soon as it is added."
      above={<Link {...path.devices()}>← Devices</Link>}
    >
      <Card>
        <DeviceForm onAdded={(device) => void finish(device)} />
      </Card>
    </Page>
  )
}

function Ready({ device_id, device_token }: { device_id: string; device_token: string }) {
  return (
    <Page title="Your device is ready" lead="Give the device its token, or try it from a terminal first.">
      <Card>
        <TokenOnce what="Device token" token={device_token}>
          <CodeBlock
            label="Send a first value"
            text={exampleUpload(location.origin, device_id, device_token, new Date())}
          />
          <Group>
            <LinkButton place={path.device(device_id)}>Go to the device</LinkButton>
          </Group>
        </TokenOnce>
      </Card>
    </Page>
  )
}
