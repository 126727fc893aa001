/** One address for an app, set in WHOOP's dashboard. An event names a record and holds none of it. */
import { z } from 'zod'
import { jsonOf } from '../kit/hook-body.ts'
import { digestOf, hmac, isSameSecret } from '../kit/proof.ts'
import { readAnswer } from '../kit/read-answer.ts'
import type { Webhook } from '../kit/webhook.ts'

const staleAfterMs = 300_000

const Event = z.object({ user_id: z.number(), id: z.string(), type: z.string(), trace_id: z.string() })

/** There is none of cycles. Those of a recovery carry the id of its sleep. */
const feeds = new Set(['sleep', 'recovery', 'workout'])

export const webhook: Webhook = {
  setUp: {
    en: 'In WHOOP’s developer dashboard, open the app, add this URL under Webhooks and choose model version v2.',
    de: 'Im Developer-Dashboard von WHOOP die App öffnen, diese URL unter Webhooks eintragen und Modellversion v2 wählen.',
    fr: 'Dans le tableau de bord développeur de WHOOP, ouvrez l’app, ajoutez cette URL sous Webhooks et choisissez la version v2.',
  },
  verify({ headers, body, at }, { app }) {
    const stamp = headers['x-whoop-signature-timestamp']
    const signature = headers['x-whoop-signature']
    if (stamp === undefined || signature === undefined) return { kind: 'refused', reason: 'it is not signed' }
    const right = app && hmac('sha256', app.clientSecret, Buffer.concat([Buffer.from(stamp), body]), 'base64')
    if (!isSameSecret(signature, right)) return { kind: 'refused', reason: 'its signature is not WHOOP’s' }
    if (!(Math.abs(at - Number(stamp)) <= staleAfterMs))
      return { kind: 'refused', reason: 'it is older than it may be' }
    return { kind: 'proven' }
  },
  read(request) {
    const { user_id, id: record, type, trace_id } = readAnswer(Event, jsonOf(request, 'WHOOP'))
    const [feed = '', what] = type.split('.')
    if (!feeds.has(feed)) return []
    const of = { id: digestOf(`${type} ${record} ${trace_id}`), account: String(user_id), feed, record }
    if (what === 'deleted') return [{ ...of, kind: 'deleted' }]
    return what === 'updated' ? [{ ...of, kind: 'changed' }] : []
  },
}
