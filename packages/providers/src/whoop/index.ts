import { defineProvider } from '../kit/provider.ts'

export const whoop = defineProvider({
  id: 'whoop',
  name: 'WHOOP',
  makers: ['whoop'],
  arrives: 'cloud',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
