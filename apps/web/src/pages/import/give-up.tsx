import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'

interface GiveUpProps {
  /** What it is called on its button, and of what. */
  label: string
  title: string
  isPending: boolean
  onGiveUp(): void
}

/** What is given up is gone, so it asks once; the keyboard goes along with the question. */
export function GiveUp({ label, title, isPending, onGiveUp }: GiveUpProps) {
  const [asks, setAsks] = useState(false)
  const first = useRef<HTMLButtonElement>(null)
  const wasAsked = useRef(false)
  useEffect(() => {
    if (asks || wasAsked.current) first.current?.focus()
    wasAsked.current = asks
  }, [asks])
  if (!asks)
    return (
      <Button ref={first} variant="default" size="xs" aria-label={`${label}: ${title}`} onClick={() => setAsks(true)}>
        {label}…
      </Button>
    )
  return (
    <>
      <Button
        ref={first}
        color="red"
        size="xs"
        aria-label={`Yes, remove for good: ${title}`}
        loading={isPending}
        onClick={onGiveUp}
      >
        Yes, remove for good
      </Button>
      <Button variant="default" size="xs" aria-label={`Keep: ${title}`} onClick={() => setAsks(false)}>
        Keep
      </Button>
    </>
  )
}
