/** One webhook for each client, by its own id and secret; and the list for those who ask instead. */
import { createHmac } from 'node:crypto'
import type { Account, Change } from '../kit/accounts.ts'
import { nothing } from '../kit/answers.ts'
import { type AppAsk, app, jsonOf, type Route } from '../kit/router.ts'
import type { App, Site } from '../kit/site.ts'
import { isoUtc } from '../kit/times.ts'
import { error, say } from './say.ts'
import { registrationOf } from './users.ts'

interface Webhook {
  id: string
  events: readonly string[]
  url: string
  key: string
  isActive: boolean
  /** ms; when it last answered as it should. */
  succeededAt: number
}

const eventNames = [
  'EXERCISE',
  'SLEEP',
  'CONTINUOUS_HEART_RATE',
  'ACTIVITY_SUMMARY',
  'PHYSICAL_INFORMATION',
  'SLEEP_WISE_ALERTNESS',
  'SLEEP_WISE_CIRCADIAN_BEDTIME',
]

const events: Readonly<Record<string, readonly [event: string, path: string]>> = {
  exercise: ['EXERCISE', '/v3/exercises/'],
  sleep: ['SLEEP', '/v3/users/sleep/'],
  heart: ['CONTINUOUS_HEART_RATE', '/v3/users/continuous-heart-rate/'],
  activity: ['ACTIVITY_SUMMARY', '/v3/users/activities/'],
  physical: ['PHYSICAL_INFORMATION', '/v3/users/physical-info'],
}

/** The page knows neither: ours. */
const patience = 5_000
const retries = [60_000, 600_000, 3_600_000]

const silenceMs = 7 * 86_400_000

const webhookOf = ({ notes }: App) => notes.get('webhook') as Webhook | undefined

const shown = ({ id, events, url, isActive }: Webhook) => ({ id, events, url, active: isActive })

export const webhookRoutes = (site: Site): Route[] => [
  app('POST', '/v3/webhooks', (ask) => create(site, ask)),
  app('GET', '/v3/webhooks', (ask) => {
    const hook = webhookOf(ask.app)
    return say(ask, { data: hook ? [shown(hook)] : [] })
  }),
  app('POST', '/v3/webhooks/activate', (ask) => setActive(site, ask, true)),
  app('POST', '/v3/webhooks/deactivate', (ask) => setActive(site, ask, false)),
  app('PATCH', '/v3/webhooks/:id', (ask) => change(site, ask)),
  app('DELETE', '/v3/webhooks/:id', (ask) => {
    if (webhookOf(ask.app)?.id !== ask.params['id']) return error(ask, 404, 'There is no such webhook.')
    ask.app.notes.delete('webhook')
    return nothing()
  }),
  app('GET', '/v3/notifications', (ask) => {
    const news = newsOf(ask.app).splice(0)
    return news.length ? say(ask, { 'available-user-data': news }) : nothing()
  }),
]

function readEvents(value: unknown): string[] | null {
  return Array.isArray(value) && value.length && value.every((one) => eventNames.includes(one)) ? value : null
}

async function create(site: Site, ask: AppAsk): Promise<Response> {
  const body = jsonOf(ask)
  const wanted = readEvents(body?.['events'])
  const url = body?.['url']
  if (!wanted || typeof url !== 'string' || !URL.canParse(url)) return error(ask, 400, 'events or url is wrong.')
  if (webhookOf(ask.app)) return error(ask, 409, 'There is a webhook already.')
  const id = site.ids.draw('webhook', 8)
  const hook = {
    id,
    events: wanted,
    url,
    key: site.ids.draw('signature key', 64),
    isActive: true,
    succeededAt: site.now(),
  }
  if (!(await ping(site, hook))) return error(ask, 400, 'The URL did not answer the ping with 200.')
  ask.app.notes.set('webhook', hook)
  return say(ask, { data: { ...shown(hook), signature_secret_key: hook.key } }, 201)
}

async function change(site: Site, ask: AppAsk): Promise<Response> {
  const hook = webhookOf(ask.app)
  if (hook?.id !== ask.params['id'] || !hook) return error(ask, 404, 'There is no such webhook.')
  const body = jsonOf(ask)
  const wanted = body?.['events'] === undefined ? hook.events : readEvents(body['events'])
  const url = body?.['url'] ?? hook.url
  if (!wanted || typeof url !== 'string' || !URL.canParse(url)) return error(ask, 400, 'events or url is wrong.')
  if (url !== hook.url && !(await ping(site, { ...hook, url })))
    return error(ask, 400, 'The URL did not answer the ping with 200.')
  return say(ask, { data: shown(Object.assign(hook, { events: wanted, url })) })
}

function setActive({ now }: Site, ask: AppAsk, isActive: boolean): Response {
  const hook = webhookOf(ask.app)
  if (!hook) return nothing()
  hook.isActive = isActive
  if (isActive) hook.succeededAt = now()
  return say(ask, { data: shown(hook) })
}

async function ping({ courier, now }: Site, hook: Webhook): Promise<boolean> {
  const body = JSON.stringify({ timestamp: stamp(now()), event: 'PING' })
  const answer = await courier.ask(hook.url, post(hook, 'PING', body), patience)
  return answer?.status === 200
}

const stamp = (t: number) => isoUtc(t).replace(/\.\d+/, '')

const post = ({ key }: Webhook, event: string, body: string): RequestInit => ({
  method: 'POST',
  body,
  headers: {
    'content-type': 'application/json',
    'polar-webhook-event': event,
    'polar-webhook-signature': createHmac('sha256', key).update(body).digest('hex'),
  },
})

interface News {
  'user-id': number
  'data-type': string
  url: string
}

function newsOf({ notes }: App): News[] {
  const news = (notes.get('news') as News[] | undefined) ?? []
  notes.set('news', news)
  return news
}

/** Of what is new or corrected; deletions are not told. */
export async function tellApps(site: Site, account: Account, changes: readonly Change[]): Promise<void> {
  for (const app of site.appsOf(account)) {
    if (!registrationOf(account, app)) continue
    for (const { kind, record } of changes) {
      const [event, path] = events[record.feed] ?? []
      if (kind === 'delete' || !event || !path) continue
      const date = record.date
      const what = event === 'EXERCISE' ? { entity_id: record.id } : date ? { date } : {}
      const url = site.options.origin + path + (event === 'EXERCISE' ? record.id : (date ?? ''))
      newsOf(app).push({ 'user-id': Number(account.id), 'data-type': event, url })
      const hook = webhookOf(app)
      if (hook?.isActive && hook.events.includes(event))
        await send(site, hook, event, {
          event,
          user_id: Number(account.id),
          ...what,
          timestamp: stamp(site.now()),
          url,
        })
    }
  }
}

async function send({ courier, now }: Site, hook: Webhook, event: string, body: object): Promise<void> {
  const text = JSON.stringify(body)
  const isTaken = (status: number) => status === 200
  await courier.deliver(
    hook.url,
    () => post(hook, event, text),
    { patience, retries, isTaken },
    (attempt) => {
      if (attempt.isTaken) hook.succeededAt = now()
      else if (now() - hook.succeededAt >= silenceMs) hook.isActive = false
    },
  )
}
