import { connections } from '@tributary/protocol'

/**
 * What the connect page of a session tells the page that shows it. `url` is the session's; undefined for every other message, which
 * anybody may send: compare its `source` with the frame or window too, if several are open.
 */
export function readConnectEvent(
  { origin, data }: { origin: string; data: unknown },
  url: string,
): connections.ConnectEvent | undefined {
  return origin === new URL(url).origin ? connections.ConnectEvent.safeParse(data).data : undefined
}
