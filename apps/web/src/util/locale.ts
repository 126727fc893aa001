/** A profile says "en", the browser which English: how dates are written hangs on that. */
export function localeFor(profile: string, browser: readonly string[]): string {
  if (profile.includes('-')) return profile
  return browser.find((language) => language.split('-')[0] === profile) ?? profile
}
