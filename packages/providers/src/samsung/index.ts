import { defineProvider } from '../kit/provider.ts'

export const samsung = defineProvider({
  id: 'samsung',
  name: 'Samsung Health',
  makers: ['samsung'],
  arrives: 'phone',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
