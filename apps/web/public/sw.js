// Keeps the pages and the last answers of one person, so that they can be read while the hub is out of reach.
// It exists only where that person asked for it, and is told whose data it keeps by its own address.

const person = new URL(self.location.href).searchParams.get('person')
const shellName = 'tributary-shell'
const dataName = `tributary-data-${person}`

/** Put there by the page, which takes it away first when it wipes the rest: without it nothing may be kept. Never made here. */
const permit = '/kept-here'
/** The page reads from this header that an answer is not fresh. */
const keptAtHeader = 'x-tributary-kept-at'
/** A hub in another network does not refuse, it stays silent. */
const patienceMs = 4_000
const mostKept = 400
/** Answers to questions about access, whole files, and what is only worth something fresh. */
const neverKept =
  /^\/api\/v1\/(setup|auth|api-keys|invites|me\/sign-ins|uploads|exports|imports|quarantine|demo)\b|\/file$/
/** Ranges end now, and now is never asked for twice: the newest answer to the same question is what can be shown. */
const moving = ['start_time', 'end_time', 'from', 'to']

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(begin().then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (pathname.startsWith('/api/')) {
    // A file that is opened like a page is the hub's to give.
    if (request.mode !== 'navigate' && !neverKept.test(pathname)) event.respondWith(data(request))
  } else if (request.mode === 'navigate') {
    if (!/^\/(docs|openapi)/.test(pathname)) event.respondWith(page(request))
  } else event.respondWith(part(request))
})

/** What was kept for somebody else goes. */
async function begin() {
  const names = await caches.keys()
  await Promise.all(
    names.filter((name) => name.startsWith('tributary-data-') && name !== dataName).map((name) => caches.delete(name)),
  )
}

/** All of a build or nothing of it: parts of two do not fit together. */
async function keepShell() {
  const parts = await (await fetch('/shell.json', { cache: 'no-cache' })).json()
  const fresh = await caches.open(`${shellName}-next`)
  await fresh.addAll(['/', ...parts.map((name) => `/${name}`)])
  const shell = await caches.open(shellName)
  await empty(shell)
  for (const request of await fresh.keys()) await shell.put(request, await fresh.match(request))
  await caches.delete(`${shellName}-next`)
}

async function empty(cache) {
  for (const request of await cache.keys()) await cache.delete(request)
}

/** Any address of the app is the same page. */
async function page(request) {
  const kept = await caches.match('/', { cacheName: shellName })
  const fresh = fetch(request).then(async (response) => {
    if (!response.ok) return response
    // Wiped and wanted again before this worker ended, or of a hub of another version.
    const isOld = kept ? (await kept.clone().text()) !== (await response.clone().text()) : await isWanted()
    if (isOld) await keepShell()
    return response
  })
  return soonOr(fresh, kept)
}

async function part(request) {
  const kept = await caches.match(request, { cacheName: shellName, ignoreSearch: true })
  // What is built has its content in its name.
  return kept && request.url.includes('/assets/') ? kept : soonOr(fetch(request), kept)
}

/** This worker may outlive what the page has wiped for a while, and be in the middle of an answer then. */
async function data(request) {
  if (!(await caches.has(dataName))) return fetch(request)
  const cache = await caches.open(dataName)
  if (!(await isPermitted(cache))) {
    await caches.delete(dataName) // wiped between the two lines above, and made again by the second
    return fetch(request)
  }
  const fresh = fetch(request).then(async (response) => {
    // Whose sign-in has ended may not read on.
    if (response.status === 401) await empty(cache)
    else if (response.ok && isJson(response)) await keep(cache, request, response.clone())
    return response
  })
  return soonOr(fresh, await lastOf(cache, request))
}

const isWanted = async () => (await caches.match(permit, { cacheName: dataName })) !== undefined
const isPermitted = async (cache) => (await cache.match(permit)) !== undefined

/** The network's answer, or what was kept when it fails or stays silent. */
async function soonOr(fresh, kept) {
  if (!kept) return fresh
  const silence = new Promise((resolve) => setTimeout(resolve, patienceMs))
  return (await Promise.race([fresh.catch(() => undefined), silence])) ?? kept
}

const isJson = (response) => (response.headers.get('content-type') ?? '').includes('json')

async function keep(cache, request, response) {
  const headers = { 'content-type': response.headers.get('content-type'), [keptAtHeader]: String(Date.now()) }
  const kept = new Response(await response.blob(), { headers })
  if (!(await isPermitted(cache))) return
  await cache.delete(request) // so that it is the newest of all
  await cache.put(request, kept)
  if (!(await isPermitted(cache))) return empty(cache) // wiped meanwhile
  const keys = (await cache.keys()).filter(({ url }) => new URL(url).pathname !== permit)
  await Promise.all(keys.slice(0, Math.max(0, keys.length - mostKept)).map((old) => cache.delete(old)))
}

async function lastOf(cache, request) {
  const exact = await cache.match(request)
  if (exact) return exact
  const wanted = questionOf(request.url)
  const alike = (await cache.keys()).filter(({ url }) => questionOf(url) === wanted).at(-1)
  return alike && cache.match(alike)
}

function questionOf(address) {
  const url = new URL(address)
  for (const name of moving) url.searchParams.delete(name)
  url.searchParams.sort()
  return url.href
}
