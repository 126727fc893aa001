import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Loading } from '../ui/loading.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { explainError } from '../util/explain-error.ts'

interface AnswerProps<Data> {
  query: UseQueryResult<Data>
  loading?: ReactNode
  children: (data: Data) => ReactNode
}

/** What a query has: its outline while it is on the way, its failure with another try, or the data. */
export function Answer<Data>({ query, loading = <Loading />, children }: AnswerProps<Data>) {
  if (query.data !== undefined) return children(query.data)
  if (!query.isError) return loading
  const { sentence, requestId } = explainError(query.error)
  return <Trouble sentence={sentence} requestId={requestId} onRetry={() => void query.refetch()} />
}
