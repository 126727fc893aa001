/** Subscriptions of an app: one for each kind of data and of event, each with an end. */
import { createHmac } from 'node:crypto'
import type { Account, Change } from '../kit/accounts.ts'
import { json, nothing } from '../kit/answers.ts'
import { type AppAsk, app, jsonOf, type Route } from '../kit/router.ts'
import type { App, Site } from '../kit/site.ts'
import { isoUtc, unix } from '../kit/times.ts'
import { problem } from './problem.ts'

interface Subscription {
  id: string
  callbackUrl: string
  token: string
  eventType: string
  dataType: string
  expiresAt: number
}

const dataTypes =
  'tag enhanced_tag workout session sleep daily_sleep daily_readiness daily_activity daily_spo2 sleep_time rest_mode_period ring_configuration daily_stress daily_cardiovascular_age daily_resilience vo2_max meal'.split(
    ' ',
  )
const eventTypes = ['create', 'update', 'delete']

/** The page states no length: ours. */
const lifeMs = 30 * 86_400_000
const patience = 10_000

/** Ten more attempts in about an hour. */
const retries = Array.from({ length: 10 }, (_, i) => (i + 1) * 360_000)

const base = '/v2/webhook/subscription'

const listOf = ({ notes }: App): Map<string, Subscription> => {
  const list = (notes.get('subscriptions') as Map<string, Subscription> | undefined) ?? new Map()
  notes.set('subscriptions', list)
  return list
}

const shown = ({ id, callbackUrl, eventType, dataType, expiresAt }: Subscription) => ({
  id,
  callback_url: callbackUrl,
  event_type: eventType,
  data_type: dataType,
  expiration_time: isoUtc(expiresAt),
})

export const webhookRoutes = (site: Site): Route[] => [
  app('POST', base, (ask) => create(site, ask)),
  app('GET', base, ({ app }) => json([...listOf(app).values()].map(shown))),
  app('GET', `${base}/:id`, (ask) => withOne(ask, (one) => json(shown(one)))),
  app('PUT', `${base}/:id`, (ask) => withOne(ask, (one) => change(site, ask, one))),
  app('PUT', `${base}/renew/:id`, (ask) =>
    withOne(ask, (one) => {
      one.expiresAt = site.now() + lifeMs
      return json(shown(one))
    }),
  ),
  app('DELETE', `${base}/:id`, (ask) =>
    withOne(ask, ({ id }) => {
      listOf(ask.app).delete(id)
      return nothing()
    }),
  ),
]

function withOne({ app, params }: AppAsk, answer: (one: Subscription) => Response | Promise<Response>) {
  const one = listOf(app).get(params['id'] ?? '')
  return one ? answer(one) : problem(404, 'Not found', 'There is no subscription with this id.')
}

type Wish = Omit<Subscription, 'id' | 'expiresAt'>

function readWish(ask: AppAsk): Wish | null {
  const { callback_url, verification_token, event_type, data_type } = jsonOf(ask) ?? {}
  const isRight =
    typeof callback_url === 'string' &&
    URL.canParse(callback_url) &&
    typeof verification_token === 'string' &&
    eventTypes.includes(String(event_type)) &&
    dataTypes.includes(String(data_type))
  return isRight
    ? {
        callbackUrl: callback_url,
        token: verification_token,
        eventType: String(event_type),
        dataType: String(data_type),
      }
    : null
}

const isTaken = (app: App, wish: Wish, except?: string) =>
  [...listOf(app).values()].some(
    ({ id, eventType, dataType }) => id !== except && eventType === wish.eventType && dataType === wish.dataType,
  )

async function create(site: Site, ask: AppAsk): Promise<Response> {
  const wish = readWish(ask)
  if (!wish) return problem(422, 'Validation error', 'A field is missing or has a value that is not offered.')
  if (isTaken(ask.app, wish)) return problem(409, 'Conflict', 'There is a subscription for this already.')
  if (!(await answersHandshake(site, wish)))
    return problem(400, 'Bad request', 'The callback did not echo the challenge.')
  const id = site.ids.uuid('subscription', site.ids.draw('subscription'))
  const one = { id, ...wish, expiresAt: site.now() + lifeMs }
  listOf(ask.app).set(id, one)
  return json(shown(one), 201)
}

async function change(site: Site, ask: AppAsk, one: Subscription): Promise<Response> {
  const wish = readWish(ask)
  if (!wish) return problem(422, 'Validation error', 'A field is missing or has a value that is not offered.')
  if (isTaken(ask.app, wish, one.id)) return problem(409, 'Conflict', 'There is a subscription for this already.')
  if (!(await answersHandshake(site, wish)))
    return problem(400, 'Bad request', 'The callback did not echo the challenge.')
  return json(shown(Object.assign(one, wish)))
}

async function answersHandshake({ courier, ids }: Site, { callbackUrl, token }: Wish): Promise<boolean> {
  const challenge = ids.draw('challenge', 16)
  const url = new URL(callbackUrl)
  url.searchParams.set('verification_token', token)
  url.searchParams.set('challenge', challenge)
  const answer = await courier.ask(url.href, { method: 'GET' }, patience)
  if (answer?.status !== 200) return false
  try {
    const body: unknown = await answer.json()
    return typeof body === 'object' && body !== null && Reflect.get(body, 'challenge') === challenge
  } catch {
    return false
  }
}

export async function tellApps(site: Site, account: Account, changes: readonly Change[]): Promise<void> {
  for (const app of site.appsOf(account))
    for (const change of changes) {
      const dataType = change.record.feed === 'vO2_max' ? 'vo2_max' : change.record.feed
      const one = [...listOf(app).values()].find(
        ({ eventType, dataType: of, expiresAt }) =>
          eventType === change.kind && of === dataType && expiresAt > site.now(),
      )
      if (one) await send(site, app, one, change, account)
    }
}

async function send({ courier, now }: Site, app: App, one: Subscription, { record }: Change, account: Account) {
  const body = JSON.stringify({
    event_type: one.eventType,
    data_type: one.dataType,
    object_id: record.id,
    event_time: `${isoUtc(now()).slice(0, 19)}+00:00`,
    user_id: account.id,
  })
  const make = () => {
    const timestamp = String(unix(now()))
    const signature = createHmac('sha256', app.clientSecret)
      .update(timestamp + body)
      .digest('hex')
      .toUpperCase()
    return {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-oura-timestamp': timestamp, 'x-oura-signature': signature },
    }
  }
  // 410 is an answer, and the last one: it cancels.
  const isTaken = (status: number) => (status >= 200 && status < 300) || status === 410
  await courier.deliver(one.callbackUrl, make, { patience, retries, isTaken }, ({ status }) => {
    if (status === 410) listOf(app).delete(one.id)
  })
}
