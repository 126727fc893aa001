import { defineProvider } from '../kit/provider.ts'

/** Two ecosystems whose exports differ completely; neither has a way in for others but the person’s own export. */
export const xiaomi = defineProvider({
  id: 'xiaomi',
  name: 'Xiaomi / Zepp',
  makers: ['xiaomi', 'zepp', 'amazfit', 'huami'],
  arrives: 'file',
  auth: { kind: 'none' },
  access: {
    en: 'Neither Xiaomi nor Zepp lets others read its cloud. Ask for your data there (Mi Fitness: account.xiaomi.com, Privacy, Manage your data; Zepp: profile, Settings, export) and import the file here. Both apps can also write to Apple Health and Health Connect.',
    de: 'Weder Xiaomi noch Zepp lassen andere ihre Cloud lesen. Fordere deine Daten dort an (Mi Fitness: account.xiaomi.com, Datenschutz, Daten verwalten; Zepp: Profil, Einstellungen, Export) und importiere die Datei hier. Beide Apps können auch in Apple Health und Health Connect schreiben.',
    fr: 'Ni Xiaomi ni Zepp ne laissent d’autres lire leur cloud. Demandez-y vos données (Mi Fitness : account.xiaomi.com, confidentialité, gérer vos données ; Zepp : profil, paramètres, export) et importez le fichier ici. Les deux applications peuvent aussi écrire dans Apple Santé et Health Connect.',
  },
  limits: [],
  feeds: {},
})
