/** Runs all tests and ends with one line: `N passed, N failed`. Arguments go to vitest (a path, `-t title`). */
import { startVitest } from 'vitest/node'

const seed = Number(process.env.FC_SEED ?? 20_261_121)
process.env.FC_SEED = String(seed)
console.log(`seed of the property tests: ${seed} (FC_SEED sets another)`)

const filters = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const named = process.argv.indexOf('-t')
const vitest = await startVitest(
  'test',
  named < 0 ? filters : filters.filter((word) => word !== process.argv[named + 1]),
  {
    watch: false,
    ...(named < 0 ? {} : { testNamePattern: process.argv[named + 1] }),
  },
)

const modules = vitest.state.getTestModules()
const count = { passed: 0, failed: 0, skipped: 0 }
for (const module of modules) {
  for (const test of module.children.allTests())
    count[test.result().state === 'pending' ? 'failed' : test.result().state]++
  // A file that does not load has no tests to fail.
  if (module.errors().length) count.failed++
}
const failures = vitest.state.getUnhandledErrors().length
count.failed += failures
await vitest.close()

const slow = modules
  .map((module) => ({ name: module.relativeModuleId, ms: module.diagnostic().duration }))
  .sort((a, b) => b.ms - a.ms)
  .slice(0, 5)
console.log(`slowest: ${slow.map(({ name, ms }) => `${name} ${(ms / 1_000).toFixed(1)} s`).join(' · ')}`)
if (!count.passed && !count.failed) count.failed = 1 // no test was found: that is no success
console.log(`${count.passed} passed, ${count.failed} failed${count.skipped ? `, ${count.skipped} skipped` : ''}`)
process.exit(count.failed ? 1 : 0)
