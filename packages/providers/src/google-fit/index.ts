import { defineProvider } from '../kit/provider.ts'

export const googleFit = defineProvider({
  id: 'google_fit',
  name: 'Google Fit',
  makers: ['google', 'google_fit'],
  arrives: 'phone',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
