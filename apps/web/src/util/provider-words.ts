/** What is said around a provider's own words, in the languages that those come in. */
import { connections } from '@tributary/protocol'
import { metricTitles } from '@tributary/protocol/metric-titles'
import { metricTitle } from './metric-words.ts'
import type { WordLanguage } from './word-language.ts'

export interface ProviderWords {
  whatIsRead: string
  titleOf(thing: string): string
  /** How a title is written within a sentence. */
  within(title: string): string
  and: string
  more(n: number): string
  asItStands: string
  last(days: number): string
  firstSync(name: string): string
  tells(name: string): string
  region: string
  regionHelp(name: string): string
  asked: string
  signsInThere(name: string): string
  connect(name: string): string
  otherWay: string
  open(name: string): string
  needed(field: string): string
  notKnown(name: string): string
  /** Lists of a connection. */
  notAllowed(titles: string): string
  allow: string
}

const lowered = (title: string) => title.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase())
const titlesIn = (language: Exclude<WordLanguage, 'en'>) => (thing: string) =>
  metricTitles[thing as keyof typeof metricTitles]?.[language] ?? metricTitle(thing)

export const providerWords: Readonly<Record<WordLanguage, ProviderWords>> = {
  en: {
    whatIsRead: 'What is read',
    titleOf: metricTitle,
    within: lowered,
    and: 'and',
    more: (n) => `${n} more`,
    asItStands: 'as it stands there now',
    last: (days) => (days === 1 ? 'the last day' : `the last ${days} days`),
    firstSync: (name) =>
      `The first sync reads the last ${connections.firstSyncDays} days. Nothing is ever written to ${name}.`,
    tells: (name) => `${name} tells this hub when there is something new.`,
    region: 'Where the account is',
    regionHelp: (name) => `${name} keeps people apart by region: the wrong one has none of your data.`,
    asked: 'You will be asked to allow',
    signsInThere: (name) =>
      `You sign in at ${name} itself, so this hub never sees your password there. You can disconnect at any time.`,
    connect: (name) => `Connect ${name}`,
    otherWay: 'Use the other sign-in',
    open: (name) => `Open ${name}`,
    needed: (field) => `${field} is needed`,
    notKnown: (name) => `${name} does not know this key. Copy it once more.`,
    notAllowed: (titles) => `Not read, because it was not allowed: ${titles}.`,
    allow: 'Sign in again to allow it',
  },
  de: {
    whatIsRead: 'Was gelesen wird',
    titleOf: titlesIn('de'),
    within: (title) => title,
    and: 'und',
    more: (n) => `${n} weitere`,
    asItStands: 'wie es dort gerade steht',
    last: (days) => (days === 1 ? 'der letzte Tag' : `die letzten ${days} Tage`),
    firstSync: (name) =>
      `Zuerst werden die letzten ${connections.firstSyncDays} Tage gelesen. Bei ${name} wird nie etwas geschrieben.`,
    tells: (name) => `${name} sagt Bescheid, wenn es etwas Neues gibt.`,
    region: 'Wo das Konto liegt',
    regionHelp: (name) => `${name} trennt nach Regionen: In der falschen liegen keine Daten von dir.`,
    asked: 'Du wirst gefragt, ob du das erlaubst',
    signsInThere: (name) =>
      `Du meldest dich bei ${name} selbst an; dein Passwort dort bleibt unbekannt. Du kannst die Verbindung jederzeit trennen.`,
    connect: (name) => `${name} verbinden`,
    otherWay: 'Die andere Anmeldung nehmen',
    open: (name) => `${name} öffnen`,
    needed: (field) => `${field} fehlt`,
    notKnown: (name) => `${name} kennt diesen Schlüssel nicht. Kopiere ihn noch einmal.`,
    notAllowed: (titles) => `Nicht gelesen, weil es nicht erlaubt wurde: ${titles}.`,
    allow: 'Neu anmelden und erlauben',
  },
  fr: {
    whatIsRead: 'Ce qui est lu',
    titleOf: titlesIn('fr'),
    within: lowered,
    and: 'et',
    more: (n) => `${n} autres`,
    asItStands: 'tel quel en ce moment',
    last: (days) => (days === 1 ? 'le dernier jour' : `les ${days} derniers jours`),
    firstSync: (name) =>
      `Les ${connections.firstSyncDays} derniers jours sont lus d’abord. Rien n’est jamais écrit chez ${name}.`,
    tells: (name) => `${name} prévient quand il y a du nouveau.`,
    region: 'Où se trouve le compte',
    regionHelp: (name) => `${name} sépare les régions : la mauvaise n’a aucune de vos données.`,
    asked: 'On vous demandera d’autoriser',
    signsInThere: (name) =>
      `Vous vous connectez chez ${name} même ; votre mot de passe n’est connu que là-bas. Vous pouvez déconnecter le compte à tout moment.`,
    connect: (name) => `Connecter ${name}`,
    otherWay: 'Prendre l’autre connexion',
    open: (name) => `Ouvrir ${name}`,
    needed: (field) => `Il manque : ${field}`,
    notKnown: (name) => `${name} ne connaît pas cette clé. Copiez-la encore une fois.`,
    notAllowed: (titles) => `Non lu, faute d’autorisation : ${titles}.`,
    allow: 'Se reconnecter pour l’autoriser',
  },
}
