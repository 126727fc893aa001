import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from '@swc/core'

const shown = 15

/** Lists every file and function by length; the longest are printed, all are in `.cache/sizes.txt`. A report, not a limit. */
export function reportSizes(root) {
  const paths = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx', '*.mjs'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path && !path.endsWith('.generated.ts'))
  const files = []
  const functions = []
  for (const path of new Set(paths)) {
    const source = readFileSync(join(root, path))
    files.push({ lines: countLines(source), name: path })
    for (const found of functionsOf(source, path))
      functions.push({ lines: found.lines, name: `${path}:${found.line} ${found.name}` })
  }
  const lists = {
    files: files.sort(byLength),
    functions: functions.filter(({ name }) => !/\.test\.tsx?:/.test(name)).sort(byLength),
  }
  mkdirSync(join(root, '.cache'), { recursive: true })
  writeFileSync(
    join(root, '.cache/sizes.txt'),
    Object.entries(lists)
      .map(([title, list]) => `${title}\n${list.map(line).join('\n')}\n`)
      .join('\n'),
  )
  for (const [title, list] of Object.entries(lists)) {
    const middle = list[list.length >> 1]?.lines ?? 0
    console.log(
      `        ${list.length} ${title}, half of them up to ${middle} lines; the longest:\n${list
        .slice(0, shown)
        .map((one) => `        ${line(one)}`)
        .join('\n')}`,
    )
  }
  return []
}

const byLength = (a, b) => b.lines - a.lines
const line = ({ lines, name }) => `${String(lines).padStart(5)}  ${name}`
const countLines = (bytes) => bytes.reduce((n, byte) => n + (byte === 10 ? 1 : 0), 0)

const kinds = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'PrivateMethod',
  'MethodProperty',
  'Constructor',
])

export function functionsOf(source, path) {
  // swc counts bytes from the first token of a file, not from its first byte: a semicolon in front makes them the same.
  const text = `;${source.toString('utf8').replace(/^#!/, '//')}`
  const ast = parseSync(text, { syntax: 'typescript', tsx: path.endsWith('.tsx'), target: 'es2024' })
  const begin = ast.span.start + 1
  const found = []
  const visit = (node, name) => {
    if (Array.isArray(node)) for (const child of node) visit(child, name)
    if (!node || typeof node !== 'object' || Array.isArray(node)) return
    const own = node.identifier?.value ?? node.key?.value ?? node.id?.value ?? name
    const span = node.span ?? node.function?.span
    if (kinds.has(node.type) && span) {
      const from = span.start - begin
      const body = source.subarray(from, from + span.end - span.start)
      found.push({
        name: own ?? '(anonymous)',
        lines: countLines(body) + 1,
        line: countLines(source.subarray(0, from)) + 1,
      })
    }
    for (const [key, child] of Object.entries(node)) if (key !== 'span' && typeof child === 'object') visit(child, own)
  }
  visit(ast.body, undefined)
  return found
}
