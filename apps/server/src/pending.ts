/** Routes whose handlers are being written. */
import { type RouteContract, routes } from '@tributary/protocol'
import { type Handler, handle } from './platform/http/handle.ts'
import { Problem } from './platform/problem.ts'

const pend = <R extends RouteContract>(contract: R): Handler<R> =>
  handle(contract, async () => {
    throw new Problem('not_found')
  })

export const listConnections = pend(routes.listConnections)
export const getConnection = pend(routes.getConnection)
export const getConnectionOfProvider = pend(routes.getConnectionOfProvider)
export const deleteConnection = pend(routes.deleteConnection)
export const toggleConnection = pend(routes.toggleConnection)
export const syncConnection = pend(routes.syncConnection)
export const listConnectionSyncs = pend(routes.listConnectionSyncs)
export const getConnectionSyncStatus = pend(routes.getConnectionSyncStatus)
export const getProviderSummary = pend(routes.getProviderSummary)
export const listAvailableProviders = pend(routes.listAvailableProviders)
export const listIntegrations = pend(routes.listIntegrations)
export const startSignIn = pend(routes.startSignIn)
export const finishSignIn = pend(routes.finishSignIn)
export const getPendingSignIn = pend(routes.getPendingSignIn)
export const confirmSignIn = pend(routes.confirmSignIn)
export const listIntegrationDevices = pend(routes.listIntegrationDevices)
export const importIntegrationDevices = pend(routes.importIntegrationDevices)
export const listProviderApps = pend(routes.listProviderApps)
export const getProviderApp = pend(routes.getProviderApp)
export const putProviderApp = pend(routes.putProviderApp)
export const deleteProviderApp = pend(routes.deleteProviderApp)
export const testProviderApp = pend(routes.testProviderApp)
export const createConnectSession = pend(routes.createConnectSession)
export const getConnectSession = pend(routes.getConnectSession)
