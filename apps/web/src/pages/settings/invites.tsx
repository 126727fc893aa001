import { Button, Group, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { invitesQuery } from '../../api/queries.ts'
import type { Invite, User } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { FormFrame } from '../../forms/form-frame.tsx'
import { useRefusal } from '../../forms/use-refusal.ts'
import { Card, Section } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import { TokenOnce } from '../../ui/token-once.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import styles from '../row-list.module.css'

const roleWords: Record<Invite['role'], string> = {
  member: 'Member: has their own data',
  viewer: 'Viewer: only reads',
  admin: 'Admin: helps to run the hub',
}

export function Invites({ role }: { role: User['role'] }) {
  const invites = useQuery(invitesQuery)
  const queries = useQueryClient()
  const [link, setLink] = useState<string>()
  const reread = () => queries.invalidateQueries({ queryKey: invitesQuery.queryKey })
  return (
    <Section title="Invites" lead="Each lets one person make an account, within a week.">
      <Card>
        <InviteForm
          role={role}
          onMade={(url) => {
            setLink(url)
            void reread()
          }}
        />
      </Card>
      {link && (
        <Card>
          <TokenOnce what="Invite link" token={link} />
        </Card>
      )}
      <Answer query={invites}>
        {({ items }) =>
          items.length === 0 ? null : (
            <Card flush>
              <ul className={styles['rows']}>
                {items.map((invite) => (
                  <InviteRow key={invite.invite_id} invite={invite} onWithdrawn={reread} />
                ))}
              </ul>
            </Card>
          )
        }
      </Answer>
    </Section>
  )
}

function InviteForm({ role, onMade }: { role: User['role']; onMade: (url: string) => void }) {
  const form = useForm({ initialValues: { role: 'member' as Invite['role'], note: '' } })
  const refusal = useRefusal(form)
  const roles = (['member', 'viewer', 'admin'] as const).filter((one) => one !== 'admin' || role === 'owner')
  const invite = form.onSubmit(({ role, note }) =>
    refusal.attempt(async () => {
      const { url } = await client.createInvite({ body: { role, ...(note.trim() && { note: note.trim() }) } })
      form.reset()
      onMade(url)
    }),
  )
  return (
    <FormFrame refusal={refusal} onSubmit={invite} submit="Make invite" wide={false}>
      <Group align="flex-end" grow preventGrowOverflow={false}>
        <TextInput label="For whom" placeholder="Only you see this" miw={200} {...form.getInputProps('note')} />
        <Select
          label="As"
          miw={200}
          data={roles.map((value) => ({ value, label: roleWords[value] }))}
          allowDeselect={false}
          {...form.getInputProps('role')}
        />
      </Group>
    </FormFrame>
  )
}

interface InviteRowProps {
  invite: Invite
  onWithdrawn: () => Promise<void>
}

function InviteRow({ invite: { invite_id, note, role, expires_at, used_at }, onWithdrawn }: InviteRowProps) {
  const format = useFormat()
  const withdraw = useMutation({
    mutationFn: () => client.deleteInvite({ params: { invite_id } }),
    onSuccess: onWithdrawn,
  })
  const ended = new Date(expires_at) < new Date()
  return (
    <li className={styles['row']}>
      <span className={styles['main']}>
        <strong>{note ?? 'Somebody'}</strong>
        <span className={styles['soft']}>
          {roleWords[role]} · {used_at ? `used ${format.since(used_at)}` : `ends ${format.since(expires_at)}`}
        </span>
      </span>
      {used_at || ended ? (
        <Pill tone="quiet">{used_at ? 'Used' : 'Ended'}</Pill>
      ) : (
        <Button
          variant="default"
          size="xs"
          aria-label={`Withdraw the invite of ${note ?? 'somebody'}`}
          loading={withdraw.isPending}
          onClick={() => withdraw.mutate()}
        >
          Withdraw
        </Button>
      )}
      {withdraw.isError && <Trouble {...explainError(withdraw.error)} />}
    </li>
  )
}
