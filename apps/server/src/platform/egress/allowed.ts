/** What an operator lets us ask though it is private or speaks plain HTTP: hosts of EGRESS_ALLOW, origins of base URLs. */
export interface Allowed {
  has(url: URL): boolean
  /** Answers how to take it back. */
  add(entry: string): () => void
}

/** `host`, `host:port` or a URL, of which the origin counts. */
export function createAllowed(entries: readonly string[]): Allowed {
  const kept = new Map<symbol, string>()
  const add = (entry: string) => {
    const key = Symbol(entry)
    kept.set(key, nameOf(entry))
    return () => void kept.delete(key)
  }
  for (const entry of entries) add(entry)
  return {
    add,
    has: (url) => {
      const names = [url.origin, url.hostname, `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`]
      return [...kept.values()].some((entry) => names.includes(entry))
    },
  }
}

/** Spelt as the URL parser spells it, so that `NAS.local` and `[::1]` are found. */
function nameOf(entry: string): string {
  if (URL.canParse(entry) && /^https?:\/\//i.test(entry)) return new URL(entry).origin
  const bare = /^[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*$/i.test(entry) ? `[${entry}]` : entry
  if (!URL.canParse(`http://${bare}`)) return entry
  const port = /:(\d+)$/.exec(bare.replace(/^\[.*\]/, ''))?.[1]
  const { hostname } = new URL(`http://${bare}`)
  return port ? `${hostname}:${port}` : hostname
}
