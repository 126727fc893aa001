/** What a person does on the sign-in page, for connections that the demo makes by itself: chooses an account, leaves all ticked, allows. */
import type { Cloud } from '@tributary/emulators/clouds'

/** Answers where the brand sends the person afterwards. `account` is the brand's id of it; the first one when null. */
export async function walkSignIn(cloud: Pick<Cloud, 'handle'>, url: string, account: string | null): Promise<string> {
  const page = await (await cloud.handle(new Request(url))).text()
  const offered = [...page.matchAll(/type="radio" name="account" value="([^"]*)"/g)].map(([, id = '']) => id)
  const chosen = account === null ? offered[0] : offered.find((id) => id === account)
  if (chosen === undefined) throw new Error('the sign-in page does not offer that account')
  const form = new URLSearchParams({ answer: 'allow', account: chosen })
  for (const [, scope = '', rest = ''] of page.matchAll(/type="checkbox" name="scope" value="([^"]*)"([^>]*)/g))
    if (!rest.includes('disabled')) form.append('scope', scope) // as browsers do: what is disabled is not sent
  const answer = await cloud.handle(new Request(url, { method: 'POST', body: form }))
  const location = answer.headers.get('location')
  if (!location) throw new Error(`the sign-in page answered ${answer.status}`)
  return location
}
