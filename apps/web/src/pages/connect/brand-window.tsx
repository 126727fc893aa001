import { Button, Stack } from '@mantine/core'
import { useEffect } from 'react'
import type { AvailableProvider } from '../../api/types.ts'
import { ConnectForm } from '../connections/connect-form.tsx'
import { WhatIsRead } from '../connections/what-is-read.tsx'
import { Note } from './note.tsx'
import type { Visit } from './visit.ts'

/** The window that a framed page opens for one brand, because brands refuse to be framed. It tells nobody anything: the frame looks for itself. */
export function BrandWindow({ provider, visit }: { provider: AvailableProvider; visit: Visit }) {
  const { words, said, client, returnTo, outcome, explain } = visit
  const isOver = outcome?.isGood === true
  useEffect(() => {
    if (isOver) window.close() // nothing happens where the browser no longer counts it as opened by us: the button stays
  }, [isOver])
  if (isOver)
    return (
      <Stack>
        <Note isGood>{outcome.sentence}</Note>
        <p>{words.closeLead}</p>
        <Button onClick={() => window.close()}>{words.close}</Button>
      </Stack>
    )
  return (
    <Stack>
      {outcome && <Note isGood={false}>{outcome.sentence}</Note>}
      <WhatIsRead provider={provider} words={said} />
      <ConnectForm
        provider={provider}
        words={said}
        client={client}
        returnTo={returnTo}
        explain={explain}
        onConnected={() => window.close()}
      />
    </Stack>
  )
}
