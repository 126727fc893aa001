import { Button, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { client } from '../api/client.ts'
import { forgetOffline } from '../api/offline.ts'
import { meQuery } from '../api/queries.ts'
import { forgetUploads } from '../api/uploads.ts'
import { PasswordForm } from '../forms/password-form.tsx'
import { ProfileForm } from '../forms/profile-form.tsx'
import { Icon } from '../ui/icon.tsx'
import { Card, Page, Section } from '../ui/page.tsx'
import { path } from '../util/path-builder.ts'
import { ApiKeys } from './settings/api-keys.tsx'
import { DemoData } from './settings/demo-data.tsx'
import { Exports } from './settings/exports.tsx'
import { Invites } from './settings/invites.tsx'
import { Offline } from './settings/offline.tsx'
import { SignIns } from './settings/sign-ins.tsx'
import { StaysDeleted } from './settings/stays-deleted.tsx'

export function SettingsPage() {
  const { data: me } = useSuspenseQuery(meQuery)
  return (
    <Page title="Settings" lead={`Signed in as ${me.email}`} actions={<SignOut userId={me.user_id} />}>
      <Section title="Appearance">
        <Card>
          <Appearance />
        </Card>
      </Section>
      <Section title="You" lead="How dates, distances and weights are written for you.">
        <Card>
          <ProfileForm me={me} submit="Save" onSaved={() => notifications.show({ message: 'Saved' })} />
        </Card>
      </Section>
      <Section title="Password" lead="Changing it ends every other sign-in.">
        <Card>
          <PasswordForm email={me.email} />
        </Card>
      </Section>
      <Exports />
      <StaysDeleted />
      <DemoData />
      <Offline userId={me.user_id} />
      <SignIns />
      <ApiKeys role={me.role} />
      {(me.role === 'owner' || me.role === 'admin') && <Invites role={me.role} />}
    </Page>
  )
}

function SignOut({ userId }: { userId: string }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const signOut = useMutation({
    mutationFn: () => {
      forgetUploads(userId)
      return client.logout()
    },
    onSettled: async () => {
      await forgetOffline()
      await navigate(path.signIn())
      queries.clear()
    },
  })
  return (
    <Button
      variant="default"
      leftSection={<Icon name="exit" size={18} />}
      loading={signOut.isPending}
      onClick={() => signOut.mutate()}
    >
      Sign out
    </Button>
  )
}

const schemes = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'auto', label: 'As the system' },
] as const

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SegmentedControl
      aria-label="Colours"
      data={[...schemes]}
      value={colorScheme}
      onChange={(value) => setColorScheme(schemes.find((scheme) => scheme.value === value)?.value ?? 'auto')}
    />
  )
}
