/** What this tab remembers on its way to another site and back; in memory alone where a browser gives a framed page no storage. */
const memory = new Map<string, string>()

export function recall(key: string): string | null {
  try {
    return sessionStorage.getItem(key)
  } catch {
    return memory.get(key) ?? null
  }
}

export function remember(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value)
  } catch {
    memory.set(key, value)
  }
}

export function forget(key: string): void {
  memory.delete(key)
  try {
    sessionStorage.removeItem(key)
  } catch {
    // There was no storage to begin with.
  }
}
