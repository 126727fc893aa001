import { defineProvider } from '../kit/provider.ts'

export const intervals = defineProvider({
  id: 'intervals',
  name: 'intervals.icu',
  makers: ['intervals'],
  arrives: 'cloud',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
