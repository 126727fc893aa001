/** Where the reader points, shared by what stands beside a chart without drawing the chart again. */
import { useSyncExternalStore } from 'react'

export interface Cursor {
  get(): number | null
  set(at: number | null): void
  subscribe(listener: () => void): () => void
}

export function createCursor(): Cursor {
  const listeners = new Set<() => void>()
  let current: number | null = null
  return {
    get: () => current,
    set(at) {
      if (at === current) return
      current = at
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export function useCursor(cursor: Cursor): number | null {
  return useSyncExternalStore(cursor.subscribe, cursor.get)
}
