/** Files for tests, benchmarks and proofs. */
export { base } from '../fit/base-types.ts'
export { FitWriter, fitPlace, fitSeconds } from '../fit/write.ts'
export { pseudoRandom, type RideOptions, writeRide } from './ride.ts'
