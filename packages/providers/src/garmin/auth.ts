import type { OAuth1, OAuth2 } from '../kit/auth.ts'
import type { OtherAuth } from '../kit/provider.ts'
import { readTokenAnswer } from '../kit/token-answer.ts'

/** What a person ticks on Garmin's own consent page. No scope parameter asks for it; `user/permissions` tells what was ticked. */
const permissions = {
  ACTIVITY_EXPORT: {
    words: {
      en: 'Your activities',
      de: 'Deine Aktivitäten',
      fr: 'Vos activités',
    },
  },
  HEALTH_EXPORT: {
    words: {
      en: 'Steps, heart rate, sleep, stress and body measurements',
      de: 'Schritte, Puls, Schlaf, Stress und Körpermaße',
      fr: 'Pas, fréquence cardiaque, sommeil, stress et mesures du corps',
    },
  },
  HISTORICAL_DATA_EXPORT: {
    words: {
      en: 'Your data from before you connected (not ticked at first on Garmin’s page)',
      de: 'Deine Daten aus der Zeit vor der Verbindung (auf Garmins Seite zunächst nicht angekreuzt)',
      fr: 'Vos données d’avant la connexion (décoché au départ sur la page de Garmin)',
    },
    optional: true,
  },
  MCT_EXPORT: {
    words: {
      en: 'Menstrual cycle and pregnancy',
      de: 'Zyklus und Schwangerschaft',
      fr: 'Cycle menstruel et grossesse',
    },
    optional: true,
  },
} as const

export const auth: OAuth2 = {
  kind: 'oauth2',
  authorizeUrl: 'https://connect.garmin.com/oauth2Confirm',
  tokenUrl: 'https://diauth.garmin.com/di-oauth2-service/oauth/token',
  scopes: permissions,
  scopesNotSent: true,
  pkce: true,
  client: 'body',
  readToken: readTokenAnswer, // its `scope` (CONNECT_READ …) says nothing of the permissions
  refreshToken: 'rotates',
  accessSeconds: 86_400,
  earlySeconds: 600,
  refreshSeconds: 7_776_000, // 90 days unused
}

const oauth1: OAuth1 = {
  kind: 'oauth1',
  requestTokenUrl: 'https://connectapi.garmin.com/oauth-service/oauth/request_token',
  authorizeUrl: 'https://connect.garmin.com/oauthConfirm',
  accessTokenUrl: 'https://connectapi.garmin.com/oauth-service/oauth/access_token',
}

/** Its tokens do not expire by themselves; Garmin ends all of them at once. The user id is the same in both. */
export const legacy: OtherAuth = {
  auth: oauth1,
  endsOn: '2026-12-31',
  // OAuth 2 gives a token for a day, and what renews it; OAuth 1 a token without an end, and a secret that some programs keep beside it.
  gave: ({ refreshToken, expiresAt }) => !refreshToken || !expiresAt,
  words: {
    en: 'The old sign-in (OAuth 1), for an app that Garmin has not moved to the new one yet. Garmin ends it on 31 December 2026: sign in again to keep receiving data; nothing is lost.',
    de: 'Die alte Anmeldung (OAuth 1), für eine App, die Garmin noch nicht auf die neue umgestellt hat. Garmin beendet sie am 31. Dezember 2026: Melde dich neu an, damit weiter Daten kommen; nichts geht verloren.',
    fr: 'L’ancienne connexion (OAuth 1), pour une application que Garmin n’a pas encore passée à la nouvelle. Garmin y met fin le 31 décembre 2026 : reconnectez-vous pour continuer à recevoir vos données ; rien n’est perdu.',
  },
}
