/** The thread: every cloud at an address of this machine, with the same people each time. */
import { parentPort, workerData } from 'node:worker_threads'
import {
  accountAt,
  appsPage,
  type Cloud,
  clouds,
  peopleOf,
  type RegisteredApp,
  serveCloud,
  settingsOf,
} from '@tributary/emulators/clouds'
import type { CloudsTask, FromThread, OpenedCloud, ToThread } from './thread-messages.ts'
import { walkSignIn } from './walk-sign-in.ts'

const { seed, days, most, hubOrigins, callbackPath } = workerData as CloudsTask
const clock = { now: () => Date.now() }
const byOrigin = new Map<string, Cloud>()

function say(message: FromThread): void {
  parentPort?.postMessage(message)
}

/** Made once, when the first request asks for somebody: it takes seconds. */
let people: ReturnType<typeof peopleOf> | undefined
const filled = new Map<string, { id: string; name: string }[]>()

function fill(cloud: Cloud): { id: string; name: string }[] {
  const known = filled.get(cloud.id)
  if (known) return known
  people ??= peopleOf(seed, { until: clock.now(), days, most })
  const accounts = people.map((person) => ({ id: cloud.addAccount(accountAt(person, cloud.id)), name: person.name }))
  filled.set(cloud.id, accounts)
  return accounts
}

async function open(provider: string, make: (typeof clouds)[keyof typeof clouds]): Promise<OpenedCloud> {
  let app: RegisteredApp | undefined
  const { origin, cloud } = await serveCloud((at) => {
    const own = make({ clock, seed, origin: at, send: fetch, appsPath })
    return {
      ...own,
      handle: (request) => {
        const accounts = fill(own)
        return app && new URL(request.url).pathname === appsPath
          ? showApps(own, accounts, app, request)
          : own.handle(request)
      },
    }
  })
  byOrigin.set(origin, cloud)
  const redirectUris = hubOrigins.map((hub) => hub + callbackPath.replace('{provider}', provider))
  app = cloud.registerApp({ redirectUris })
  return { provider, origin, ...app, extra: settingsOf(app) }
}

/** Where a person ends what they allowed, on the brand's own site. */
const appsPath = '/apps'

async function showApps(
  cloud: Cloud,
  accounts: readonly { id: string; name: string }[],
  { clientId }: RegisteredApp,
  request: Request,
): Promise<Response> {
  const chosen = request.method === 'POST' ? (await request.formData()).get('account') : null
  const account = accounts.find(({ id }) => id === chosen)
  if (account) await cloud.revoke(account.id, clientId)
  return new Response(appsPage(cloud.name, accounts, account?.name), {
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
  })
}

parentPort?.on('message', ({ ask, url, account }: ToThread) => {
  const cloud = byOrigin.get(new URL(url).origin)
  const walked = cloud
    ? walkSignIn(cloud, url, account)
    : Promise.reject(new Error('none of the clouds has this address'))
  walked.then(
    (location) => say({ answer: ask, location }),
    (error: Error) => say({ answer: ask, error: error.message }),
  )
})

say({ opened: await Promise.all(Object.entries(clouds).map(([provider, make]) => open(provider, make))) })
