import { defineProvider } from '../kit/provider.ts'

export const mqtt = defineProvider({
  id: 'mqtt',
  name: 'MQTT',
  makers: ['mqtt'],
  arrives: 'local',
  auth: { kind: 'none' },
  access: {
    en: 'Sensors that publish to an MQTT broker. The operator names the broker in the settings; each sensor is a device here, with its own topics.',
    de: 'Sensoren, die an einen MQTT-Broker senden. Der Betreiber nennt den Broker in den Einstellungen; jeder Sensor ist hier ein Gerät mit eigenen Topics.',
    fr: 'Des capteurs qui publient vers un courtier MQTT. L’opérateur indique le courtier dans les paramètres ; chaque capteur est ici un appareil avec ses propres « topics ».',
  },
  limits: [],
  feeds: {},
})
