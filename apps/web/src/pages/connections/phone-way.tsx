import { Group, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { AvailableProvider } from '../../api/types.ts'
import { LinkButton } from '../../app/link-button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { path } from '../../util/path-builder.ts'
import styles from './connections.module.css'

/** As the guide spells them. */
const stores: Readonly<Record<string, string>> = { apple: 'apple_health', samsung: 'samsung_health' }

/** Apps that post a store of the phone's as it is (docs/06-phones.md). */
const ready: Readonly<Record<string, { app: string; where: string }>> = {
  apple: { app: 'Health Auto Export', where: 'Automations → New automation → REST API' },
  health_connect: { app: 'HC Webhook', where: 'Webhooks → New webhook' },
}

/** How what a phone knows gets here: the address to send to, a key, and an app that does it. */
export function PhoneWay({ provider: { provider, name } }: { provider: AvailableProvider }) {
  const address = `${location.origin}/api/v1/integrations/${stores[provider] ?? provider}/push`
  const way = ready[provider]
  return (
    <>
      <h2 className={styles['group']}>Its data come from your phone</h2>
      <ol className={styles['steps']}>
        <li>
          Make a key that may write data. It is shown once: copy it.
          <Group mt="xs">
            <LinkButton place={path.newApiKey('data:write')} size="xs">
              Make an API key
            </LinkButton>
          </Group>
        </li>
        {way ? (
          <>
            <li>
              Install <strong>{way.app}</strong> on the phone and open {way.where}.
            </li>
            <li>
              Give it this address, the format JSON, and the header below with your key in the place of{' '}
              <code>trb_…</code>.
            </li>
          </>
        ) : (
          <li>
            No app that is ready sends {name} itself. Let it write to Health Connect on the phone, and{' '}
            <Link {...path.provider('health_connect')}>connect that</Link>; an app of your own posts to this address.
          </li>
        )}
      </ol>
      <Stack gap="sm" mt="sm">
        <CodeBlock label="Push address" text={address} />
        <CodeBlock label="Header" text="Authorization: Bearer trb_…" />
        <p className={styles['soft']}>
          The phone has to reach this address: not <code>localhost</code>, and outside your home only what is open to
          the internet. What it sends appears under Connections by itself.
        </p>
        <p className={styles['soft']}>What an export of yours holds can be imported as well.</p>
        <Group gap="xs">
          <LinkButton place={path.imports()} variant="default">
            Import files
          </LinkButton>
        </Group>
      </Stack>
    </>
  )
}
