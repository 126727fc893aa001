/** The token of a connect session: it comes in the fragment, which no server and no other site sees, and lives in this tab alone. */
import { createClient } from '@tributary/sdk'

const key = 'connect-session'

export function connectToken(): string | null {
  const fragment = window.location.hash.slice(1)
  const given = fragment.startsWith('trx_') ? fragment : new URLSearchParams(fragment).get('session')
  if (!given) return sessionStorage.getItem(key)
  sessionStorage.setItem(key, given)
  window.history.replaceState(null, '', window.location.pathname + window.location.search)
  return given
}

export const forgetConnectToken = (): void => sessionStorage.removeItem(key)

/** Never the cookie of who happens to be signed in in this browser. */
export const connectClient = (token: string) =>
  createClient({ token, fetch: (input, init) => fetch(input, { ...init, credentials: 'omit' }) })
