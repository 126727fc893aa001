import { defineProvider } from '../kit/provider.ts'

/** The phone’s own store. Its data are pushed by an app or imported from its export: there is nothing to fetch. */
export const apple = defineProvider({
  id: 'apple',
  name: 'Apple Health',
  makers: ['apple', 'apple_health', 'healthkit'],
  arrives: 'phone',
  auth: { kind: 'none' },
  access: {
    en: 'Apple Health has no cloud to sign in to. On the iPhone, open Health, tap your picture and “Export All Health Data”, then import the file here; or let an app on the phone send new data as they come, such as Health Auto Export.',
    de: 'Apple Health hat keine Cloud, bei der man sich anmeldet. Öffne auf dem iPhone Health, tippe auf dein Bild und „Alle Gesundheitsdaten exportieren“ und importiere die Datei hier; oder lass eine App auf dem Telefon neue Daten schicken, sobald sie da sind, etwa Health Auto Export.',
    fr: 'Apple Santé n’a pas de cloud où se connecter. Sur l’iPhone, ouvrez Santé, touchez votre photo puis « Exporter toutes les données de santé » et importez le fichier ici ; ou laissez une application du téléphone envoyer les données à mesure, comme Health Auto Export.',
  },
  limits: [],
  feeds: {},
})
