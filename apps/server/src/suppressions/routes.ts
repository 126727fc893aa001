export { createSuppression } from './create-suppression.ts'
export { deleteSuppression } from './delete-suppression.ts'
export { listSuppressions } from './list-suppressions.ts'
