/** Files for the tests, benchmarks and proofs of others. */

export { appleExport } from './apple-export.ts'
export { writeRide } from './ride.ts'
export { zipOf } from './zip.ts'
