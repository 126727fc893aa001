import { defineProvider } from '../kit/provider.ts'

export const wahoo = defineProvider({
  id: 'wahoo',
  name: 'Wahoo',
  makers: ['wahoo'],
  arrives: 'cloud',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
