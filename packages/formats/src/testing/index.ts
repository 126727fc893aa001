/** Files for the tests, benchmarks and proofs of others. */

export { appleExport } from './apple-export.ts'
export { claritySeed } from './health-seeds.ts'
export { writeRide } from './ride.ts'
export { writeZip, type ZipPart, zipOf } from './zip.ts'
