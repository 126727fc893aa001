/** The thread: every cloud at an address of this machine, with the same people each time. */
import { parentPort, workerData } from 'node:worker_threads'
import { accountAt, type Cloud, clouds, peopleOf, serveCloud } from '@tributary/emulators/clouds'
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
const filled = new Set<string>()

function fill(cloud: Cloud): void {
  if (filled.has(cloud.id)) return
  filled.add(cloud.id)
  people ??= peopleOf(seed, { until: clock.now(), days }).slice(0, most)
  for (const person of people) cloud.addAccount(accountAt(person, cloud.id))
}

async function open(provider: string, make: (typeof clouds)[keyof typeof clouds]): Promise<OpenedCloud> {
  const { origin, cloud } = await serveCloud((at) => {
    const own = make({ clock, seed, origin: at, send: fetch })
    return {
      ...own,
      handle: (request) => {
        fill(own)
        return own.handle(request)
      },
    }
  })
  byOrigin.set(origin, cloud)
  const redirectUris = hubOrigins.map((hub) => hub + callbackPath.replace('{provider}', provider))
  return { provider, origin, ...cloud.registerApp({ redirectUris }) }
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
