/** The pages of a brand's site: where a person lets an app in, and where they take that back. Plain HTML, no script, every control with its label. */

export interface SignInPage {
  brand: string
  /** Path and query it was reached by: the form is sent back to it. */
  action: string
  accounts: readonly { id: string; name: string; email: string }[]
  scopes: readonly { scope: string; words: string }[]
  canUntick: boolean
  /** Where the person's own page of apps is. */
  appsPath?: string | undefined
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const safe = (text: string) => text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign)

const frame = (title: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title)}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff }
fieldset { border: 1px solid #767676; border-radius: .5rem; margin: 0 0 1rem; padding: .5rem 1rem }
label { display: block; padding: .4rem 0 .4rem 1.6rem; text-indent: -1.6rem }
small { color: #555; font-size: .9rem; font-weight: normal }
label small { display: block; text-indent: 0 }
button { font: inherit; padding: .6rem 1.4rem; margin-right: .5rem; border: 1px solid #1b1b1b; border-radius: .5rem; background: #fff; color: inherit }
button[value=allow] { background: #1b1b1b; color: #fff }
:focus-visible { outline: 3px solid #1a6fd6; outline-offset: 2px }
</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`

export function signInPage({ brand, action, accounts, scopes, canUntick, appsPath }: SignInPage): string {
  const choices = accounts.map(
    ({ id, name, email }, i) =>
      `<label><input type="radio" name="account" value="${safe(id)}"${i ? '' : ' checked'} required> ${safe(name)} <small>${safe(email)}</small></label>`,
  )
  const ticks = scopes.map(
    ({ scope, words }) =>
      `<label><input type="checkbox" name="scope" value="${safe(scope)}" checked${canUntick ? '' : ' disabled'}> ${safe(words)}</label>`,
  )
  return frame(
    `Sign in · ${brand}`,
    `<h1>${safe(brand)} <small>(emulated)</small></h1>
<p>An app asks to read what ${safe(brand)} knows of you.</p>
<form method="post" action="${safe(action)}">
<fieldset><legend>Account</legend>
${choices.join('\n') || '<p>There is no account yet.</p>'}
</fieldset>
${scopes.length ? `<fieldset><legend>The app may read</legend>\n${ticks.join('\n')}\n</fieldset>` : ''}
<button type="submit" name="answer" value="allow">Allow</button>
<button type="submit" name="answer" value="cancel" formnovalidate>Cancel</button>
</form>
${appsPath ? `<p><a href="${safe(appsPath)}">Apps with access to your account</a></p>` : ''}`,
  )
}

export const refusalPage = (brand: string, reason: string): string =>
  frame(`Error · ${brand}`, `<h1>${safe(brand)} <small>(emulated)</small></h1>\n<p role="alert">${safe(reason)}</p>`)

/** Where people find the keys that they have of themselves. */
export function keysPage(brand: string, accounts: readonly { name: string; key: string }[]): string {
  const rows = accounts.map(({ name, key }) => `<dt>${safe(name)}</dt>\n<dd><code>${safe(key)}</code></dd>`)
  return frame(
    `Settings · ${brand}`,
    `<h1>${safe(brand)} <small>(emulated)</small></h1>
<h2>Developer settings</h2>
<p>API keys. Who has one may read everything of its owner.</p>
<dl>
${rows.join('\n') || '<dt>There is no account yet.</dt>'}
</dl>`,
  )
}

/** Where people see who may read what is theirs; `ended`: the name of the one who has just ended it. */
export function appsPage(brand: string, accounts: readonly { id: string; name: string }[], ended?: string): string {
  const rows = accounts.map(
    ({ id, name }) =>
      `<p><button type="submit" name="account" value="${safe(id)}">Remove the app’s access to ${safe(name)}</button></p>`,
  )
  return frame(
    `Apps · ${brand}`,
    `<h1>${safe(brand)} <small>(emulated)</small></h1>
<h2>Apps with access</h2>
${ended ? `<p role="status">The app has no access to ${safe(ended)} any more.</p>` : ''}
<form method="post">
${rows.join('\n')}
</form>`,
  )
}
