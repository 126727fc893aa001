/** The hosted page in the languages that providers' words come in. */
import type { WordLanguage } from '../../util/word-language.ts'

/** What the server says became of a sign-in that connected nothing. */
export type Miss = 'cancelled' | 'denied' | 'expired' | 'replayed' | 'unavailable' | 'refused'

/** Why a request of this page was refused. */
export type Failure =
  | 'credentials_refused'
  | 'account_taken'
  | 'provider_unavailable'
  | 'provider_not_configured'
  | 'unreachable'
  | 'other'

export interface ConnectWords {
  title: string
  lead: string
  brandLead(name: string): string
  loading: string
  retry: string
  ended: string
  endedLead: string
  connected: string
  isConnected(name: string): string
  none: string
  back: string
  done: string
  close: string
  closeLead: string
  waiting(name: string): string
  openAgain: string
  misses: Readonly<Record<Miss, string>>
  failures: Readonly<Record<Failure, string>>
}

export const connectWords: Readonly<Record<WordLanguage, ConnectWords>> = {
  en: {
    title: 'Connect your accounts',
    lead: 'Choose a brand. You sign in there, and decide what may be read.',
    brandLead: (name) => `See what is read, then sign in at ${name}.`,
    loading: 'Loading',
    retry: 'Try again',
    ended: 'This link has ended',
    endedLead: 'Links to this page are good for a few minutes. Go back to the app you came from and try again.',
    connected: 'Connected',
    isConnected: (name) => `${name} is connected.`,
    none: 'There is nothing to connect here yet.',
    back: 'Other brands',
    done: 'Done',
    close: 'Close this window',
    closeLead: 'You can close this page now.',
    waiting: (name) =>
      `Connect ${name} in the window that opened. This page notices when you are done, and you can come back here at any time.`,
    openAgain: 'Open the window again',
    misses: {
      cancelled: 'You cancelled signing in. Nothing was changed.',
      denied: 'The brand refused the sign-in. Nothing was changed.',
      expired: 'That took too long: a sign-in is good for ten minutes. Start it once more.',
      replayed: 'That page had been opened before. What is connected says so.',
      unavailable: 'The brand does not answer at the moment. Nothing was changed; try again in a while.',
      refused: 'Nothing was connected, and nothing was changed. You can try again whenever you like.',
    },
    failures: {
      credentials_refused: 'The brand does not accept this. Check it for typing errors and try again.',
      account_taken: 'Somebody else is connected to this account already.',
      provider_unavailable: 'The brand does not answer at the moment. Try again in a while.',
      provider_not_configured: 'This brand cannot be connected here yet.',
      unreachable: 'The connection broke off. Check that you are online and try again.',
      other: 'That did not work, and nothing was changed. Try again.',
    },
  },
  de: {
    title: 'Konten verbinden',
    lead: 'Wähle eine Marke. Du meldest dich dort an und entscheidest, was gelesen werden darf.',
    brandLead: (name) => `Sieh dir an, was gelesen wird; dann meldest du dich bei ${name} an.`,
    loading: 'Wird geladen',
    retry: 'Noch einmal versuchen',
    ended: 'Dieser Link ist abgelaufen',
    endedLead:
      'Links auf diese Seite gelten einige Minuten. Geh zurück zu der App, aus der du kamst, und versuche es noch einmal.',
    connected: 'Verbunden',
    isConnected: (name) => `${name} ist verbunden.`,
    none: 'Hier gibt es noch nichts zu verbinden.',
    back: 'Andere Marken',
    done: 'Fertig',
    close: 'Fenster schließen',
    closeLead: 'Du kannst diese Seite jetzt schließen.',
    waiting: (name) =>
      `Verbinde ${name} in dem Fenster, das sich geöffnet hat. Diese Seite merkt, wenn du fertig bist, und du kannst jederzeit hierher zurück.`,
    openAgain: 'Fenster noch einmal öffnen',
    misses: {
      cancelled: 'Du hast die Anmeldung abgebrochen. Es wurde nichts geändert.',
      denied: 'Die Marke hat die Anmeldung abgelehnt. Es wurde nichts geändert.',
      expired: 'Das hat zu lange gedauert: Eine Anmeldung gilt zehn Minuten. Beginne sie noch einmal.',
      replayed: 'Diese Seite war schon offen. Was verbunden ist, ist so bezeichnet.',
      unavailable: 'Die Marke antwortet gerade nicht. Es wurde nichts geändert; versuche es später noch einmal.',
      refused: 'Es wurde nichts verbunden und nichts geändert. Du kannst es jederzeit noch einmal versuchen.',
    },
    failures: {
      credentials_refused: 'Die Marke nimmt das nicht an. Sieh nach, ob es richtig geschrieben ist.',
      account_taken: 'Jemand anderes ist schon mit diesem Konto verbunden.',
      provider_unavailable: 'Die Marke antwortet gerade nicht. Versuche es später noch einmal.',
      provider_not_configured: 'Diese Marke kann hier noch nicht verbunden werden.',
      unreachable: 'Die Verbindung ist abgebrochen. Sieh nach, ob du online bist, und versuche es noch einmal.',
      other: 'Das hat nicht geklappt, und es wurde nichts geändert. Versuche es noch einmal.',
    },
  },
  fr: {
    title: 'Connecter vos comptes',
    lead: 'Choisissez une marque. Vous vous connectez chez elle et décidez de ce qui peut être lu.',
    brandLead: (name) => `Voyez ce qui est lu, puis connectez-vous chez ${name}.`,
    loading: 'Chargement',
    retry: 'Réessayer',
    ended: 'Ce lien a expiré',
    endedLead:
      'Les liens vers cette page sont valables quelques minutes. Revenez à l’application d’où vous venez et réessayez.',
    connected: 'Connecté',
    isConnected: (name) => `${name} est connecté.`,
    none: 'Il n’y a encore rien à connecter ici.',
    back: 'Autres marques',
    done: 'Terminé',
    close: 'Fermer la fenêtre',
    closeLead: 'Vous pouvez maintenant fermer cette page.',
    waiting: (name) =>
      `Connectez ${name} dans la fenêtre qui s’est ouverte. Cette page remarque quand vous avez terminé, et vous pouvez y revenir à tout moment.`,
    openAgain: 'Rouvrir la fenêtre',
    misses: {
      cancelled: 'Vous avez annulé la connexion. Rien n’a changé.',
      denied: 'La marque a refusé la connexion. Rien n’a changé.',
      expired: 'Cela a pris trop de temps : une connexion est valable dix minutes. Recommencez-la.',
      replayed: 'Cette page avait déjà été ouverte. Ce qui est connecté est indiqué.',
      unavailable: 'La marque ne répond pas pour l’instant. Rien n’a changé ; réessayez plus tard.',
      refused: 'Rien n’a été connecté et rien n’a changé. Vous pouvez réessayer quand vous voulez.',
    },
    failures: {
      credentials_refused: 'La marque n’accepte pas cela. Vérifiez la saisie et réessayez.',
      account_taken: 'Quelqu’un d’autre est déjà connecté à ce compte.',
      provider_unavailable: 'La marque ne répond pas pour l’instant. Réessayez plus tard.',
      provider_not_configured: 'Cette marque ne peut pas encore être connectée ici.',
      unreachable: 'La connexion a été coupée. Vérifiez que vous êtes en ligne et réessayez.',
      other: 'Cela n’a pas marché et rien n’a changé. Réessayez.',
    },
  },
}
