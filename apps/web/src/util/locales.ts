/** How dates and numbers can be written, by the names that people have for it. */
import { languageTag } from './locale.ts'

// biome-ignore format: a list.
const offered = [
  'en-GB', 'en-US', 'en-AU', 'en-CA', 'en-IE', 'en-IN', 'en-NZ', 'en-ZA', 'de-DE', 'de-AT', 'de-CH', 'fr-FR', 'fr-BE', 'fr-CA',
  'fr-CH', 'es-ES', 'es-MX', 'es-AR', 'it-IT', 'pt-PT', 'pt-BR', 'nl-NL', 'nl-BE', 'da-DK', 'sv-SE', 'nb-NO', 'fi-FI', 'is-IS',
  'pl-PL', 'cs-CZ', 'sk-SK', 'hu-HU', 'ro-RO', 'bg-BG', 'hr-HR', 'sl-SI', 'sr-RS', 'el-GR', 'tr-TR', 'uk-UA', 'lt-LT', 'lv-LV',
  'et-EE', 'he-IL', 'ar-EG', 'hi-IN', 'th-TH', 'vi-VN', 'id-ID', 'ko-KR', 'ja-JP', 'zh-CN', 'zh-TW',
]

/** The browser's own, as the profile takes it: without the extensions some browsers add. */
export const browserLocale = new Intl.Locale(languageTag(navigator.language) ?? 'en').baseName

/** Names stand in the language of the app; the browser's own come first. */
export function localeChoices(own: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames('en', { type: 'language' })
  return [...new Set([own, browserLocale, ...offered])].map((value) => ({ value, label: names.of(value) ?? value }))
}

/** "12 Mar 2024, 14:03 · 1,234.5": what the choice means. */
export function localeExample(locale: string): string {
  const at = Date.UTC(2024, 2, 12, 14, 3)
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(at)
  return `${date} · ${new Intl.NumberFormat(locale).format(1_234.5)}`
}
