import { tableOf } from '@tributary/protocol'
import { z } from 'zod'
import { jsonOf } from '../kit/hook-body.ts'
import { hmac, isSameSecret, noticeId } from '../kit/proof.ts'
import type { HookRequest, Notice, Webhook } from '../kit/webhook.ts'

const samples: Readonly<Record<string, string>> = tableOf({
  SUUNTO_247_SLEEP_CREATED: 'sleep',
  SUUNTO_247_ACTIVITY_CREATED: 'activity',
  SUUNTO_247_RECOVERY_CREATED: 'recovery',
})

const notice = z.object({
  type: z.string(),
  username: z.string(),
  workout: z.object({ workoutKey: z.string() }).nullish(),
  samples: z.array(z.object({ timestamp: z.string() })).nullish(),
})

export const webhook: Webhook = {
  setUp: {
    en: 'In Suunto’s API Zone, open your profile’s OAuth settings, enter this address as notification URL and a notification secret; enter the same secret here.',
    de: 'Öffne in Suuntos API Zone die OAuth-Einstellungen deines Profils und trage diese Adresse als Notification URL und ein Notification Secret ein; dasselbe trage hier ein.',
    fr: 'Dans l’API Zone de Suunto, ouvrez les paramètres OAuth de votre profil, saisissez cette adresse comme « notification URL » et un « notification secret » ; saisissez le même ici.',
  },
  verify(request, { app }) {
    const signature = request.headers['x-hmac-sha256-signature']
    const secret = app?.extra['notification_secret']
    if (signature !== undefined)
      return secret && isSameSecret(signature.toLowerCase(), hmac('sha256', secret, request.body))
        ? { kind: 'proven' }
        : { kind: 'refused', reason: 'the signature is not of this body' }
    // Older apps are told without a signature, with the credentials of the app: whoever has those may ask us to look.
    const basic = app && `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')}`
    return isForm(request) && isSameSecret(request.headers['authorization'], basic)
      ? { kind: 'hint' }
      : { kind: 'refused', reason: 'no signature' }
  },
  read(request) {
    if (isForm(request)) return readForm(request)
    const parsed = notice.safeParse(jsonOf(request, 'Suunto'))
    if (!parsed.success) return []
    const { type, username: account, workout, samples: sent } = parsed.data
    const id = `${type}:${noticeId(request)}`
    if (type === 'WORKOUT_CREATED' && workout)
      return [{ id, account, kind: 'changed', feed: 'workouts', record: workout.workoutKey }] // also said of changes
    const feed = samples[type]
    return feed ? [{ id, account, kind: 'changed', feed, ...stretchOf(sent ?? []) }] : [] // routes are no measurements
  },
  answer: { status: 200 }, // within two seconds, or Suunto stops calling for a while
}

/** Notices hold some of the fields only, so the stretch is read again: a day before, for a night is listed by its end. */
function stretchOf(sent: readonly { timestamp: string }[]): { window?: { from: number; to: number } } {
  const times = sent.map(({ timestamp }) => Date.parse(timestamp)).filter((t) => !Number.isNaN(t))
  if (!times.length) return {}
  return { window: { from: Math.min(...times) - 86_400_000, to: Math.max(...times) + 1000 } }
}

const isForm = ({ headers }: HookRequest): boolean =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true

function readForm(request: HookRequest): Notice[] {
  const form = new URLSearchParams(new TextDecoder().decode(request.body))
  const [account, record] = [form.get('username'), form.get('workoutid')]
  return account && record
    ? [{ id: `form:${noticeId(request)}`, account, kind: 'changed', feed: 'workouts', record }]
    : []
}
