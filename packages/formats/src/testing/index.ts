/** Files for tests, benchmarks and proofs. */

export { base } from '../fit/base-types.ts'
export { HealthFile } from '../fit/health/write-health.ts'
export { FitWriter, fitPlace, fitSeconds } from '../fit/write.ts'
export { type AppleExportOptions, appleExport } from './apple-export.ts'
export { runArchiveMutations } from './archive-mutations.ts'
export { mutate } from './mutate.ts'
export { type MutationReport, type MutationRun, mutatedInput, runMutations } from './mutation-run.ts'
export { mutatedHealth, runPieceMutations } from './piece-mutations.ts'
export { pseudoRandom, type RideOptions, writeRide } from './ride.ts'
export { writeZip, type ZipClaims, type ZipPart, zipOf } from './zip.ts'
