/** The token of a connect session: it comes in the fragment, which no server and no other site sees, and lives in this tab alone. */
import { createClient } from '@tributary/sdk'
import { forget, recall, remember } from '../util/tab-memory.ts'

const key = 'connect-session'

export function connectToken(): string | null {
  const fragment = window.location.hash.slice(1)
  const given = fragment.startsWith('trx_') ? fragment : new URLSearchParams(fragment).get('session')
  if (!given) return recall(key)
  remember(key, given)
  window.history.replaceState(null, '', window.location.pathname + window.location.search)
  return given
}

/** What leads to an account that waits for a yes comes the same way, and stays there: it is good for this browser alone. */
export const askedToken = (hash: string): string | null => new URLSearchParams(hash.replace(/^#/, '')).get('confirm')

export const forgetConnectToken = (): void => forget(key)

/** Who happens to be signed in in this browser does not count beside the token; the cookie that marks the browser for a sign-in does. */
export const connectClient = (token: string) => createClient({ token })
