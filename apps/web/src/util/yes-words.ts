/** What is asked once more before an account is connected, in the languages that providers' words come in. */
import type { PendingSignIn } from '../api/types.ts'
import type { WordLanguage } from './word-language.ts'

export interface YesWords {
  title: string
  reasons: Readonly<Record<PendingSignIn['reason'], string>>
  yes: string
  no: string
}

export const yesWords: Readonly<Record<WordLanguage, YesWords>> = {
  en: {
    title: 'Is this your account?',
    reasons: {
      other_browser: 'The sign-in was begun elsewhere. Connect this account only if it was you who began it.',
      shared_account:
        'Somebody else here is connected to this account already. If you share it, a scale of the family for instance, its data will be in both of your timelines.',
    },
    yes: 'Connect this account',
    no: 'Do not connect',
  },
  de: {
    title: 'Ist das dein Konto?',
    reasons: {
      other_browser: 'Die Anmeldung begann anderswo. Verbinde dieses Konto nur, wenn du selbst sie begonnen hast.',
      shared_account:
        'Jemand anderes hier ist schon mit diesem Konto verbunden. Teilt ihr es, etwa eine Waage der Familie, stehen seine Daten bei euch beiden.',
    },
    yes: 'Dieses Konto verbinden',
    no: 'Nicht verbinden',
  },
  fr: {
    title: 'Est-ce votre compte ?',
    reasons: {
      other_browser: 'La connexion a commencé ailleurs. Ne connectez ce compte que si c’est vous qui l’avez commencée.',
      shared_account:
        'Quelqu’un d’autre ici est déjà connecté à ce compte. Si vous le partagez, une balance de la famille par exemple, ses données seront chez vous deux.',
    },
    yes: 'Connecter ce compte',
    no: 'Ne pas connecter',
  },
}
