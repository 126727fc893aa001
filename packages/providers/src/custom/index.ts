import { defineProvider } from '../kit/provider.ts'

export const custom = defineProvider({
  id: 'custom',
  name: 'Custom device',
  makers: ['custom'],
  arrives: 'local',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
