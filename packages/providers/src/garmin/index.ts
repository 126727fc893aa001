import { defineProvider } from '../kit/provider.ts'

export const garmin = defineProvider({
  id: 'garmin',
  name: 'Garmin',
  makers: ['garmin'],
  arrives: 'cloud',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
