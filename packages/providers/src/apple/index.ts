import { defineProvider } from '../kit/provider.ts'

export const apple = defineProvider({
  id: 'apple',
  name: 'Apple Health',
  makers: ['apple', 'apple_health'],
  arrives: 'phone',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
