import { z } from 'zod'
import { ProviderError } from '../kit/errors.ts'
import { jsonOf } from '../kit/hook-body.ts'
import { digestOf, isSameSecret } from '../kit/proof.ts'
import type { Notice, Webhook } from '../kit/webhook.ts'

const pushed = z.object({
  sportDataList: z.array(z.looseObject({ openId: z.string().optional() })).nullish(),
  batchDailyList: z
    .array(z.looseObject({ openId: z.string().optional(), dailyList: z.array(z.unknown()).nullish() }))
    .nullish(),
})

export const webhook: Webhook = {
  setUp: {
    en: 'Send this address to COROS as the push address when they set up your app; they call it with your app’s id and secret.',
    de: 'Nenne COROS diese Adresse als Push-Adresse, wenn deine App eingerichtet wird; sie wird mit Id und Secret deiner App aufgerufen.',
    fr: 'Indiquez cette adresse à COROS comme adresse de « push » lors de la mise en place de votre application ; COROS l’appelle avec l’identifiant et le secret de celle-ci.',
  },
  /** A GET only asks whether we are there. */
  handshake: ({ method }) => (method === 'POST' ? undefined : { status: 200 }),
  /** Nothing is signed; the app's id and its secret stand in the headers. Of the signed push of days the algorithm is not known: refused. */
  verify({ headers }, { app }) {
    const isOurs = isSameSecret(headers['client'], app?.clientId) && isSameSecret(headers['secret'], app?.clientSecret)
    return isOurs ? { kind: 'proven' } : { kind: 'refused', reason: 'client and secret are not those of our app' }
  },
  read(request) {
    const parsed = pushed.safeParse(jsonOf(request, 'COROS'))
    if (!parsed.success) throw new ProviderError('bad_data', 'a notice of COROS has another form than it should')
    const { sportDataList, batchDailyList } = parsed.data
    return [
      ...(sportDataList ?? []).flatMap((item): Notice[] => {
        const record = JSON.stringify(item)
        const id = `workout:${digestOf(record)}`
        return item.openId ? [{ id, account: item.openId, kind: 'changed', feed: 'workouts', record }] : []
      }),
      ...(batchDailyList ?? []).flatMap(({ openId, dailyList }): Notice[] => {
        const records = dailyList ?? []
        const id = `daily:${digestOf(JSON.stringify([openId, records]))}`
        return openId && records.length ? [{ id, account: openId, kind: 'records', feed: 'daily', records }] : []
      }),
    ]
  },
  answer: {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'ok', result: '0000' }),
  },
}
