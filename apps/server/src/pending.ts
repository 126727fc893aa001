/** Routes whose handlers are being written. */
import { type RouteContract, routes } from '@tributary/protocol'
import { type Handler, handle } from './platform/http/handle.ts'
import { Problem } from './platform/problem.ts'

const pend = <R extends RouteContract>(contract: R): Handler<R> =>
  handle(contract, async () => {
    throw new Problem('not_found')
  })

export const syncConnection = pend(routes.syncConnection)
export const listConnectionSyncs = pend(routes.listConnectionSyncs)
export const getConnectionSyncStatus = pend(routes.getConnectionSyncStatus)
export const listIntegrationDevices = pend(routes.listIntegrationDevices)
export const importIntegrationDevices = pend(routes.importIntegrationDevices)
