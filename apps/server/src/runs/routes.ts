/** The routes about syncing, for the server's list. */
export { getConnectionSyncStatus } from './get-connection-sync-status.ts'
export { getSyncRun } from './get-sync-run.ts'
export { getSyncStatus } from './get-sync-status.ts'
export { listConnectionSyncs } from './list-connection-syncs.ts'
export { listSyncRuns } from './list-sync-runs.ts'
export { importIntegrationDevices, listIntegrationDevices } from './platform-devices.ts'
export { replayConnection, syncConnection } from './sync-connection.ts'
export { syncDevice } from './sync-device.ts'
