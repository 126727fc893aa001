/** The languages that a provider's words are written in; the first is what others fall back to. */
export const languages = ['en', 'de', 'fr'] as const
export type Language = (typeof languages)[number]

/** One short text in every language, for people: no jargon, no full stop unless it is a sentence. */
export type Words = Readonly<Record<Language, string>>
