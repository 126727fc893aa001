import { Button, Group, Stack } from '@mantine/core'
import { queryOptions, useMutation } from '@tanstack/react-query'
import type { Client } from '@tributary/sdk'
import type { PendingSignIn } from '../../api/types.ts'
import { Trouble } from '../../ui/trouble.tsx'
import { accountName } from '../../util/connection-words.ts'
import { type Explained, explainError } from '../../util/explain-error.ts'
import type { YesWords } from '../../util/yes-words.ts'

/** What leads to an account that waits for a yes, and who may say it. */
export interface PendingYes {
  type: string
  token: string
  client: Pick<Client, 'getPendingSignIn' | 'confirmSignIn' | 'declineSignIn'>
}

export const pendingQuery = ({ type, token, client }: PendingYes) =>
  queryOptions({
    queryKey: ['pending-sign-in', token],
    queryFn: () => client.getPendingSignIn({ params: { type, token } }),
    retry: false,
  })

interface PendingAccountProps {
  asked: PendingYes
  account: PendingSignIn
  words: YesWords
  onConnected(): Promise<void>
  onDeclined(): Promise<void>
  explain?(error: unknown): Explained
}

/** An account that waits for a yes. */
export function PendingAccount(props: PendingAccountProps) {
  const { asked, account, words, onConnected, onDeclined, explain = explainError } = props
  const { type, token, client } = asked
  const confirm = useMutation({
    mutationFn: () => client.confirmSignIn({ params: { type }, body: { token } }),
    onSuccess: onConnected,
  })
  const decline = useMutation({
    mutationFn: () => client.declineSignIn({ params: { type, token } }),
    onSuccess: onDeclined,
  })
  const name = accountName({ provider_profile: account.profile, provider_account: account.provider_account })
  const failure = confirm.error ?? decline.error
  return (
    <Stack>
      <p>
        <strong>{account.provider_name}</strong>
        {name && ` · ${name}`}
      </p>
      <p>{words.reasons[account.reason]}</p>
      {failure && <Trouble {...explain(failure)} />}
      <Group>
        <Button loading={confirm.isPending} onClick={() => confirm.mutate()}>
          {words.yes}
        </Button>
        <Button variant="default" loading={decline.isPending} onClick={() => decline.mutate()}>
          {words.no}
        </Button>
      </Group>
    </Stack>
  )
}
