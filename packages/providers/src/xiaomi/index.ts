import { defineProvider } from '../kit/provider.ts'

/** Two ecosystems whose exports differ completely; neither has a way in for others but the person’s own export, or Gadgetbridge in place of their apps. */
export const xiaomi = defineProvider({
  id: 'xiaomi',
  name: 'Xiaomi / Zepp',
  makers: ['xiaomi', 'zepp', 'amazfit', 'huami'],
  arrives: 'file',
  auth: { kind: 'none' },
  access: {
    en: 'Neither Xiaomi nor Zepp lets others read its cloud. Ask for your data there (Mi Fitness: account.xiaomi.com, Privacy, Manage your data; Zepp: profile, Settings, export) and import the file here. Whoever reads the band or watch with Gadgetbridge imports its database instead (Data management, export). Both apps can also write to Apple Health and Health Connect.',
    de: 'Weder Xiaomi noch Zepp lassen andere ihre Cloud lesen. Fordere deine Daten dort an (Mi Fitness: account.xiaomi.com, Datenschutz, Daten verwalten; Zepp: Profil, Einstellungen, Export) und importiere die Datei hier. Wer Band oder Uhr mit Gadgetbridge ausliest, importiert stattdessen dessen Datenbank (Datenverwaltung, Export). Beide Apps können auch in Apple Health und Health Connect schreiben.',
    fr: 'Ni Xiaomi ni Zepp ne laissent d’autres lire leur cloud. Demandez-y vos données (Mi Fitness : account.xiaomi.com, confidentialité, gérer vos données ; Zepp : profil, paramètres, export) et importez le fichier ici. Qui lit son bracelet ou sa montre avec Gadgetbridge importe plutôt sa base de données (gestion des données, exportation). Les deux applications peuvent aussi écrire dans Apple Santé et Health Connect.',
  },
  limits: [],
  feeds: {},
})
