import { defineProvider } from '../kit/provider.ts'

export const manual = defineProvider({
  id: 'manual',
  name: 'Manual entry',
  makers: ['manual'],
  arrives: 'local',
  auth: { kind: 'none' },
  access: {
    en: 'What you enter yourself, in the app or by the API.',
    de: 'Was du selbst einträgst, in der App oder über die API.',
    fr: 'Ce que vous saisissez vous-même, dans l’application ou par l’API.',
  },
  limits: [],
  feeds: {},
})
