/** As asked, but for what may be secret in it: values of parameters that are called so, and the credentials themselves. */
export function shownAddress(url: URL, credentials: Readonly<Record<string, string>>): string {
  const shown = new URL(url)
  for (const name of [...shown.searchParams.keys()])
    if (/key|token|secret|pass|auth|sig|code|session/i.test(name)) shown.searchParams.set(name, '***')
  const secrets = Object.values(credentials).filter(({ length }) => length >= 4)
  return secrets
    .flatMap((value) => [value, encodeURIComponent(value)])
    .reduce((text, value) => text.replaceAll(value, '***'), shown.href)
}
