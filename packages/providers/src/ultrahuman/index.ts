import { defineProvider } from '../kit/provider.ts'

export const ultrahuman = defineProvider({
  id: 'ultrahuman',
  name: 'Ultrahuman',
  makers: ['ultrahuman'],
  arrives: 'cloud',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
