import type { OAuth2, TokenAnswer } from '../kit/auth.ts'
import { ProviderError } from '../kit/errors.ts'
import type { ProviderHttp } from '../kit/http.ts'
import type { ProviderAccount } from '../kit/provider.ts'
import { membersOf, readTokenAnswer } from '../kit/token-answer.ts'

export const auth = {
  kind: 'oauth2',
  authorizeUrl: 'https://flow.polar.com/oauth2/authorization',
  tokenUrl: 'https://polarremote.com/v2/oauth2/token',
  scopes: {
    'accesslink.read_all': {
      words: {
        en: 'All that Polar Flow has of you from now on',
        de: 'Alles, was Polar Flow ab jetzt von dir hat',
        fr: 'Tout ce que Polar Flow reçoit de vous à partir de maintenant',
      },
    },
  },
  pkce: false,
  client: 'basic',
  readToken(answer): TokenAnswer {
    const { x_user_id: account } = membersOf(answer)
    return { ...readTokenAnswer(answer), ...(account === undefined ? {} : { account: String(account) }) }
  },
  refreshToken: 'none', // the token lives a year or more; then the person is asked again
} as const satisfies OAuth2

/**
 * Registers the person: before that, every call fails. The name they are registered by is made of their own id at Polar, so that
 * 409 can only mean that they are registered already.
 */
export async function account(http: ProviderHttp, token?: TokenAnswer): Promise<ProviderAccount> {
  const id = token?.account
  if (!id) throw new ProviderError('bad_data', 'Polar did not tell whose token it is')
  const member = { 'member-id': `tributary-${id}` }
  let { status, body } = await http.post('/users', { json: member }, { expects: [409] })
  if (status === 409) body = (await http.get(`/users/${id}`)).body
  return { account: id, profile: { ...membersOf(body) } }
}

/** Ends the registration, and the token with it. */
export async function leave(http: ProviderHttp, { account }: { account?: string }): Promise<void> {
  if (account) await http.delete(`/users/${account}`, { expects: [404] })
}
