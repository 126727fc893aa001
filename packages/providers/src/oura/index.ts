import { defineProvider } from '../kit/provider.ts'

export const oura = defineProvider({
  id: 'oura',
  name: 'Oura',
  makers: ['oura'],
  arrives: 'cloud',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
