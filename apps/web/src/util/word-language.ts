/** The languages that providers' words come in. */
import { connections } from '@tributary/protocol'

export type WordLanguage = (typeof connections.wordLanguages)[number]

/** Of a BCP 47 tag: `de-AT` is `de`; English for what there are no words in. */
export function wordLanguageOf(locale: string): WordLanguage {
  const [language] = locale.toLowerCase().split('-')
  return connections.wordLanguages.find((known) => known === language) ?? 'en'
}
