// Runs before everything else. A file of its own, because the content policy allows no script in the page.

// Nobody who chose dark sees a flash of light.
;(() => {
  let chosen = null
  try {
    // The connect page is another app's, which says how it looks.
    if (location.pathname !== '/connect') chosen = localStorage.getItem('mantine-color-scheme-value')
  } catch {
    // Storage may be blocked; the system's choice counts then.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
  // The bars of an installed app are the system's, and follow what was chosen here.
  if (chosen === 'dark' || chosen === 'light')
    for (const meta of document.querySelectorAll('meta[name="theme-color"]'))
      meta.setAttribute('content', dark ? '#0d1416' : '#f5f8f8')
})()

// The content policy forbids `eval`; zod would try it once and the browser would report that.
globalThis.__zod_globalConfig = { jitless: true }

// On a machine without a language browsers say things like `en-US@posix`, and libraries that ask Intl for it fail.
try {
  Intl.getCanonicalLocales(navigator.language)
} catch {
  Object.defineProperty(navigator, 'language', { value: navigator.language.replace(/[@._].*$/, '') || 'en' })
}
