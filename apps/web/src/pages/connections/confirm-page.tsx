import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useLocation, useNavigate, useParams } from '@tanstack/react-router'
import { client } from '../../api/client.ts'
import { meQuery } from '../../api/queries.ts'
import { Answer } from '../../app/answer.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { path } from '../../util/path-builder.ts'
import { wordLanguageOf } from '../../util/word-language.ts'
import { yesWords } from '../../util/yes-words.ts'
import { PendingAccount, pendingQuery } from './pending-account.tsx'

/** An account of this hub's own person that waits for a yes. */
export function ConfirmPage() {
  const { provider: type } = useParams({ strict: false }) as { provider: string }
  const token = useLocation().hash.replace(/^#/, '') // behind the #, so that no server and no log is told
  const { data: me } = useSuspenseQuery(meQuery)
  const words = yesWords[wordLanguageOf(me.locale)]
  const asked = { type, token, client }
  const pending = useQuery(pendingQuery(asked))
  const queries = useQueryClient()
  const navigate = useNavigate()
  const goOn = async () => {
    await queries.invalidateQueries({ queryKey: ['connections'] })
    await navigate(path.connections(type))
  }
  return (
    <Page title={words.title}>
      <Answer query={pending}>
        {(account) => (
          <Card>
            <PendingAccount
              asked={asked}
              account={account}
              words={words}
              onConnected={goOn}
              onDeclined={() => navigate(path.connections())}
            />
          </Card>
        )}
      </Answer>
    </Page>
  )
}
