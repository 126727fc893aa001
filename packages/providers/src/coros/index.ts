import { defineProvider } from '../kit/provider.ts'

export const coros = defineProvider({
  id: 'coros',
  name: 'COROS',
  makers: ['coros'],
  arrives: 'cloud',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
