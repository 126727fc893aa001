/** The routes about syncing, for the server's list. */
export { getSyncRun } from './get-sync-run.ts'
export { getSyncStatus } from './get-sync-status.ts'
export { listSyncRuns } from './list-sync-runs.ts'
export { syncDevice } from './sync-device.ts'
