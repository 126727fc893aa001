import { defineProvider } from '../kit/provider.ts'

export const withings = defineProvider({
  id: 'withings',
  name: 'Withings',
  makers: ['withings'],
  arrives: 'cloud',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
