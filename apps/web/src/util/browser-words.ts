/** A user agent in two words. Every browser claims to be several others; the more special name comes first. */
const browsers: readonly [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: readonly [RegExp, string][] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Mac OS X/, 'macOS'],
  [/Windows/, 'Windows'],
  [/Linux/, 'Linux'],
]

export function browserWords(userAgent: string | null): string {
  if (!userAgent) return 'An app'
  const name = (rows: typeof browsers) => rows.find(([mark]) => mark.test(userAgent))?.[1]
  const [browser, system] = [name(browsers), name(systems)]
  // A program calls itself `curl/8.5.0`.
  if (!browser) return userAgent.split(/[\s/]/)[0] ?? userAgent
  return system ? `${browser} on ${system}` : browser
}
