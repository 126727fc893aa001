import { defineProvider } from '../kit/provider.ts'

/** The phone’s own store. Its data are pushed by an app on the phone: there is nothing to fetch. */
export const healthConnect = defineProvider({
  id: 'health_connect',
  name: 'Health Connect',
  makers: ['health_connect'],
  arrives: 'phone',
  auth: { kind: 'none' },
  access: {
    en: 'Health Connect lives on the Android phone. An app on the phone reads what you allow, type by type, and sends it here; without the permission for history it sees the last 30 days only.',
    de: 'Health Connect liegt auf dem Android-Telefon. Eine App auf dem Telefon liest, was du je Datenart erlaubst, und schickt es hierher; ohne die Erlaubnis für den Verlauf sieht sie nur die letzten 30 Tage.',
    fr: 'Health Connect se trouve sur le téléphone Android. Une application du téléphone lit ce que vous autorisez, type par type, et l’envoie ici ; sans l’autorisation pour l’historique, elle ne voit que les 30 derniers jours.',
  },
  limits: [],
  feeds: {},
})
