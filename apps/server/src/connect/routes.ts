/** The routes of connecting, for the server's list. */
export { confirmSignIn, declineSignIn, getPendingSignIn } from './confirm-sign-in.ts'
export { createConnectSession, getConnectSession } from './connect-sessions.ts'
export {
  createCustomApi,
  deleteCustomApi,
  getCustomApi,
  listCustomApis,
  putCustomApi,
} from './custom-apis.ts'
export { deleteConnection } from './delete-connection.ts'
export { dryRunCustomApi } from './dry-run.ts'
export { finishSignIn } from './finish-sign-in.ts'
export { getConnection, getConnectionOfProvider, listConnections } from './list-connections.ts'
export { listAvailableProviders, listIntegrations } from './list-providers.ts'
export {
  deleteProviderApp,
  getProviderApp,
  listProviderApps,
  putProviderApp,
  testProviderApp,
} from './provider-apps.ts'
export { startSignIn } from './start-sign-in.ts'
export { getProviderSummary } from './sum-up.ts'
export { toggleConnection } from './toggle-connection.ts'
