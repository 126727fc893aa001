import { defineProvider } from '../kit/provider.ts'

/** Its data are pushed by an app on the phone or imported from its export: no cloud of it is open to others. */
export const samsung = defineProvider({
  id: 'samsung',
  name: 'Samsung Health',
  makers: ['samsung', 'samsung_health'],
  arrives: 'phone',
  auth: { kind: 'none' },
  access: {
    en: 'Samsung Health has no cloud that others may read. In the app, open Settings and “Download personal data”, then import the folder here; or let an app on the phone send it, through Health Connect or directly.',
    de: 'Samsung Health hat keine Cloud, die andere lesen dürfen. Öffne in der App die Einstellungen und „Persönliche Daten herunterladen“ und importiere den Ordner hier; oder lass eine App auf dem Telefon sie schicken, über Health Connect oder direkt.',
    fr: 'Samsung Health n’a pas de cloud que d’autres peuvent lire. Dans l’application, ouvrez les paramètres puis « Télécharger les données personnelles » et importez le dossier ici ; ou laissez une application du téléphone les envoyer, par Health Connect ou directement.',
  },
  limits: [],
  feeds: {},
})
