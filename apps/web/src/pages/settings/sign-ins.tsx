import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { signInsQuery } from '../../api/queries.ts'
import type { SignIn } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { browserWords } from '../../util/browser-words.ts'
import { explainError } from '../../util/explain-error.ts'
import styles from '../row-list.module.css'

export function SignIns() {
  const signIns = useQuery(signInsQuery)
  const queries = useQueryClient()
  const end = useMutation({
    mutationFn: (sign_in_id: string | undefined) => client.endSignIns(sign_in_id ? { query: { sign_in_id } } : {}),
    onSuccess: () => queries.invalidateQueries({ queryKey: signInsQuery.queryKey }),
  })
  const others = signIns.data?.items.some(({ current }) => !current)
  return (
    <Section
      title="Where you are signed in"
      actions={
        others && (
          <Button variant="default" loading={end.isPending} onClick={() => end.mutate(undefined)}>
            End all others
          </Button>
        )
      }
    >
      {end.isError && <Trouble {...explainError(end.error)} />}
      <Answer query={signIns}>
        {({ items }) => (
          <Card flush>
            <ul className={styles['rows']}>
              {items.map((signIn) => (
                <li key={signIn.sign_in_id} className={styles['row']}>
                  <SignInRow signIn={signIn} />
                  {signIn.current ? (
                    <Pill tone="good">This one</Pill>
                  ) : (
                    <Button
                      variant="default"
                      size="xs"
                      aria-label={`End the sign-in of ${browserWords(signIn.user_agent)}`}
                      onClick={() => end.mutate(signIn.sign_in_id)}
                    >
                      End
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </Card>
        )}
      </Answer>
    </Section>
  )
}

function SignInRow({ signIn: { user_agent, address, last_used_at } }: { signIn: SignIn }) {
  const format = useFormat()
  return (
    <span className={styles['main']}>
      <strong>{browserWords(user_agent)}</strong>
      <span className={styles['soft']}>
        {[address, `used ${format.since(last_used_at)}`].filter(Boolean).join(' · ')}
      </span>
    </span>
  )
}
