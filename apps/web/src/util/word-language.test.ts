import { expect, test } from 'vitest'
import { wordLanguageOf } from './word-language.ts'

test('words come in the language of the locale, and in English where there are none', () => {
  expect(['de-AT', 'fr', 'en-GB', 'sv-SE', ''].map(wordLanguageOf)).toEqual(['de', 'fr', 'en', 'en', 'en'])
})
