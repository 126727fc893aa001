/**
 * Bytes that pass through hang on small objects, and V8 does not count them when it decides to look at its nursery. So 64 MB of
 * them gather until it looks at everything, which a large upload made it do twenty times a second. Asked to look at the nursery alone
 * (1 ms) after every few MiB, it needs 40 MB less and half as many of the great cleanings.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const everyBytes = 8 * 1024 * 1024

setFlagsFromString('--expose-gc') // only what begins after it sees it: our context has no gc, a new one does
const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void

let passed = 0

/** So many bytes have been taken in and given on. */
export function clearPassed(bytes: number): void {
  passed += bytes
  if (passed < everyBytes) return
  passed = 0
  collect({ type: 'minor' })
}
