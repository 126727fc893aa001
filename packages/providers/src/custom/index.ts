import { defineProvider } from '../kit/provider.ts'

export const custom = defineProvider({
  id: 'custom',
  name: 'Custom device',
  makers: ['custom'],
  arrives: 'local',
  auth: { kind: 'none' },
  access: {
    en: 'Anything that can send a request: register a device here and post its values with the token you are given.',
    de: 'Alles, was eine Anfrage senden kann: Registriere hier ein Gerät und schick seine Werte mit dem Token, das du bekommst.',
    fr: 'Tout ce qui peut envoyer une requête : enregistrez un appareil ici et envoyez ses valeurs avec le jeton que vous recevez.',
  },
  limits: [],
  feeds: {},
})
