/** Whether what is shown is fresh, or was kept by the service worker. */
import { useSyncExternalStore } from 'react'

export const keptAtHeader = 'x-tributary-kept-at'

/** The oldest of what is shown, in milliseconds since 1970; undefined while the hub answers. */
let keptAt: number | undefined
const listeners = new Set<() => void>()

export function noticeKept(header: string | null): void {
  const at = header ? Number(header) : undefined
  const next = at === undefined ? undefined : Math.min(at, keptAt ?? at)
  if (next === keptAt) return
  keptAt = next
  for (const listener of listeners) listener()
}

export const useKeptAt = (): number | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => keptAt,
  )
