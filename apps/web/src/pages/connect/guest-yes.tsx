import { Button, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { yesWords } from '../../util/yes-words.ts'
import { PendingAccount, pendingQuery } from '../connections/pending-account.tsx'
import { Framed } from './framed.tsx'
import { Unready } from './unready.tsx'
import type { Visit } from './visit.ts'

interface GuestYesProps {
  provider: string
  token: string
  visit: Visit
  onEnd(outcome: 'connected' | 'refused'): Promise<void>
}

/** The hub's own question, to somebody who has no sign-in here and came by the app's link. */
export function GuestYes({ provider: type, token, visit: { client, language, words, explain }, onEnd }: GuestYesProps) {
  const asked = { type, token, client }
  const pending = useQuery(pendingQuery(asked))
  const yes = yesWords[language]
  const leave = (
    <Button variant="default" onClick={() => void onEnd('refused')}>
      {yes.no}
    </Button>
  )
  return (
    <Framed language={language} title={yes.title}>
      {pending.data ? (
        <PendingAccount
          asked={asked}
          account={pending.data}
          words={yes}
          onConnected={() => onEnd('connected')}
          onDeclined={() => onEnd('refused')}
          explain={explain}
        />
      ) : (
        <Stack>
          <Unready query={pending} words={words} />
          {pending.isError && leave}
        </Stack>
      )}
    </Framed>
  )
}
