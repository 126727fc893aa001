import { type Language, languages } from '@tributary/providers/kit'

/** What was asked for, else the first of Accept-Language that we speak, else English. */
export function languageOf(asked: string | undefined, header: string | undefined): Language {
  const isOurs = (word: string): word is Language => (languages as readonly string[]).includes(word)
  if (asked && isOurs(asked)) return asked
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const weight = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find(Boolean)
      return { language: tag.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  return wanted.map(({ language }) => language).find(isOurs) ?? 'en'
}
