import { tableOf } from '@tributary/protocol'
import type { KeyAuth, OAuth2, ScopeWords } from '../kit/auth.ts'
import { BadAnswer } from '../kit/errors.ts'
import type { OtherAuth } from '../kit/provider.ts'
import { membersOf, readTokenAnswer } from '../kit/token-answer.ts'

/** What a person has of themselves, without an app that an operator would have to register. */
export const auth: KeyAuth = {
  kind: 'key',
  fields: [
    {
      name: 'api_key',
      title: { en: 'API key', de: 'API-Schlüssel', fr: 'Clé API' },
      secret: true,
      example: '1ab2c3d4e5f6g7h8i9j0',
    },
  ],
  help: {
    en: 'In intervals.icu, open Settings and scroll to “Developer settings”; the API key stands there.',
    de: 'Öffne in intervals.icu die Einstellungen und geh zu „Developer settings“; dort steht der API-Schlüssel.',
    fr: 'Dans intervals.icu, ouvrez les paramètres et allez à « Developer settings » ; la clé API s’y trouve.',
  },
  helpUrl: 'https://intervals.icu/settings',
  headers: (credentials) => ({
    authorization: `Basic ${Buffer.from(`API_KEY:${credentials['api_key'] ?? ''}`).toString('base64')}`,
  }),
}

const scopes: Readonly<Record<string, ScopeWords>> = tableOf({
  'ACTIVITY:READ': { words: { en: 'Your activities', de: 'Deine Aktivitäten', fr: 'Vos activités' } },
  'WELLNESS:READ': {
    words: {
      en: 'Weight, sleep, heart rate and how you felt, by day',
      de: 'Gewicht, Schlaf, Puls und Befinden je Tag',
      fr: 'Poids, sommeil, fréquence cardiaque et ressenti par jour',
    },
    optional: true,
  },
  'CALENDAR:READ': {
    words: { en: 'What you plan to do', de: 'Was du vorhast', fr: 'Ce que vous prévoyez de faire' },
    optional: true,
  },
})

const oauth: OAuth2 = {
  kind: 'oauth2',
  authorizeUrl: 'https://intervals.icu/oauth/authorize',
  tokenUrl: 'https://intervals.icu/api/oauth/token',
  scopes,
  scopeSeparator: ',',
  pkce: false,
  client: 'body',
  readToken(answer) {
    const token = readTokenAnswer(answer)
    const { athlete, scope } = membersOf(answer)
    const { id, name } = membersOf(athlete)
    if (typeof id !== 'string') throw new BadAnswer('the answer does not say whose account it is')
    return {
      ...token,
      account: id,
      profile: { name },
      ...(typeof scope === 'string' ? { scopes: scope.split(/[,\s]+/).filter(Boolean) } : {}),
    }
  },
  refusesApp: (status) => status === 404,
  /** A token has no end and no refresh, so nothing here ends a connection. */
  refusesGrant: () => false,
  refreshToken: 'none',
}

export const signIn: OtherAuth = {
  auth: oauth,
  words: {
    en: 'Sign in at intervals.icu instead of pasting a key, if the operator has registered an app there',
    de: 'Statt einen Schlüssel einzufügen bei intervals.icu anmelden, wenn der Betreiber dort eine App registriert hat',
    fr: 'Se connecter sur intervals.icu au lieu de coller une clé, si l’opérateur y a enregistré une application',
  },
}
