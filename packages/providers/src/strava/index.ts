import { defineProvider } from '../kit/provider.ts'

export const strava = defineProvider({
  id: 'strava',
  name: 'Strava',
  makers: ['strava'],
  arrives: 'cloud',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
