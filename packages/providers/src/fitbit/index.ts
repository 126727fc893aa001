import { defineProvider } from '../kit/provider.ts'

export const fitbit = defineProvider({
  id: 'fitbit',
  name: 'Fitbit',
  makers: ['fitbit'],
  arrives: 'cloud',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
