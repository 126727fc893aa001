/** All that can be said about the code without running it. Every step runs; the end says which failed. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkLockfile } from './lib/lockfile.mjs'
import { reportSizes } from './lib/sizes.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name) => join(root, 'node_modules/.bin', name)

const steps = [
  ['types', () => run(bin('tsc'), '-p', 'tsconfig.json')],
  ['types of the web app', () => run(bin('tsc'), '-p', 'apps/web/tsconfig.json')],
  ['format and lint', () => run(bin('biome'), 'check', '--error-on-warnings', '--max-diagnostics=50')],
  [
    'neighbours',
    () => run(bin('depcruise'), 'apps', 'packages', '--config', '.dependency-cruiser.cjs', '--no-progress'),
  ],
  ['unused code', () => run(bin('knip'), '--no-progress')],
  ['generated files', () => run(process.execPath, 'scripts/generate.mjs', '--check')],
  ['lockfile', () => checkLockfile(root)],
  ['sizes', () => reportSizes(root)],
]

const only = process.argv.slice(2)
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

/** What the command printed when it failed; nothing when it did not. */
function run(command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1e8,
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` },
  })
  if (error) return [String(error)]
  return status === 0 ? [] : [stdout.trim(), stderr.trim()].filter(Boolean)
}
