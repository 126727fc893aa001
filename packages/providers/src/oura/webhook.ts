/** Subscriptions of the app, one for each kind of event and data. An event names a document and holds none of it. */
import { z } from 'zod'
import type { AppKeys } from '../kit/auth.ts'
import { ProviderError } from '../kit/errors.ts'
import { jsonOf } from '../kit/hook-body.ts'
import type { RequestOptions } from '../kit/http.ts'
import { digestOf, hmac, isSameSecret } from '../kit/proof.ts'
import { readAnswer } from '../kit/read-answer.ts'
import type { Webhook } from '../kit/webhook.ts'

/** Failed posts are sent again for about an hour, and nobody says that they are signed anew. */
const staleAfterMs = 2 * 3_600_000

/** Kinds that have a feed which tells something, under their own names. There is none for heart rate. */
const dataTypes = [
  'sleep',
  'daily_sleep',
  'daily_readiness',
  'daily_activity',
  'daily_spo2',
  'daily_stress',
  'daily_cardiovascular_age',
  'vo2_max',
  'workout',
  'session',
] as const
const eventTypes = ['create', 'update', 'delete'] as const

const Event = z.object({
  event_type: z.enum(eventTypes),
  data_type: z.string(),
  object_id: z.string(),
  event_time: z.string(),
  user_id: z.string(),
})

const Subscription = z.object({
  id: z.string(),
  callback_url: z.string(),
  event_type: z.string(),
  data_type: z.string(),
})
type Subscription = z.infer<typeof Subscription>

export const webhook: Webhook = {
  handshake({ method, query }, { secret }) {
    const challenge = query.get('challenge')
    if (method !== 'GET' || challenge === null) return undefined
    if (!isSameSecret(query.get('verification_token') ?? undefined, secret)) return { status: 401 }
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ challenge }) }
  },
  verify({ headers, body, at }, { app }) {
    const stamp = headers['x-oura-timestamp']
    const signature = headers['x-oura-signature']
    if (stamp === undefined || signature === undefined) return { kind: 'refused', reason: 'it is not signed' }
    const right = app && hmac('sha256', app.clientSecret, Buffer.concat([Buffer.from(stamp), body]))
    // Upper case by the page; hexadecimal digits are the same in both.
    if (!isSameSecret(signature.toLowerCase(), right)) return { kind: 'refused', reason: 'its signature is not Oura’s' }
    if (!(Math.abs(at - timeOf(stamp)) <= staleAfterMs))
      return { kind: 'refused', reason: 'it is older than it may be' }
    return { kind: 'proven' }
  },
  read(request) {
    const event = readAnswer(Event, jsonOf(request, 'Oura'))
    const { data_type: feed, object_id: record, user_id: account } = event
    if (!(dataTypes as readonly string[]).includes(feed)) return []
    const id = digestOf(`${event.event_type} ${feed} ${record} ${event.event_time}`)
    return [{ id, account, kind: event.event_type === 'delete' ? 'deleted' : 'changed', feed, record }]
  },
  subscribe: {
    per: 'app',
    everyDays: 7, // they end, and nobody says after how long
    async begin(http, url, { app, secret }) {
      const options = asApp(app)
      const { body } = await http.get('/v2/webhook/subscription', undefined, options)
      const known = readAnswer(z.array(Subscription), body)
      const kept: Record<string, string> = {}
      for (const data_type of dataTypes)
        for (const event_type of eventTypes) {
          const same = known.filter((one) => one.data_type === data_type && one.event_type === event_type)
          const ours = same.find(({ callback_url }) => callback_url === url)
          for (const { id } of same) // of a pair there is one: an old address is in the way
            if (id !== ours?.id) await http.delete(`/v2/webhook/subscription/${id}`, { ...options, expects: [404] })
          const wanted = { callback_url: url, verification_token: secret, event_type, data_type }
          const made: Subscription = ours
            ? readAnswer(Subscription, (await http.put(`/v2/webhook/subscription/renew/${ours.id}`, {}, options)).body)
            : readAnswer(Subscription, (await http.post('/v2/webhook/subscription', { json: wanted }, options)).body)
          kept[`${data_type}:${event_type}`] = made.id
        }
      return kept
    },
    async end(http, kept, { app }) {
      const options = asApp(app)
      for (const id of Object.values(kept))
        await http.delete(`/v2/webhook/subscription/${id}`, { ...options, expects: [404] })
    },
  },
}

/** Seconds or milliseconds since 1970, or a time as text: the page shows none. */
function timeOf(stamp: string): number {
  const number = Number(stamp)
  if (Number.isNaN(number)) return Date.parse(stamp)
  return number < 100_000_000_000 ? number * 1_000 : number
}

function asApp(app: AppKeys | undefined): RequestOptions {
  if (!app) throw new ProviderError('auth', 'there is no app of Oura to subscribe with')
  return { headers: { 'x-client-id': app.clientId, 'x-client-secret': app.clientSecret }, withoutToken: true }
}
