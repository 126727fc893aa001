/**
 * Cuts a migration into its statements, so that one which fails or is interrupted can be named.
 * Knows comments, quoted text and dollar quotes; nothing else in SQL hides a semicolon.
 */
export function statementsOf(source: string): string[] {
  const statements: string[] = []
  const token = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|;/g
  let start = 0
  for (const match of source.matchAll(token)) {
    if (match[0] !== ';') continue
    statements.push(source.slice(start, match.index).trim())
    start = match.index + 1
  }
  const rest = source
    .slice(start)
    .replace(/--[^\n]*/g, '')
    .trim()
  if (rest) statements.push(rest)
  return statements
}
