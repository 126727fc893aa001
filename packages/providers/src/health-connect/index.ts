import { defineProvider } from '../kit/provider.ts'

export const healthConnect = defineProvider({
  id: 'health_connect',
  name: 'Health Connect',
  makers: ['health_connect'],
  arrives: 'phone',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
