/** The hosted page in the languages that providers' words come in. */
import type { WordLanguage } from '../../util/word-language.ts'

interface ConnectWords {
  title: string
  lead: string
  ended: string
  endedLead: string
  connected: string
  none: string
  back: string
  done: string
  waiting: string
}

export const connectWords: Readonly<Record<WordLanguage, ConnectWords>> = {
  en: {
    title: 'Connect your accounts',
    lead: 'Choose a brand. You sign in there, and decide what may be read.',
    ended: 'This link has ended',
    endedLead: 'Links to this page are good for a few minutes. Go back to the app you came from and try again.',
    connected: 'Connected',
    none: 'There is nothing to connect here yet.',
    back: 'Other brands',
    done: 'Done',
    waiting: 'Go on in the window that opened. This page notices when you are done.',
  },
  de: {
    title: 'Konten verbinden',
    lead: 'Wählen Sie eine Marke. Sie melden sich dort an und entscheiden, was gelesen werden darf.',
    ended: 'Dieser Link ist abgelaufen',
    endedLead:
      'Links auf diese Seite gelten einige Minuten. Gehen Sie zurück zu der App, aus der Sie kamen, und versuchen Sie es noch einmal.',
    connected: 'Verbunden',
    none: 'Hier gibt es noch nichts zu verbinden.',
    back: 'Andere Marken',
    done: 'Fertig',
    waiting: 'Machen Sie in dem Fenster weiter, das sich geöffnet hat. Diese Seite merkt, wenn Sie fertig sind.',
  },
  fr: {
    title: 'Connecter vos comptes',
    lead: 'Choisissez une marque. Vous vous connectez chez elle et décidez de ce qui peut être lu.',
    ended: 'Ce lien a expiré',
    endedLead:
      'Les liens vers cette page sont valables quelques minutes. Revenez à l’application d’où vous venez et réessayez.',
    connected: 'Connecté',
    none: 'Il n’y a encore rien à connecter ici.',
    back: 'Autres marques',
    done: 'Terminé',
    waiting: 'Continuez dans la fenêtre qui s’est ouverte. Cette page remarque quand vous avez terminé.',
  },
}
