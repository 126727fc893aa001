/** All contracts by name, and nothing else. */

import type { RouteContract } from './route.ts'
import * as accounts from './routes/accounts.ts'
import * as connections from './routes/connections.ts'
import * as customApis from './routes/custom-apis.ts'
import * as data from './routes/data.ts'
import * as days from './routes/days.ts'
import * as demo from './routes/demo.ts'
import * as devices from './routes/devices.ts'
import * as exports from './routes/exports.ts'
import * as imports from './routes/imports.ts'
import * as operations from './routes/operations.ts'
import * as push from './routes/push.ts'
import * as sessions from './routes/sessions.ts'
import * as suppressions from './routes/suppressions.ts'

const modules = {
  ...operations,
  ...accounts,
  ...devices,
  ...connections,
  ...customApis,
  ...push,
  ...data,
  ...days,
  ...sessions,
  ...suppressions,
  ...imports,
  ...exports,
  ...demo,
}

type RouteNames = {
  [K in keyof typeof modules]: (typeof modules)[K] extends RouteContract ? K : never
}[keyof typeof modules]

/** The contract: a route per name. */
export type Routes = Pick<typeof modules, RouteNames>

export const routes = Object.fromEntries(
  Object.entries(modules).filter(([, value]) => typeof value === 'object' && 'method' in value && 'scope' in value),
) as unknown as Routes
