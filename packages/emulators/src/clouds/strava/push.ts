/** One subscription for each app; events say that something changed, not what it is now. */
import { createHmac } from 'node:crypto'
import type { Account, Change } from '../kit/accounts.ts'
import { json, nothing } from '../kit/answers.ts'
import { type AppAsk, app, type Route } from '../kit/router.ts'
import type { App, Site } from '../kit/site.ts'
import { unix } from '../kit/times.ts'
import { fault } from './fault.ts'

interface Subscription {
  id: number
  callbackUrl: string
}

const patience = 2_000

/** Three attempts in all. The page does not say when; these are ours. */
const retries = [60_000, 300_000]

const subscriptionOf = ({ notes }: App) => notes.get('subscription') as Subscription | undefined

export const pushRoutes = (site: Site): Route[] => [
  app('POST', '/api/v3/push_subscriptions', (ask) => subscribe(site, ask)),
  app('GET', '/api/v3/push_subscriptions', ({ app }) => {
    const one = subscriptionOf(app)
    return json(one ? [{ id: one.id, application_id: Number(app.clientId), callback_url: one.callbackUrl }] : [])
  }),
  app('DELETE', '/api/v3/push_subscriptions/:id', ({ app, params }) => {
    if (String(subscriptionOf(app)?.id) !== params['id']) return fault(404, 'PushSubscription', 'id', 'not found')
    app.notes.delete('subscription')
    return nothing()
  }),
]

async function subscribe({ ids, courier }: Site, { app, form }: AppAsk): Promise<Response> {
  const callbackUrl = form.get('callback_url') ?? ''
  const verifyToken = form.get('verify_token')
  if (!URL.canParse(callbackUrl) || callbackUrl.length > 255)
    return fault(400, 'PushSubscription', 'callback_url', 'invalid')
  if (!verifyToken) return fault(400, 'PushSubscription', 'verify_token', 'missing')
  if (subscriptionOf(app)) return fault(400, 'PushSubscription', '', 'already exists')
  const challenge = ids.draw('challenge', 16)
  const url = new URL(callbackUrl)
  url.searchParams.set('hub.mode', 'subscribe')
  url.searchParams.set('hub.challenge', challenge)
  url.searchParams.set('hub.verify_token', verifyToken)
  const answer = await courier.ask(url.href, { method: 'GET' }, patience)
  if (!answer || !(await isEcho(answer, challenge)))
    return fault(400, 'PushSubscription', 'callback url', 'GET to callback URL does not return 200')
  const subscription = { id: ids.integer(6, 'subscription', app.clientId, ids.draw('subscription')), callbackUrl }
  app.notes.set('subscription', subscription)
  return json({ id: subscription.id }, 201)
}

async function isEcho(answer: Response, challenge: string): Promise<boolean> {
  if (answer.status !== 200 || !answer.headers.get('content-type')?.startsWith('application/json')) return false
  try {
    const body: unknown = await answer.json()
    return typeof body === 'object' && body !== null && Reflect.get(body, 'hub.challenge') === challenge
  } catch {
    return false
  }
}

interface Event {
  object_type: 'activity' | 'athlete'
  object_id: number
  aspect_type: Change['kind']
  updates: Record<string, string>
}

export async function tellApps(
  site: Site,
  account: Account,
  changes: readonly Change[],
  signs: boolean,
): Promise<void> {
  for (const app of site.appsOf(account)) {
    const scopes = site.grants.live(account.id, app.clientId).flatMap((grant) => grant.scopes)
    const seesAll = scopes.includes('activity:read_all')
    if (!seesAll && !scopes.includes('activity:read')) continue
    for (const change of changes) {
      const event = eventOf(change, seesAll)
      if (event) await send(site, app, account, event, signs)
    }
  }
}

export const tellLeft = (site: Site, account: Account, app: App, signs: boolean): Promise<void> =>
  send(
    site,
    app,
    account,
    { object_type: 'athlete', object_id: Number(account.id), aspect_type: 'update', updates: { authorized: 'false' } },
    signs,
  )

/** An update is told when title, type or privacy changed: for other figures nobody is called. */
function eventOf({ kind, record, before }: Change, seesAll: boolean): Event | null {
  const { body } = record
  const told = (aspect_type: Event['aspect_type'], updates: Record<string, string> = {}): Event => ({
    object_type: 'activity',
    object_id: Number(record.id),
    aspect_type,
    updates,
  })
  const wasHidden = before?.body['private'] === true
  const isHidden = body['private'] === true
  if (!seesAll && kind === 'update' && isHidden !== wasHidden) return told(isHidden ? 'delete' : 'create')
  if (!seesAll && isHidden) return null
  if (kind !== 'update') return told(kind)
  const updates: Record<string, string> = {}
  if (body['name'] !== before?.body['name']) updates['title'] = String(body['name'])
  if (body['type'] !== before?.body['type']) updates['type'] = String(body['type'])
  if (isHidden !== wasHidden) updates['private'] = String(isHidden)
  return Object.keys(updates).length ? told('update', updates) : null
}

async function send({ courier, now }: Site, app: App, account: Account, event: Event, signs: boolean): Promise<void> {
  const subscription = subscriptionOf(app)
  if (!subscription) return
  const { id, callbackUrl } = subscription
  const body = JSON.stringify({ ...event, owner_id: Number(account.id), subscription_id: id, event_time: unix(now()) })
  const make = () => ({
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      ...(signs ? { 'x-strava-signature': signatureOf(body, app.clientSecret, unix(now())) } : {}),
    },
  })
  await courier.deliver(callbackUrl, make, { patience, retries, isTaken: (status) => status === 200 })
}

function signatureOf(body: string, secret: string, time: number): string {
  return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`
}
