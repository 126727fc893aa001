import { defineProvider } from '../kit/provider.ts'

/** Its APIs are being shut down and take no new projects since May 2024, so there is nothing to sign in to. */
export const googleFit = defineProvider({
  id: 'google_fit',
  name: 'Google Fit',
  makers: ['google', 'google_fit'],
  arrives: 'phone',
  auth: { kind: 'none' },
  access: {
    en: 'Google is closing Google Fit and lets nobody new read it. Import your Fit history from Google Takeout; new data come through Health Connect on the phone, or through Fitbit here if you have a Fitbit or a Pixel Watch.',
    de: 'Google schließt Google Fit und lässt niemanden neu hinein. Importiere deinen Verlauf aus Google Takeout; neue Daten kommen über Health Connect auf dem Telefon, oder hier über Fitbit, wenn du ein Fitbit oder eine Pixel Watch hast.',
    fr: 'Google ferme Google Fit et n’y laisse plus entrer personne. Importez votre historique depuis Google Takeout ; les nouvelles données passent par Health Connect sur le téléphone, ou ici par Fitbit si vous avez un Fitbit ou une Pixel Watch.',
  },
  limits: [],
  feeds: {},
})
