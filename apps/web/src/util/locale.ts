/** A profile says "en", the browser which English: how dates are written hangs on that. */
export function localeFor(profile: string, browser: readonly string[]): string {
  if (profile.includes('-')) return profile
  const spoken = browser.flatMap((language) => languageTag(language) ?? [])
  return spoken.find((language) => language.split('-')[0] === profile) ?? profile
}

/** What Intl takes: a browser on a machine without a language says things like `en-US@posix`. */
export function languageTag(said: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(said.replace(/[@.].*$/, '').replaceAll('_', '-'))[0]
  } catch {
    return undefined // no language that Intl knows of
  }
}
