/**
 * One subscription for an app and all its people. An event names an activity and holds none of it. Whether events are signed is
 * not settled: a signature that is there must be right, and one that is missing makes the event a hint (or refuses it, if the
 * operator says so).
 */
import { z } from 'zod'
import type { AppKeys } from '../kit/auth.ts'
import { ProviderError } from '../kit/errors.ts'
import { jsonIn, jsonOf } from '../kit/hook-body.ts'
import { hmac, isSameSecret } from '../kit/proof.ts'
import { readAnswer } from '../kit/read-answer.ts'
import type { HookKeys, HookRequest, Notice, Verdict, Webhook } from '../kit/webhook.ts'

/** Others allow the same. */
const staleAfterMs = 300_000

const id = z.union([z.number(), z.string()]).transform(String)

const Event = z.object({
  object_type: z.enum(['activity', 'athlete']),
  object_id: id,
  aspect_type: z.enum(['create', 'update', 'delete']),
  updates: z.record(z.string(), z.unknown()).optional(),
  owner_id: id,
  subscription_id: id,
  event_time: z.number(),
})

const Subscription = z.object({ id, callback_url: z.string().optional() })

export const webhook: Webhook = {
  handshake({ method, query }, { secret }) {
    if (method !== 'GET' || query.get('hub.mode') !== 'subscribe') return undefined
    if (!isSameSecret(query.get('hub.verify_token') ?? undefined, secret)) return { status: 403 }
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ 'hub.challenge': query.get('hub.challenge') ?? '' }),
    }
  },
  verify(request, keys) {
    const { kept, app } = keys
    const setting = app?.extra['webhook_signature'] ?? 'if_present'
    const event = Event.safeParse(jsonIn(request))
    if (!event.success) return { kind: 'refused', reason: 'it is no event of Strava’s' }
    if (kept?.['id'] !== undefined && event.data.subscription_id !== kept['id'])
      return { kind: 'refused', reason: 'it belongs to another subscription' }
    const signature = request.headers['x-strava-signature']
    if (setting === 'off') return { kind: 'hint' }
    if (signature !== undefined) return judge(signature, request, keys)
    return setting === 'require' ? { kind: 'refused', reason: 'it is not signed' } : { kind: 'hint' }
  },
  read(request) {
    const event = readAnswer(Event, jsonOf(request, 'Strava'))
    const { object_id: record, aspect_type, event_time, owner_id: account } = event
    const of = { id: `${record}:${aspect_type}:${event_time}`, account }
    if (event.object_type === 'athlete') return leftOf(event) ? [{ ...of, kind: 'left' }] : []
    const notice: Notice =
      aspect_type === 'delete'
        ? { ...of, kind: 'deleted', feed: 'activities', record }
        : { ...of, kind: 'changed', feed: 'activities', record }
    return [notice]
  },
  subscribe: {
    per: 'app',
    everyDays: 1, // one that was deleted elsewhere is made again
    async begin(http, url, { app, secret }) {
      const { clientId, clientSecret } = appOf(app)
      const client = { client_id: clientId, client_secret: clientSecret }
      const known = await http.get('/push_subscriptions', client, { withoutToken: true })
      for (const one of readAnswer(z.array(Subscription), known.body)) {
        if (one.callback_url === url) return { id: one.id }
        // An app has one subscription: what is left of another address is in the way.
        await http.delete(`/push_subscriptions/${one.id}`, { query: client, withoutToken: true, expects: [404] })
      }
      const form = { ...client, callback_url: url, verify_token: secret }
      const { body } = await http.post('/push_subscriptions', { form }, { withoutToken: true })
      return { id: readAnswer(Subscription, body).id }
    },
    async end(http, { id }, { app }) {
      const { clientId, clientSecret } = appOf(app)
      const query = { client_id: clientId, client_secret: clientSecret }
      if (id) await http.delete(`/push_subscriptions/${id}`, { query, withoutToken: true, expects: [404] })
    },
  },
}

/** `t=<seconds>,v1=<hex>` over `t.body`. */
function judge(header: string, { body, at }: HookRequest, { app }: HookKeys): Verdict {
  const parts = new Map(header.split(',').map((part) => part.trim().split('=', 2) as [string, string]))
  const t = parts.get('t') ?? ''
  const signed = Buffer.concat([Buffer.from(`${t}.`), body])
  if (!app || !isSameSecret(parts.get('v1')?.toLowerCase(), hmac('sha256', app.clientSecret, signed)))
    return { kind: 'refused', reason: 'its signature is not Strava’s' }
  if (!(Math.abs(at - Number(t) * 1_000) <= staleAfterMs))
    return { kind: 'refused', reason: 'it is older than it may be' }
  return { kind: 'proven' }
}

/** Values in `updates` are texts. */
const leftOf = ({ updates, aspect_type }: z.infer<typeof Event>): boolean =>
  aspect_type === 'delete' || String(updates?.['authorized']) === 'false'

function appOf(app: AppKeys | undefined): AppKeys {
  if (!app) throw new ProviderError('auth', 'there is no app of Strava to subscribe with')
  return app
}
