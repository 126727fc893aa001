/** What a person does on a sign-in page, for tests without a browser: reads the form, chooses, presses a button. */
import type { Cloud } from './cloud.ts'

export interface Choice {
  /** Name of the account, as it stands on the page. The first when absent. */
  account?: string
  /** Scopes that they untick. */
  without?: readonly string[]
  button?: 'allow' | 'cancel'
}

/** Goes to an authorize URL and answers where the brand sends the person afterwards. Throws what the page said when it shows no form. */
export async function signIn(
  cloud: Pick<Cloud, 'handle'>,
  authorizeUrl: string | URL,
  choice: Choice = {},
): Promise<URL> {
  const { account, without = [], button = 'allow' } = choice
  const shown = await cloud.handle(new Request(authorizeUrl))
  const sent = shown.headers.get('location')
  if (sent) return new URL(sent) // with an error, before anything could be chosen
  const page = await shown.text()
  const form = new URLSearchParams({ answer: button })
  const accounts = [...page.matchAll(/type="radio" name="account" value="([^"]*)"[^>]*> ([^<]*?) </g)]
  const chosen = account === undefined ? accounts[0] : accounts.find(([, , name]) => name === account)
  if (!page.includes('<form')) throw new Error(/role="alert">([^<]*)/.exec(page)?.[1] ?? `status ${shown.status}`)
  if (!chosen) throw new Error(`the page offers no account ${account ?? ''}`)
  form.set('account', chosen[1] ?? '')
  // As browsers do: what is disabled is not sent.
  for (const [, scope = '', rest = ''] of page.matchAll(/type="checkbox" name="scope" value="([^"]*)"([^>]*)/g))
    if (!without.includes(scope) && !rest.includes('disabled')) form.append('scope', scope)
  const answer = await cloud.handle(new Request(authorizeUrl, { method: 'POST', body: form }))
  const location = answer.headers.get('location')
  if (location) return new URL(location)
  throw new Error(/role="alert">([^<]*)/.exec(await answer.text())?.[1] ?? `status ${answer.status}`)
}
