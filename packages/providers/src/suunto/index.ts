import { defineProvider } from '../kit/provider.ts'

export const suunto = defineProvider({
  id: 'suunto',
  name: 'Suunto',
  makers: ['suunto'],
  arrives: 'cloud',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
