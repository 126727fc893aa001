import { z } from 'zod'
import type { OAuth2 } from '../kit/auth.ts'
import type { ProviderHttp } from '../kit/http.ts'
import type { ProviderAccount } from '../kit/provider.ts'
import { readAnswer } from '../kit/read-answer.ts'

export const auth = {
  kind: 'oauth2',
  authorizeUrl: 'https://api.dexcom.com/v2/oauth2/login',
  tokenUrl: 'https://api.dexcom.com/v2/oauth2/token',
  scopes: {
    offline_access: {
      words: {
        en: 'Your glucose, calibrations and entries',
        de: 'Deine Glukosewerte, Kalibrierungen und Einträge',
        fr: 'Votre glucose, vos étalonnages et vos saisies',
      },
    },
  },
  pkce: false,
  client: 'body',
  refreshToken: 'rotates',
  accessSeconds: 7_200,
} as const satisfies OAuth2

/** No token tells who it is; every answer with data does. There is no call that ends a grant: the person does it at Dexcom. */
export async function account(http: ProviderHttp): Promise<ProviderAccount> {
  const { body } = await http.get('/v3/users/self/dataRange')
  const { userId } = readAnswer(z.object({ userId: z.string() }), body)
  return { account: userId, profile: {} }
}
