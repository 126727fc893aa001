/**
 * Keeping the last data on this device, for reading without the hub. Off until a person turns it on, theirs alone, and
 * wiped when they turn it off, sign out, or somebody else signs in here (OWASP ASVS 14.3.1).
 */
const choice = 'tributary-offline'
/**
 * Stands among what is kept, and is what allows keeping: only a page puts it there, and wiping takes it first. A worker that is in the
 * middle of something finds it missing and keeps nothing (`public/sw.js`).
 */
const permit = '/kept-here'
const dataOf = (userId: string) => `tributary-data-${userId}`

/** Browsers allow it on HTTPS and on the machine itself only. */
export const canKeepOffline = isSecureContext && 'serviceWorker' in navigator && 'caches' in globalThis

export const keepsOffline = (userId: string): boolean => localStorage.getItem(choice) === userId

export async function keepOffline(userId: string): Promise<void> {
  localStorage.setItem(choice, userId) // first: what a tab that ends now has begun is known to be theirs
  try {
    await isActive(await navigator.serviceWorker.register(`/sw.js?person=${encodeURIComponent(userId)}`))
    await permitKeeping(userId)
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

async function permitKeeping(userId: string): Promise<void> {
  const cacheName = dataOf(userId)
  // A worker that found it wiped may take it away once more between the two.
  do await (await caches.open(cacheName)).put(permit, new Response(''))
  while (!(await caches.match(permit, { cacheName })))
  if (!keepsOffline(userId)) await wipeKept() // another tab wiped it in this moment
}

export async function forgetOffline(): Promise<void> {
  localStorage.removeItem(choice)
  if (!canKeepOffline) return
  await wipeKept()
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister()
  for (const name of await ours()) await caches.delete(name)
}

/** Before anybody signs in: until it is known who that is, nothing that was kept for whoever was here may be shown. The pages are nobody's, and stay. */
export async function wipeKept(): Promise<void> {
  if (!canKeepOffline) return
  for (const name of await ours()) {
    if (!name.startsWith(dataOf(''))) continue
    await (await caches.open(name)).delete(permit)
    await caches.delete(name)
  }
}

const ours = async () => (await caches.keys()).filter((name) => name.startsWith('tributary-'))

/** What somebody else kept here is none of this person's business; who asked for it before has it again. */
export async function settleOffline(userId: string): Promise<void> {
  if (!keepsOffline(userId)) await forgetOffline()
  else if (!canKeepOffline) return
  else if (await navigator.serviceWorker.getRegistration()) await permitKeeping(userId)
  else await keepOffline(userId)
}
