import { defineProvider } from '../kit/provider.ts'

/** Its data are pushed by an app on the phone: no cloud of it is open to others, and its export is not read. */
export const samsung = defineProvider({
  id: 'samsung',
  name: 'Samsung Health',
  makers: ['samsung', 'samsung_health'],
  arrives: 'phone',
  auth: { kind: 'none' },
  access: {
    en: 'Samsung Health has no cloud that others may read. Let an app on the phone send what it knows, through Health Connect or directly.',
    de: 'Samsung Health hat keine Cloud, die andere lesen dürfen. Lass eine App auf dem Telefon schicken, was sie weiß, über Health Connect oder direkt.',
    fr: 'Samsung Health n’a pas de cloud que d’autres peuvent lire. Laissez une application du téléphone envoyer ce qu’elle sait, par Health Connect ou directement.',
  },
  limits: [],
  feeds: {},
})
