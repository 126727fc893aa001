import type { UseQueryResult } from '@tanstack/react-query'
import { Loading } from '../../ui/loading.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import type { ConnectWords } from './connect-words.ts'
import { explainIn } from './explain-failure.ts'

interface UnreadyProps {
  query: Pick<UseQueryResult, 'isError' | 'error' | 'refetch'>
  words: ConnectWords
}

/** As of `Answer`, in the language of the page. */
export function Unready({ query, words }: UnreadyProps) {
  if (!query.isError) return <Loading word={words.loading} />
  const { sentence } = explainIn(words)(query.error)
  return <Trouble sentence={sentence} onRetry={() => void query.refetch()} retry={words.retry} />
}
