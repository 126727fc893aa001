import { defineProvider } from '../kit/provider.ts'

export const manual = defineProvider({
  id: 'manual',
  name: 'Manual entry',
  makers: ['manual'],
  arrives: 'local',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
