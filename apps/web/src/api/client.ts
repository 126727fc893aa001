/** The one file that knows how the server is called. */

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { createClient, ProblemError } from '@tributary/sdk'
import { keptAtHeader, noticeKept } from './kept-answers.ts'

/** Every answer tells whether it is fresh or was kept for when the hub is out of reach. */
const watchedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  noticeKept(response.headers.get(keptAtHeader))
  return response
}

export const client = createClient({ headers: { 'X-Tributary-CSRF': '1' }, fetch: watchedFetch })

type Listener = () => void
let onSignedOut: Listener = () => undefined

/** Told whenever an answer says that nobody is signed in any more. */
export function whenSignedOut(listener: Listener): void {
  onSignedOut = listener
}

const isSignedOut = (error: Error) =>
  error instanceof ProblemError && (error.code === 'not_signed_in' || error.code === 'token_invalid')

/** Every failed request passes here, also those that are not sent by `client`. */
export const noticeSignOut = (error: Error) => {
  if (isSignedOut(error)) onSignedOut()
}

/** A refusal stays one however often it is asked; what is down may be back. */
const isPassing = (error: Error) => !(error instanceof ProblemError) || error.status === 503

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignOut }),
  mutationCache: new MutationCache({ onError: noticeSignOut }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
      // A server in the house answers even when the browser believes it is offline.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})
