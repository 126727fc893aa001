export {
  countRecords,
  countSamples,
  isHealthAutoExport,
  misplaced,
  mostRecords,
  mostSamples,
  type PhoneBatch,
  type PhoneRejection,
  readPhoneBatch,
} from './read-phone-batch.ts'
export { member, type PhoneTold, partId } from './record.ts'
export type { PhoneStore } from './workouts.ts'
