import { Button, Stack } from '@mantine/core'
import { useEffect } from 'react'
import type { AvailableProvider } from '../../api/types.ts'
import { Brand } from './brand.tsx'
import { Note } from './note.tsx'
import type { Visit } from './visit.ts'

/** The window that a framed page opens for one brand, because brands refuse to be framed. It tells nobody anything: the frame looks for itself. */
export function BrandWindow({ provider, visit }: { provider: AvailableProvider; visit: Visit }) {
  const { words, outcome } = visit
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
      <Brand provider={provider} visit={visit} onConnected={() => window.close()} />
    </Stack>
  )
}
