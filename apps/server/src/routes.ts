/** Every route of the contract and the code that answers it. The compiler says which is missing. */
import * as accounts from './accounts/routes.ts'
import { health, ready } from './platform/http/health.ts'
import type { Handler } from './platform/http/handle.ts'

export const handlers = {
  ...accounts,
  getHealth: health,
  getReady: ready,
} as unknown as Record<string, Handler>
