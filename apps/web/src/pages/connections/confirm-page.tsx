import { Button, Group } from '@mantine/core'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation, useNavigate, useParams } from '@tanstack/react-router'
import { client } from '../../api/client.ts'
import { Answer } from '../../app/answer.tsx'
import { LinkButton } from '../../app/link-button.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { accountName } from '../../util/connection-words.ts'
import { explainError } from '../../util/explain-error.ts'
import { path } from '../../util/path-builder.ts'

const pendingQuery = (type: string, token: string) =>
  queryOptions({
    queryKey: ['pending-sign-in', token],
    queryFn: () => client.getPendingSignIn({ params: { type, token } }),
    retry: false,
  })

const reasons = {
  other_browser: 'The sign-in was begun elsewhere. Connect this account only if it was you who began it.',
  shared_account:
    'Somebody else here is connected to this account already. If you share it, a scale of the family for instance, its data will be in both of your timelines.',
}

/** An account that waits for a yes. */
export function ConfirmPage() {
  const { provider: type } = useParams({ strict: false }) as { provider: string }
  const token = useLocation().hash.replace(/^#/, '') // behind the #, so that no server and no log is told
  const pending = useQuery(pendingQuery(type, token))
  const queries = useQueryClient()
  const navigate = useNavigate()
  const confirm = useMutation({
    mutationFn: () => client.confirmSignIn({ params: { type }, body: { token } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['connections'] })
      await navigate(path.connections(type))
    },
  })
  return (
    <Page title="Is this your account?">
      <Answer query={pending}>
        {({ provider_name, profile, reason }) => (
          <Card>
            <p>
              <strong>{provider_name}</strong>
              {accountName({ provider_profile: profile, provider_account: null }) &&
                ` · ${accountName({ provider_profile: profile, provider_account: null })}`}
            </p>
            <p>{reasons[reason]}</p>
            {confirm.isError && <Trouble {...explainError(confirm.error)} />}
            <Group>
              <Button loading={confirm.isPending} onClick={() => confirm.mutate()}>
                Connect this account
              </Button>
              <LinkButton place={path.connections()} variant="default">
                Do not connect
              </LinkButton>
            </Group>
          </Card>
        )}
      </Answer>
    </Page>
  )
}
