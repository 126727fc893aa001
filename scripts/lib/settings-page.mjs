/** docs/settings.md, from the list of settings. */
export function settingsPage(settings) {
  const all = Object.entries(settings)
  const now = all.filter(([, { effect }]) => effect === 'now')
  const later = all.filter(([, { effect }]) => effect !== 'now')
  return `# Settings

All of them are optional. Made from \`apps/server/src/config.ts\` by \`npm run generate\`. They are read from the environment, from \`.env\` in the
project's folder, or as options (\`npm start -- --port 9000\`; not those marked secret).

| name | does | takes | default |
|---|---|---|---|
${now.map(row).join('\n')}

## Of parts that are not there yet

Checked for form, named in one line at start, and otherwise without effect until the part is there.

| name | does | takes | default | waits for |
|---|---|---|---|---|
${later.map((line) => `${row(line)} ${line[1].effect.later} |`).join('\n')}
`
}

function row([name, { does, takes, preset, secret, aliases }]) {
  const names = [name, ...(aliases ?? [])].map((one) => `\`${one}\``).join(', ')
  const marked = secret ? `${does} *Secret.*` : does
  return `| ${names} | ${cell(marked)} | ${cell(takes)} | ${preset ? `\`${preset}\`` : ''} |`
}

const cell = (text) => text.replaceAll('|', '\\|')
