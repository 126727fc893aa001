import type { Page } from 'playwright-core'

/** All that a script of this page could read, now and later: what is stored, where one has been and what is drawn. */
export async function readBrowser(page: Page): Promise<Record<string, string>> {
  return await page.evaluate<Record<string, string>>(`(async () => {
    const told = {}
    const tell = (place, what) => { told[place] = typeof what === 'string' ? what : JSON.stringify(what) }
    tell('localStorage', { ...localStorage })
    tell('sessionStorage', { ...sessionStorage })
    tell('cookies', [document.cookie, await cookieStore.getAll()])
    tell('address', [location.href, document.referrer, window.name, history.state])
    tell('history', navigation.entries().map(({ url }) => url))
    tell('requests', performance.getEntries().map(({ name }) => name))
    tell('page', document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map(({ value }) => value))
    const kept = []
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const answer = await cache.match(request)
        kept.push(name, request.url, JSON.stringify([...request.headers]), JSON.stringify([...answer.headers]), await answer.text())
      }
    }
    tell('Cache Storage', kept.join('\\n'))
    const rows = []
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise((resolve, reject) => {
        const asked = indexedDB.open(name)
        asked.onsuccess = () => resolve(asked.result)
        asked.onerror = () => reject(asked.error)
      })
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store)
        for (const asked of [objects.getAllKeys(), objects.getAll()])
          rows.push(name, store, JSON.stringify(await new Promise((resolve, reject) => {
            asked.onsuccess = () => resolve(asked.result)
            asked.onerror = () => reject(asked.error)
          })))
      }
      database.close()
    }
    tell('IndexedDB', rows.join('\\n'))
    return told
  })()`)
}
