import { defineProvider } from '../kit/provider.ts'

/** Named, so that a device can say how it is reached; the hub does not listen to a broker. */
export const mqtt = defineProvider({
  id: 'mqtt',
  name: 'MQTT',
  makers: ['mqtt'],
  arrives: 'local',
  auth: { kind: 'none' },
  access: {
    en: 'Not available yet: this hub does not listen to an MQTT broker. Until it does, let what has your sensors’ values send them over the API.',
    de: 'Noch nicht verfügbar: Dieser Hub hört auf keinen MQTT-Broker. Bis dahin kann das, was die Werte deiner Sensoren hat, sie über die API schicken.',
    fr: 'Pas encore disponible : ce hub n’écoute aucun courtier MQTT. En attendant, ce qui a les valeurs de vos capteurs peut les envoyer par l’API.',
  },
  limits: [],
  feeds: {},
})
