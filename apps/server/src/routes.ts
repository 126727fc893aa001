/** Every route of the contract and the code that answers it. The compiler says which is missing. */
import * as accounts from './accounts/routes.ts'
import * as devices from './devices/routes.ts'
import * as imports from './imports/routes.ts'
import type { Handler } from './platform/http/handle.ts'
import { health, ready } from './platform/http/health.ts'
import * as query from './query/routes.ts'
import * as receive from './receive/routes.ts'
import * as runs from './runs/routes.ts'
import * as sessions from './sessions/routes.ts'

export const handlers = {
  ...accounts,
  ...devices,
  ...imports,
  ...query,
  ...receive,
  ...runs,
  ...sessions,
  getHealth: health,
  getReady: ready,
} as unknown as Record<string, Handler>
