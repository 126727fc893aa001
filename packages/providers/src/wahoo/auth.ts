import type { OAuth2 } from '../kit/auth.ts'

export const auth: OAuth2 = {
  kind: 'oauth2',
  authorizeUrl: 'https://api.wahooligan.com/oauth/authorize',
  tokenUrl: 'https://api.wahooligan.com/oauth/token',
  scopes: {
    // Without it every call answers 403.
    user_read: { words: { en: 'Your profile', de: 'Dein Profil', fr: 'Votre profil' } },
    workouts_read: {
      words: {
        en: 'Your workouts and their files',
        de: 'Deine Trainings und ihre Dateien',
        fr: 'Vos entraînements et leurs fichiers',
      },
    },
    power_zones_read: {
      words: { en: 'Your power zones', de: 'Deine Leistungszonen', fr: 'Vos zones de puissance' },
      optional: true,
    },
    plans_read: {
      words: { en: 'What you plan to do', de: 'Was du vorhast', fr: 'Ce que vous prévoyez de faire' },
      optional: true,
    },
    routes_read: {
      words: {
        en: 'The ways your plans go',
        de: 'Die Wege deiner Pläne',
        fr: 'Les parcours de vos séances prévues',
      },
      optional: true,
    },
    offline_data: {
      words: {
        en: 'New workouts as they come',
        de: 'Neue Trainings, sobald sie da sind',
        fr: 'Les nouveaux entraînements dès leur arrivée',
      },
    },
  },
  pkce: false, // only for apps registered as not confidential, which have no secret
  client: 'body',
  refreshToken: 'rotates',
  // Old tokens live on until the new one is used, and more than ten of a person make every call fail.
  afterRefresh: '/v1/user',
  accessSeconds: 7200,
}
