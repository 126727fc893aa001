import { defineProvider } from '../kit/provider.ts'

export const dexcom = defineProvider({
  id: 'dexcom',
  name: 'Dexcom',
  makers: ['dexcom'],
  arrives: 'cloud',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
