import { defineProvider } from '../kit/provider.ts'

export const xiaomi = defineProvider({
  id: 'xiaomi',
  name: 'Xiaomi / Zepp',
  makers: ['xiaomi', 'zepp', 'amazfit', 'huami'],
  arrives: 'file',
  auth: { kind: 'none' },
  limits: [],
  feeds: {},
})
