import { defineProvider } from '../kit/provider.ts'

export const polar = defineProvider({
  id: 'polar',
  name: 'Polar',
  makers: ['polar'],
  arrives: 'cloud',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
