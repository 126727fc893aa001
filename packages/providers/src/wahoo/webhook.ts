import { z } from 'zod'
import { ProviderError } from '../kit/errors.ts'
import { jsonIn, jsonOf } from '../kit/hook-body.ts'
import { isSameSecret } from '../kit/proof.ts'
import type { Webhook } from '../kit/webhook.ts'

const body = z.object({
  event_type: z.string(),
  webhook_token: z.string().nullish(),
  user: z.object({ id: z.number() }),
  workout_summary: z.object({
    id: z.number(),
    updated_at: z.string().nullish(),
    workout: z.object({ id: z.number() }),
  }),
})

export const webhook: Webhook = {
  setUp: {
    en: 'In Wahoo’s developer portal, open your app, switch webhooks on, enter this address as URL and a token of your choice; enter the same token here.',
    de: 'Öffne deine App in Wahoos Entwicklerportal, schalte Webhooks ein und trage diese Adresse als URL und ein beliebiges Token ein; dasselbe Token trage hier ein.',
    fr: 'Dans le portail développeur de Wahoo, ouvrez votre application, activez les webhooks, saisissez cette adresse et un jeton de votre choix ; saisissez le même jeton ici.',
  },
  /** The token in the body is all there is: nothing is signed, so what is said is fetched anew. */
  verify(request, { app }) {
    const parsed = body.pick({ webhook_token: true }).safeParse(jsonIn(request))
    const token = parsed.success ? (parsed.data.webhook_token ?? undefined) : undefined
    return isSameSecret(token, app?.extra['webhook_token'])
      ? { kind: 'hint' }
      : { kind: 'refused', reason: 'webhook_token is not ours' }
  },
  read(request) {
    const said = jsonOf(request, 'Wahoo')
    if ((said as { event_type?: unknown } | null)?.event_type !== 'workout_summary') return []
    const parsed = body.safeParse(said)
    if (!parsed.success) throw new ProviderError('bad_data', 'a notice of Wahoo has another form than it should')
    const { user, workout_summary: sum } = parsed.data
    const id = `workout:${sum.workout.id}:${sum.id}:${sum.updated_at ?? ''}` // said again when its file is changed
    return [{ id, account: String(user.id), kind: 'changed', feed: 'workouts', record: String(sum.workout.id) }]
  },
  answer: { status: 200 }, // anything else is tried again, for three days
}
