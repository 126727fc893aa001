import { defineProvider } from '../kit/provider.ts'

export const mqtt = defineProvider({
  id: 'mqtt',
  name: 'MQTT',
  makers: ['mqtt'],
  arrives: 'local',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
