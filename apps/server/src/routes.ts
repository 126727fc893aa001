/** Every route of the contract and the code that answers it. The compiler says which is missing. */

import type { Routes } from '@tributary/protocol'
import * as accounts from './accounts/routes.ts'
import * as connect from './connect/routes.ts'
import * as demo from './demo/routes.ts'
import * as devices from './devices/routes.ts'
import * as exports from './exports/routes.ts'
import * as imports from './imports/routes.ts'
import type { Handler } from './platform/http/handle.ts'
import { health, ready } from './platform/http/health.ts'
import { getMetrics } from './platform/telemetry/get-metrics.ts'
import * as query from './query/routes.ts'
import * as receive from './receive/routes.ts'
import * as resolve from './resolve/routes.ts'
import * as runs from './runs/routes.ts'
import * as sessions from './sessions/routes.ts'
import * as suppressions from './suppressions/routes.ts'

const answered = {
  ...accounts,
  ...connect,
  ...demo,
  ...devices,
  ...exports,
  ...imports,
  ...query,
  ...receive,
  ...resolve,
  ...runs,
  ...sessions,
  ...suppressions,
  getHealth: health,
  getReady: ready,
  getMetrics,
} satisfies { [Name in keyof Routes]: Handler<Routes[Name]> }

/** By name, as the server mounts them; what each takes and gives was checked above. */
export const handlers = answered as unknown as Record<keyof Routes, Handler>
