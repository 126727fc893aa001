/** What tests of signing in do again and again: going away, coming back, saying yes. */
import { expect } from 'vitest'
import { cookiesOf, type SignedInPerson, type TestServer } from '../../test/kit.ts'

export interface Away {
  authorization_url: string
  state: string
  expires_at: string
}
export interface Shown {
  connection_id: string
  short_id: string
  provider_account: string
  tells_provider: boolean
  status: string
  granted_scopes: string[]
  feeds: { feed: string; is_on: boolean }[]
}

/** `secrets` hears of what must stand nowhere. */
export function signingIn(server: () => TestServer, secrets: string[] = []) {
  async function away(person: SignedInPerson, body: object = {}, provider = 'wahoo') {
    const answer = await server().call('POST', `/api/v1/integrations/${provider}/auth`, { token: person.token, body })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    const cookie = cookiesOf(answer.headers)
    secrets.push((answer.body as Away).state, cookie.split('=')[1] ?? '')
    return { ...(answer.body as Away), cookie }
  }

  async function back(query: Record<string, string>, cookie = '', { provider = 'wahoo', language = 'en' } = {}) {
    const { status, headers, body } = await server().call(
      'GET',
      `/api/v1/integrations/${provider}/callback?${new URLSearchParams(query)}`,
      {
        headers: { 'accept-language': language, ...(cookie ? { cookie } : {}) },
      },
    )
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    const html = body as string
    return {
      html,
      headers,
      title: /<h1>(.*?)<\/h1>/.exec(html)?.[1],
      href: /<a href="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#38;', '&') ?? '',
    }
  }

  /** What leads to the yes, as the browser has it that came back. */
  function pending({ href, headers }: { href: string; headers: Headers }, provider = 'wahoo') {
    const places = [`/connections/confirm/${provider}#`, `/connect\\?.*&confirm=${provider}#confirm=`].join('|')
    const token = new RegExp(`^(?:${places})([\\w-]{43})$`).exec(href)?.[1] ?? ''
    const as = (who: Pick<SignedInPerson, 'token'>, cookie = cookiesOf(headers)) => ({
      token: who.token,
      headers: cookie ? { cookie } : {},
    })
    return {
      ask: (who: Pick<SignedInPerson, 'token'>, { cookie, of = provider }: { cookie?: string; of?: string } = {}) =>
        server().call('GET', `/api/v1/integrations/${of}/confirm/${token}`, as(who, cookie)),
      decline: (who: Pick<SignedInPerson, 'token'>) =>
        server().call('DELETE', `/api/v1/integrations/${provider}/confirm/${token}`, as(who)),
      say: (who: Pick<SignedInPerson, 'token'>, { cookie }: { cookie?: string } = {}) =>
        server().call('POST', `/api/v1/integrations/${provider}/confirm`, { ...as(who, cookie), body: { token } }),
    }
  }

  const mine = async (person: SignedInPerson) =>
    (await server().call('GET', '/api/v1/providers/connections', { token: person.token })).body as Shown[]

  const connect = async (person: SignedInPerson, account: number, body: object = {}) => {
    const { state, cookie } = await away(person, body)
    return back({ code: `account-${account}`, state }, cookie)
  }

  return { away, back, pending, mine, connect }
}
