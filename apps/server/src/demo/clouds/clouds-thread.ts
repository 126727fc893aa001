/** The thread: every cloud at an address of this machine, with the same people each time. */
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { type Cloud, clouds, type MakeCloud, peopleOf, serveCloud } from '@tributary/emulators/clouds'
import type { CloudsTask, FromThread, OpenedCloud, ToThread } from './thread-messages.ts'

const task = workerData as CloudsTask
const port = parentPort
if (!port) throw new Error('the clouds run in a thread')
const say = (message: FromThread) => port.postMessage(message)

const clock = { now: () => Date.now() }
const served = new Map<string, Cloud>()

async function open(
  provider: string,
  make: MakeCloud,
  people: Promise<ReturnType<typeof peopleOf>>,
): Promise<OpenedCloud> {
  const { origin, cloud } = await serveCloud((at) =>
    peopled(make({ clock, seed: task.seed, origin: at, send: fetch }), provider, people),
  )
  served.set(provider, cloud)
  const redirectUris = task.hubOrigins.map((hub) => hub + task.callbackPath.replace('{provider}', provider))
  return { provider, origin, ...cloud.registerApp({ redirectUris }), extra: {} }
}

/** A request waits until the people are there, who are made once for all clouds. */
function peopled(cloud: Cloud, provider: string, people: Promise<ReturnType<typeof peopleOf>>): Cloud {
  const ready = people.then((all) => {
    for (const { recordings, ...person } of all) cloud.addAccount({ ...person, recordings: recordings[provider] ?? [] })
  })
  return {
    ...cloud,
    handle: async (request) => {
      await ready
      return cloud.handle(request)
    },
  }
}

/** What a person does on the sign-in page, for connections that the demo makes by itself. */
async function walk(url: string, account: string | null): Promise<string> {
  const cloud = [...served.values()].find(({ id }) => url.startsWith(originOf(id)))
  if (!cloud) throw new Error('none of the clouds has this address')
  const page = await (await cloud.handle(new Request(url))).text()
  const form = new URLSearchParams({ answer: 'allow' })
  const offered = [...page.matchAll(/type="radio" name="account" value="([^"]*)"/g)].map(([, id = '']) => id)
  const chosen = account === null ? offered[0] : offered.find((id) => id === account)
  if (chosen === undefined) throw new Error('the page does not offer that account')
  form.set('account', chosen)
  for (const [, scope = '', rest = ''] of page.matchAll(/type="checkbox" name="scope" value="([^"]*)"([^>]*)/g))
    if (!rest.includes('disabled')) form.append('scope', scope)
  const answer = await cloud.handle(new Request(url, { method: 'POST', body: form }))
  const location = answer.headers.get('location')
  if (!location) throw new Error(`the page answered ${answer.status}`)
  return location
}

const origins = new Map<string, string>()
const originOf = (id: string) => origins.get(id) ?? '-'

port.on('message', ({ ask, url, account }: ToThread) => {
  walk(url, account).then(
    (location) => say({ answer: ask, location }),
    (error: Error) => say({ answer: ask, error: error.message }),
  )
})

const people =
  once(port, 'message').then(() => undefined) &&
  Promise.resolve().then(() => peopleOf(task.seed, { until: clock.now(), days: task.days }).slice(0, 2))
const opened = await Promise.all(Object.entries(clouds).map(([provider, make]) => open(provider, make, people)))
for (const { provider, origin } of opened) origins.set(provider, origin)
say({ opened })
