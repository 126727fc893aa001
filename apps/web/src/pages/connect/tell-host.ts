/** The page that frames or opened this one hears what happens, if the session allows its origin; nobody else does. */
import type { connections } from '@tributary/protocol'

export const isFramed = (): boolean => window.parent !== window

export function tellHost(allowedOrigins: readonly string[], event: connections.ConnectEvent): void {
  const host: Window | null = isFramed() ? window.parent : window.opener
  if (!host) return
  // Where the browser tells who frames the page, the others are not tried: each try would be an error in the console.
  const framedBy = isFramed() ? window.location.ancestorOrigins?.[0] : undefined
  for (const origin of allowedOrigins) if (!framedBy || origin === framedBy) host.postMessage(event, origin)
}
