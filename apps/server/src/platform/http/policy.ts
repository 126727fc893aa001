/** Who may call a route: what its contract says, held against who asks. */
import type { RouteContract, Scope } from '@tributary/protocol'
import { Problem } from '../problem.ts'
import type { Caller } from './caller.ts'

export interface Ruled {
  policy: RouteContract['scope'] | undefined
  contract: RouteContract | undefined
  params: unknown
}

export function assertAllowed(caller: Caller | undefined, { policy, contract, params }: Ruled): void {
  if (policy === 'public') return
  if (!caller) throw new Problem('not_signed_in')
  if (caller.kind === 'device') assertOwnDevice(caller, contract, params)
  else if (policy === 'person' ? caller.kind !== 'person' : !caller.scopes.has(policy as Scope))
    throw new Problem(
      'not_allowed',
      policy === 'person' ? 'This takes somebody signed in with their password' : `This takes the scope ${policy}`,
    )
  // It stands in another app's page: with it somebody connects, but nothing is deleted, paused, synced or asked elsewhere.
  else if (caller.connectSessionId && !contract?.connectSession)
    throw new Problem('not_allowed', 'The token of a connect session is for connecting only')
}

/** A device's token can only write its own device's data; about others it learns nothing. */
function assertOwnDevice(caller: Caller, contract: RouteContract | undefined, params: unknown): void {
  if (!contract?.deviceToken || !caller.scopes.has(contract.scope as Scope))
    throw new Problem('not_allowed', "A device's token can only send that device's data")
  const asked = (params as { device_id?: string }).device_id
  if (asked !== caller.deviceId) throw new Problem('not_found')
}
