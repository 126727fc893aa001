import { tableOf } from '@tributary/protocol'
import type { OAuth2, ScopeWords } from '../kit/auth.ts'
import type { OtherAuth } from '../kit/provider.ts'

const prefix = 'https://www.googleapis.com/auth/googlehealth.'

/** All reading; a write scope would grant no reading and narrow what is read to our own data. */
export const scope = {
  activity: `${prefix}activity_and_fitness.readonly`,
  metrics: `${prefix}health_metrics_and_measurements.readonly`,
  sleep: `${prefix}sleep.readonly`,
  nutrition: `${prefix}nutrition.readonly`,
  location: `${prefix}location.readonly`,
  settings: `${prefix}settings.readonly`,
  profile: `${prefix}profile.readonly`,
  ecg: `${prefix}ecg.readonly`,
  rhythm: `${prefix}irn.readonly`,
  mindfulness: `${prefix}mindfulness.readonly`,
  symptoms: `${prefix}logged_symptoms.readonly`,
  cycle: `${prefix}reproductive_health.readonly`,
} as const

const scopes: Readonly<Record<string, ScopeWords>> = tableOf({
  [scope.activity]: {
    words: {
      en: 'Steps, distances, energy and workouts',
      de: 'Schritte, Strecken, Energie und Trainings',
      fr: 'Pas, distances, énergie et entraînements',
    },
  },
  [scope.metrics]: {
    words: {
      en: 'Heart rate, oxygen, breathing, temperature, weight and glucose',
      de: 'Puls, Sauerstoff, Atmung, Temperatur, Gewicht und Glukose',
      fr: 'Fréquence cardiaque, oxygène, respiration, température, poids et glucose',
    },
    optional: true,
  },
  [scope.sleep]: {
    words: { en: 'Sleep', de: 'Schlaf', fr: 'Sommeil' },
    optional: true,
  },
  [scope.nutrition]: {
    words: { en: 'What you eat and drink', de: 'Was du isst und trinkst', fr: 'Ce que vous mangez et buvez' },
    optional: true,
  },
  [scope.location]: {
    words: { en: 'The way of your workouts', de: 'Die Strecke deiner Trainings', fr: 'Le tracé de vos entraînements' },
    optional: true,
  },
  [scope.settings]: {
    words: {
      en: 'Your devices and their batteries',
      de: 'Deine Geräte und ihre Akkus',
      fr: 'Vos appareils et leurs batteries',
    },
    optional: true,
  },
  [scope.profile]: {
    words: {
      en: 'Since when you have the account, your age and how long your steps are',
      de: 'Seit wann du das Konto hast, dein Alter und deine Schrittlänge',
      fr: 'Depuis quand vous avez le compte, votre âge et la longueur de vos pas',
    },
    optional: true,
  },
  [scope.ecg]: {
    words: { en: 'Your ECGs', de: 'Deine EKGs', fr: 'Vos ECG' },
    optional: true,
  },
  [scope.rhythm]: {
    words: {
      en: 'Notices of an irregular heart rhythm',
      de: 'Hinweise auf einen unregelmäßigen Herzrhythmus',
      fr: 'Les notifications de rythme cardiaque irrégulier',
    },
    optional: true,
  },
  [scope.mindfulness]: {
    words: {
      en: 'The moods you wrote down',
      de: 'Die Stimmungen, die du notiert hast',
      fr: 'Les humeurs que vous avez notées',
    },
    optional: true,
  },
  [scope.symptoms]: {
    words: {
      en: 'The symptoms you wrote down',
      de: 'Die Beschwerden, die du notiert hast',
      fr: 'Les symptômes que vous avez notés',
    },
    optional: true,
  },
  [scope.cycle]: {
    words: {
      en: 'Your cycle: periods and ovulation tests',
      de: 'Dein Zyklus: Periode und Ovulationstests',
      fr: 'Votre cycle : règles et tests d’ovulation',
    },
    optional: true,
  },
})

export const auth: OAuth2 = {
  kind: 'oauth2',
  authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
  tokenUrl: 'https://oauth2.googleapis.com/token',
  scopes,
  pkce: true,
  client: 'body',
  // Without these Google gives no refresh token to somebody who signed in before. `include_granted_scopes` is left out: tokens that
  // thereby also hold the scopes of Google Fit are refused.
  authorizeParameters: { access_type: 'offline', prompt: 'consent' },
  refreshToken: 'stays',
  accessSeconds: 3599,
  refreshSeconds: 15_552_000, // six months unused; seven days while the consent screen is in "Testing"
}

/** Fitbit's own Web API, switched off. Its tokens cannot be turned into Google's; its user id is Google's `legacyUserId`. */
export const legacy: OtherAuth = {
  auth: {
    kind: 'oauth2',
    authorizeUrl: 'https://www.fitbit.com/oauth2/authorize',
    tokenUrl: 'https://api.fitbit.com/oauth2/token',
    scopes: {},
    pkce: true,
    client: 'basic',
    refreshToken: 'rotates',
    accessSeconds: 28_800,
  },
  closed: true,
  endsOn: '2026-11-02',
  // Google's tokens begin so, and its scopes are addresses; Fitbit's are JWTs and plain words.
  gave: ({ accessToken, scopes }) =>
    !accessToken.startsWith('ya29.') && !scopes.some((granted) => granted.startsWith(prefix)),
  words: {
    en: 'Fitbit’s own sign-in has ended: Google Health took its place. Sign in once with the Google account your Fitbit belongs to; what you have here stays.',
    de: 'Fitbits eigene Anmeldung gibt es nicht mehr: Google Health ist an ihrer Stelle. Melde dich einmal mit dem Google-Konto an, zu dem dein Fitbit gehört; was hier ist, bleibt.',
    fr: 'La connexion propre à Fitbit a pris fin : Google Health l’a remplacée. Connectez-vous une fois avec le compte Google de votre Fitbit ; ce que vous avez ici reste.',
  },
}
