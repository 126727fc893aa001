/**
 * Keeping the last data on this device, for reading without the hub. Off until a person turns it on, theirs alone, and
 * wiped when they turn it off, sign out, or somebody else signs in here (OWASP ASVS 14.3.1).
 */
const choice = 'tributary-offline'

/** Browsers allow it on HTTPS and on the machine itself only. */
export const canKeepOffline = isSecureContext && 'serviceWorker' in navigator && 'caches' in globalThis

export const keepsOffline = (userId: string): boolean => localStorage.getItem(choice) === userId

export async function keepOffline(userId: string): Promise<void> {
  localStorage.setItem(choice, userId) // first: what a tab that ends now has begun is known to be theirs
  try {
    await isActive(await navigator.serviceWorker.register(`/sw.js?person=${encodeURIComponent(userId)}`))
  } catch (error) {
    await forgetOffline()
    throw error
  }
}

/** One that could not keep the pages becomes redundant, and `ready` would be waited for in vain. */
function isActive({ installing }: ServiceWorkerRegistration): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!installing) return resolve()
    installing.addEventListener('statechange', () => {
      if (installing.state === 'activated') resolve()
      if (installing.state === 'redundant') reject(new Error('the pages could not be kept'))
    })
    return undefined
  })
}

export async function forgetOffline(): Promise<void> {
  localStorage.removeItem(choice)
  if (!canKeepOffline) return
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister()
  for (const name of await caches.keys()) if (name.startsWith('tributary-')) await caches.delete(name)
}

/** What somebody else kept here is none of this person's business. */
export async function settleOffline(userId: string): Promise<void> {
  if (!keepsOffline(userId)) await forgetOffline()
}
