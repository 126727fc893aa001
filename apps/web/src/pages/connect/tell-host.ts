import type { connections } from '@tributary/protocol'

export interface HostEvent {
  type: (typeof connections.connectEvents)[number]
  provider?: string
  connection_id?: string
}

/** The page that frames or opened this one hears what happens, if the session allows its origin; nobody else does. */
export function tellHost(allowedOrigins: readonly string[], event: HostEvent): void {
  const host = window.parent !== window ? window.parent : window.opener
  if (!host) return
  for (const url of allowedOrigins) host.postMessage({ source: 'tributary', ...event }, new URL(url).origin)
}
