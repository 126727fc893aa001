import { ProblemError } from '@tributary/sdk'
import { type Explained, isUnreachable } from '../../util/explain-error.ts'
import type { ConnectWords, Failure } from './connect-words.ts'

/** What went wrong, in the words of the page. */
export const explainIn =
  ({ failures, ended, endedLead }: ConnectWords) =>
  (error: unknown): Explained => ({
    sentence: hasEnded(error) ? `${ended}. ${endedLead}` : failures[failureOf(error, failures)],
    fields: {},
  })

const hasEnded = (error: unknown) => error instanceof ProblemError && error.status === 401

function failureOf(error: unknown, known: ConnectWords['failures']): Failure {
  if (error instanceof ProblemError) return error.code in known ? (error.code as Failure) : 'other'
  return isUnreachable(error) ? 'unreachable' : 'other'
}
