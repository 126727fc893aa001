import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { meQuery } from '../../api/queries.ts'
import { forget, recall, remember } from '../../util/tab-memory.ts'

export interface Draft {
  text: string
  write(text: string): void
  /** It was written before this page was opened, and not saved. */
  isLeft: boolean
  discard(): void
  /** It is saved now. */
  forget(): void
}

/** What somebody has written and not saved stays in their tab, wherever they go from the page. */
export function useDraft(name: string, saved: string): Draft {
  const { user_id } = useSuspenseQuery(meQuery).data
  const key = `draft:${user_id}:${name}`
  const [left, setLeft] = useState(() => recall(key))
  const [text, setText] = useState(left ?? saved)
  const write = (next: string) => {
    setText(next)
    if (next === saved) forget(key)
    else remember(key, next)
  }
  const discard = () => {
    write(saved)
    setLeft(null)
  }
  return { text, write, isLeft: left !== null, discard, forget: () => forget(key) }
}
