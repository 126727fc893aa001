/**
 * Runs all tests and ends with one line: `N passed, N failed`. What follows goes to vitest:
 * `npm test -- packages/formats`, `npm test -- -t "a ride becomes one session"`.
 */
import { seed } from '@tributary/protocol/testing'
import { createVitest, parseCLI, TestsNotFoundError } from 'vitest/node'

const shownSlow = 5

process.env.FC_SEED = String(seed)
console.log(`seed of the property tests: ${seed} (FC_SEED sets another)`)

let isStopping = false
const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const vitest = await createVitest('test', { ...options, watch: false })
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.removeAllListeners(signal) // vitest's own listener ends at once and leaves the database running
  process.on(signal, () => stopEarly(signal))
}
const run = vitest.start(filter).catch(tellNothingFound)
await run
if (isStopping) await new Promise(() => undefined) // stopEarly ends us

const modules = vitest.state.getTestModules()
const count = countTests(modules)
await vitest.close()
tellSlowest(modules)
console.log(`${count.passed} passed, ${count.failed} failed${count.skipped ? `, ${count.skipped} skipped` : ''}`)
process.exit(count.failed ? 1 : 0)

/**
 * The database of the tests is stopped and its folder removed before we go. It may be starting at this moment, and then only the
 * run that follows can be cancelled: so it is asked again until it ends.
 */
async function stopEarly(signal) {
  if (isStopping) return
  isStopping = true
  console.log(`\nstopped by ${signal}`)
  setTimeout(() => process.exit(1), 15_000).unref()
  const again = setInterval(() => vitest.cancelCurrentRun('keyboard-input'), 100)
  await run
  clearInterval(again)
  await vitest.close()
  process.exit(1)
}

function tellNothingFound(error) {
  if (!(error instanceof TestsNotFoundError)) throw error
}

function countTests(modules) {
  const count = { passed: 0, failed: 0, skipped: 0 }
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      count[state === 'pending' ? 'failed' : state]++ // never came to its turn: that is no success
    }
    count.failed += brokenSuites(module)
  }
  count.failed += vitest.state.getUnhandledErrors().length
  if (!count.passed && !count.failed) count.failed = 1 // no test was found or run
  return count
}

/** A file that does not load, or a hook around its tests that fails, may have no test that fails. */
function brokenSuites(module) {
  const suites = [module, ...module.children.allSuites()]
  return suites.filter((suite) => suite.errors().length > 0).length
}

function tellSlowest(modules) {
  const slow = modules
    .map((module) => ({ name: module.relativeModuleId, ms: module.diagnostic().duration }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, shownSlow)
  console.log(`slowest: ${slow.map(({ name, ms }) => `${name} ${(ms / 1_000).toFixed(1)} s`).join(' · ')}`)
}
