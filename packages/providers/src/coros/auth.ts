import type { OAuth2, TokenAnswer } from '../kit/auth.ts'
import { BadAnswer } from '../kit/errors.ts'
import { membersOf, readTokenAnswer } from '../kit/token-answer.ts'

export const auth: OAuth2 = {
  kind: 'oauth2',
  authorizeUrl: 'https://open.coros.com/oauth2/authorize',
  tokenUrl: 'https://open.coros.com/oauth2/accesstoken',
  refreshUrl: 'https://open.coros.com/oauth2/refresh-token',
  scopes: {
    workout: {
      words: {
        en: 'Your workouts, and each day’s steps, sleep and resting heart rate',
        de: 'Deine Trainings, dazu Schritte, Schlaf und Ruhepuls jedes Tages',
        fr: 'Vos entraînements, ainsi que les pas, le sommeil et la fréquence au repos de chaque jour',
      },
    },
  },
  pkce: false,
  client: 'body',
  readToken,
  /** Errors come with status 200 too, under a number of COROS's own: 5006 is a grant that was taken back, 5010 an account that is not ours. */
  refusesGrant: (_status, answer) => ['5006', '5010'].includes(String(membersOf(answer)['result'])),
  refusedHours: 6, // 5006 may be said of the app as well: a secret that was mistyped must not end everybody's connection
  refreshToken: 'stays',
  accessSeconds: 2_592_000, // 30 days, and 30 more with each refresh
  earlySeconds: 864_000, // when it is 20 days old
  carries: (accessToken, account) => ({ query: { token: accessToken, openId: account } }),
}

/** A refresh makes the token we have live longer, and need not tell it again. */
function readToken(answer: unknown, before?: { accessToken: string; refreshToken?: string }): TokenAnswer {
  const said = membersOf(answer)
  const result = said['result']
  if (result !== undefined && !/^0+$/.test(String(result)))
    throw new BadAnswer(`COROS refused with its code ${String(result).slice(0, 10)}`)
  const token = readTokenAnswer(
    before && said['access_token'] === undefined ? { ...said, access_token: before.accessToken } : said,
  )
  const account = said['openId']
  return { ...token, ...(typeof account === 'string' && account ? { account } : {}) }
}
