/** One webhook for an app, with a key that is shown once, when it is made. The address in a notice is never fetched. */
import { tableOf } from '@tributary/protocol'
import { z } from 'zod'
import type { AppKeys } from '../kit/auth.ts'
import { ProviderError } from '../kit/errors.ts'
import { jsonIn, jsonOf } from '../kit/hook-body.ts'
import type { ProviderHttp, RequestOptions } from '../kit/http.ts'
import { digestOf, hmac, isSameSecret } from '../kit/proof.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { membersOf } from '../kit/token-answer.ts'
import type { Notice, Webhook } from '../kit/webhook.ts'

/** After seven days without an answer a webhook is switched off: nothing older is sent again. */
const staleAfterMs = 8 * 86_400_000

/** Events and the feeds that they are news of; sleep tells of the recharge too, which has no event. */
const feedsOf: Readonly<Record<string, readonly string[]>> = tableOf({
  EXERCISE: ['exercises'],
  SLEEP: ['sleep', 'nightly_recharge'],
  CONTINUOUS_HEART_RATE: ['continuous_heart_rate'],
  ACTIVITY_SUMMARY: ['activity'],
  PHYSICAL_INFORMATION: ['physical_info'],
})

const Event = z.object({
  event: z.string(),
  user_id: z.number(),
  entity_id: z.string().optional(),
  date: z.string().optional(),
  timestamp: z.string(),
})

const Hook = z.object({
  id: z.string(),
  url: z.string(),
  active: z.boolean().optional(),
  signature_secret_key: z.string().optional(),
})
type Hook = z.infer<typeof Hook>

export const webhook: Webhook = {
  /** The first PING comes before the key can be known: it says nothing, and is answered whoever sent it. */
  handshake: (request) =>
    request.method === 'POST' && membersOf(jsonIn(request))['event'] === 'PING' ? { status: 200 } : undefined,
  verify(request, { kept }) {
    const key = kept?.['signature_secret_key']
    if (!key) return { kind: 'hint' }
    const signature = request.headers['polar-webhook-signature']?.toLowerCase()
    if (!isSameSecret(signature, hmac('sha256', key, request.body)))
      return { kind: 'refused', reason: signature ? 'its signature is not Polar’s' : 'it is not signed' }
    const said = Date.parse(String(membersOf(jsonIn(request))['timestamp']))
    if (!(Math.abs(request.at - said) <= staleAfterMs)) return { kind: 'refused', reason: 'it is older than it may be' }
    return { kind: 'proven' }
  },
  read(request) {
    const { event, user_id, entity_id, date } = readAnswer(Event, jsonOf(request, 'Polar'))
    const id = digestOf(request.body)
    const record = entity_id ?? date
    return (Object.hasOwn(feedsOf, event) ? (feedsOf[event] ?? []) : []).map(
      (feed): Notice => ({
        id: `${id}:${feed}`,
        account: String(user_id),
        kind: 'changed',
        feed,
        ...(record === undefined || feed === 'physical_info' ? {} : { record }),
      }),
    )
  },
  subscribe: {
    per: 'app',
    everyDays: 1, // one that was switched off is switched on again
    async begin(http, url, { app, kept }) {
      const options = asApp(app)
      const known = await hooksOf(http, options)
      const ours = known.find((hook) => hook.url === url && hook.id === kept?.['id'])
      if (ours && kept?.['signature_secret_key']) {
        if (ours.active === false) await http.post('/webhooks/activate', {}, options)
        return { ...kept }
      }
      // Of another address, or with a key that nobody knows any more.
      for (const { id } of known) await http.delete(`/webhooks/${id}`, { ...options, expects: [404] })
      const { body } = await http.post('/webhooks', { json: { events: Object.keys(feedsOf), url } }, options)
      const made = readAnswer(z.object({ data: Hook }), body).data
      return { id: made.id, ...(made.signature_secret_key ? { signature_secret_key: made.signature_secret_key } : {}) }
    },
    async end(http, { id }, { app }) {
      if (id) await http.delete(`/webhooks/${id}`, { ...asApp(app), expects: [404] })
    },
  },
}

/** One or several, or 404 and nothing when there is none. */
async function hooksOf(http: ProviderHttp, options: RequestOptions): Promise<Hook[]> {
  const { status, body } = await http.get('/webhooks', undefined, { ...options, expects: [404] })
  const { data } = membersOf(body)
  if (status === 404 || data === undefined || data === null) return []
  return readAnswer(z.array(Hook), Array.isArray(data) ? data : [data])
}

function asApp(app: AppKeys | undefined): RequestOptions {
  if (!app) throw new ProviderError('auth', 'there is no app of Polar to subscribe with')
  const basic = Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')
  return { headers: { authorization: `Basic ${basic}`, accept: 'application/json' }, withoutToken: true }
}
