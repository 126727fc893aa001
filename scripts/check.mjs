/**
 * All that can be said about the code without running it. Every step runs; the end says which failed.
 * `npm run check -- types lockfile` runs only these steps.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { checkLeftovers } from './lib/leftovers.mjs'
import { checkLinks } from './lib/links.mjs'
import { checkLockfile } from './lib/lockfile.mjs'
import { root } from './lib/root.mjs'
import { reportSizes } from './lib/sizes.mjs'

const steps = [
  ['types', () => runTool('typescript', 'tsc', '-p', 'tsconfig.json')],
  ['types of the web app', () => runTool('typescript', 'tsc', '-p', 'apps/web/tsconfig.json')],
  ['format and lint', () => runTool('@biomejs/biome', 'biome', 'check', '--error-on-warnings', '--max-diagnostics=50')],
  ['neighbours', () => runTool('dependency-cruiser', 'depcruise', 'apps', 'packages', '--config', '--no-progress')],
  ['unused code', () => runTool('knip', 'knip', '--no-progress')],
  ['generated files', () => run('scripts/generate.mjs', '--check')],
  ['lockfile', () => checkLockfile(root)],
  ['links', () => checkLinks(root)],
  ['leftovers', () => checkLeftovers(root)],
  ['sizes', () => reportSizes(root)],
]

const only = process.argv.slice(2)
const unknown = only.find((name) => !steps.some(([step]) => step === name))
if (unknown) {
  console.error(`there is no step "${unknown}"; there are: ${steps.map(([name]) => name).join(', ')}`)
  process.exit(2)
}
const failed = []
for (const [name, step] of steps) {
  if (only.length && !only.includes(name)) continue
  const begun = performance.now()
  const faults = step()
  console.log(`${faults.length ? 'FAILED' : 'ok    '}  ${name}  ${((performance.now() - begun) / 1_000).toFixed(1)} s`)
  if (!faults.length) continue
  console.log(faults.join('\n'))
  failed.push(name)
}
if (failed.length) console.log(`\nfailed: ${failed.join(', ')}`)
process.exitCode = failed.length ? 1 : 0

/** Runs what a package brings, by its file: the names in node_modules/.bin are shell scripts on Windows. */
function runTool(name, binary, ...args) {
  const { bin } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'))
  return run(join(root, 'node_modules', name, typeof bin === 'string' ? bin : bin[binary]), ...args)
}

/** What the script printed when it failed; nothing when it did not. */
function run(script, ...args) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1e8,
    env: { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) },
  })
  if (error) return [String(error)]
  return status === 0 ? [] : [`exit code ${status}`, stdout.trim(), stderr.trim()].filter(Boolean)
}
