/** The page on which a sign-in ends: a title, a sentence, a button. No script; works in any browser, in the dark, and read aloud. */
import { createHash } from 'node:crypto'
import type { Language, Words } from '@tributary/providers/kit'

export const outcomes = [
  'connected',
  'cancelled',
  'denied',
  'expired',
  'replayed',
  'mixed_up',
  'refused',
  'unavailable',
  'other_browser',
  'shared_account',
] as const
export type Outcome = (typeof outcomes)[number]

interface Text {
  title: Words
  says: Words
  button: Words
}

const back: Words = {
  en: 'Back to your connections',
  de: 'Zurück zu deinen Verbindungen',
  fr: 'Retour à vos connexions',
}
const again: Words = { en: 'Try again', de: 'Noch einmal versuchen', fr: 'Réessayer' }
const goOn: Words = { en: 'Continue', de: 'Weiter', fr: 'Continuer' }

/** `{name}` is the provider's. */
const texts: Record<Outcome, Text> = {
  connected: {
    title: { en: '{name} is connected', de: '{name} ist verbunden', fr: '{name} est connecté' },
    says: {
      en: 'Your data are being fetched now.',
      de: 'Deine Daten werden jetzt geholt.',
      fr: 'Vos données arrivent.',
    },
    button: goOn,
  },
  cancelled: {
    title: { en: '{name} was not connected', de: '{name} wurde nicht verbunden', fr: '{name} n’a pas été connecté' },
    says: {
      en: 'You cancelled signing in. Nothing was changed.',
      de: 'Du hast die Anmeldung abgebrochen. Es wurde nichts geändert.',
      fr: 'Vous avez annulé la connexion. Rien n’a changé.',
    },
    button: back,
  },
  denied: {
    title: {
      en: '{name} refused the sign-in',
      de: '{name} hat die Anmeldung abgelehnt',
      fr: '{name} a refusé la connexion',
    },
    says: {
      en: 'It did not accept the way this installation asks. Whoever runs it can test its app at {name} in the settings.',
      de: 'Es hat die Anfrage dieser Installation nicht angenommen. Wer sie betreibt, kann die App bei {name} in den Einstellungen testen.',
      fr: 'La demande de cette installation n’a pas été acceptée. Qui la gère peut tester son application {name} dans les réglages.',
    },
    button: back,
  },
  expired: {
    title: { en: 'That took too long', de: 'Das hat zu lange gedauert', fr: 'Cela a pris trop de temps' },
    says: {
      en: 'A sign-in is good for ten minutes. Start it once more.',
      de: 'Eine Anmeldung gilt zehn Minuten. Beginne sie noch einmal.',
      fr: 'Une connexion est valable dix minutes. Recommencez-la.',
    },
    button: again,
  },
  replayed: {
    title: {
      en: 'This page was opened before',
      de: 'Diese Seite war schon offen',
      fr: 'Cette page a déjà été ouverte',
    },
    says: {
      en: 'A sign-in works once. Your connections show whether it succeeded.',
      de: 'Eine Anmeldung gilt einmal. Ob sie geklappt hat, siehst du bei deinen Verbindungen.',
      fr: 'Une connexion ne sert qu’une fois. Vos connexions montrent si elle a réussi.',
    },
    button: back,
  },
  mixed_up: {
    title: {
      en: 'This answer does not belong here',
      de: 'Diese Antwort gehört nicht hierher',
      fr: 'Cette réponse n’est pas pour ici',
    },
    says: {
      en: 'It was made for another sign-in, so nothing was connected.',
      de: 'Sie gehört zu einer anderen Anmeldung. Es wurde nichts verbunden.',
      fr: 'Elle vient d’une autre connexion : rien n’a été connecté.',
    },
    button: again,
  },
  refused: {
    title: {
      en: '{name} did not let us in',
      de: '{name} hat uns nicht hereingelassen',
      fr: '{name} ne nous a pas laissé entrer',
    },
    says: {
      en: 'Its answer was no longer good. Start the sign-in once more.',
      de: 'Seine Antwort galt nicht mehr. Beginne die Anmeldung noch einmal.',
      fr: 'Sa réponse n’était plus valable. Recommencez la connexion.',
    },
    button: again,
  },
  unavailable: {
    title: { en: '{name} does not answer', de: '{name} antwortet nicht', fr: '{name} ne répond pas' },
    says: {
      en: 'It has trouble at the moment. Nothing was changed; try again in a while.',
      de: 'Es hat gerade Schwierigkeiten. Es wurde nichts geändert; versuche es später noch einmal.',
      fr: 'Le service a des difficultés. Rien n’a changé ; réessayez plus tard.',
    },
    button: again,
  },
  other_browser: {
    title: { en: 'Is this your account?', de: 'Ist das dein Konto?', fr: 'Est-ce votre compte ?' },
    says: {
      en: 'The sign-in began in another browser. Look at the account before it is connected.',
      de: 'Die Anmeldung begann in einem anderen Browser. Sieh dir das Konto an, bevor es verbunden wird.',
      fr: 'La connexion a commencé dans un autre navigateur. Vérifiez le compte avant de le connecter.',
    },
    button: goOn,
  },
  shared_account: {
    title: {
      en: 'Somebody here has this account',
      de: 'Jemand hier hat dieses Konto',
      fr: 'Quelqu’un ici a déjà ce compte',
    },
    says: {
      en: 'Another person of this installation is connected to it. If you share it, its data will be yours too.',
      de: 'Eine andere Person dieser Installation ist damit verbunden. Teilt ihr es, gehören seine Daten auch zu dir.',
      fr: 'Une autre personne de cette installation y est connectée. Si vous le partagez, ses données seront aussi les vôtres.',
    },
    button: goOn,
  },
}

const style = `:root{color-scheme:light dark;--ink:#16211f;--paper:#f6f7f5;--card:#fff;--act:#0b6e5f;--on:#fff;--line:#d9dedb}
@media(prefers-color-scheme:dark){:root{--ink:#e8eeec;--paper:#101615;--card:#19211f;--act:#6fd3c0;--on:#08211c;--line:#2c3835}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{max-width:26rem;width:100%;padding:2rem;background:var(--card);border:1px solid var(--line);border-radius:1rem}
h1{margin:0 0 .75rem;font-size:1.4rem;line-height:1.25;text-wrap:balance}p{margin:0 0 1.5rem}
a{display:block;text-align:center;min-height:2.75rem;padding:.6rem 1rem;border-radius:.6rem;background:var(--act);color:var(--on);font-weight:600;text-decoration:none}
a:focus-visible{outline:3px solid var(--ink);outline-offset:2px}`

const styleHash = createHash('sha256').update(style).digest('base64')

/** Nothing is loaded and nothing runs; the address, which had a code in it, is told to nobody. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

export interface Page {
  outcome: Outcome
  language: Language
  /** The provider's, as people know it. */
  name: string
  /** Where the button leads. */
  href: string
}

export function renderPage({ outcome, language, name, href }: Page): string {
  const { title, says, button } = texts[outcome]
  const text = (words: Words) => escapeHtml(words[language].replaceAll('{name}', name))
  const onward = outcome === 'connected' ? `<meta http-equiv="refresh" content="2;url=${escapeHtml(href)}">` : ''
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">${onward}<title>${text(title)}</title><style>${style}</style></head>
<body><main><h1>${text(title)}</h1><p>${text(says)}</p><a href="${escapeHtml(href)}">${text(button)}</a></main></body>
</html>
`
}

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
