/**
 * A subscription for each person and kind. Nothing is signed: the path is the secret, and a notice is only a hint to look. Which
 * stretch it names is taken wide, since a notice that was lost before may lie beside it.
 */
import { z } from 'zod'
import { ProviderError } from '../kit/errors.ts'
import { noticeId } from '../kit/proof.ts'
import { readAnswer } from '../kit/read-answer.ts'
import type { HookRequest, Notice, Webhook } from '../kit/webhook.ts'
import { call, listOf } from './call.ts'

const dayMs = 86_400_000

/** Kinds we are told of, and where to look then. */
const feedsOf: Readonly<Record<number, readonly string[]>> = {
  1: ['measures'],
  2: ['measures'],
  4: ['measures'],
  16: ['activity', 'intraday', 'workouts'],
  44: ['sleep'],
  54: ['heart'],
}
const profile = 46
const wanted = [...Object.keys(feedsOf), String(profile)]

const Form = z.object({
  userid: z.string().regex(/^\d+$/),
  appli: z.coerce.number().int(),
  startdate: z.coerce.number().optional(),
  enddate: z.coerce.number().optional(),
  date: z.iso.date().optional(),
  action: z.string().optional(),
})

export const webhook: Webhook = {
  handshake: ({ method }) => (method === 'HEAD' || method === 'GET' ? { status: 200 } : undefined),
  verify: (request) =>
    formOf(request).success ? { kind: 'hint' } : { kind: 'refused', reason: 'it is no notice of Withings’' },
  read(request) {
    const form = formOf(request)
    if (!form.success) throw new ProviderError('bad_data', 'a notice of Withings is not the form it should be')
    const { userid: account, appli, action } = form.data
    const id = noticeId(request) // a day's notice reads the same all day
    if (appli === profile) return action === 'delete' || action === 'unlink' ? [{ id, account, kind: 'left' }] : []
    const window = windowOf(form.data)
    return (feedsOf[appli] ?? []).map(
      (feed): Notice => ({ id: `${id}:${feed}`, account, kind: 'changed', feed, ...(window ? { window } : {}) }),
    )
  },
  subscribe: {
    per: 'connection',
    everyDays: 1, // dropped after a few failures
    async begin(http, url) {
      const { profiles } = await call(http, '/notify', 'list')
      const known = listOf(profiles).flatMap(({ appli, callbackurl }) => (callbackurl === url ? [String(appli)] : []))
      for (const appli of wanted)
        if (!known.includes(appli)) await call(http, '/notify', 'subscribe', { callbackurl: url, appli })
      return { url }
    },
    async end(http, { url }) {
      if (!url) return
      const { profiles } = await call(http, '/notify', 'list')
      for (const one of listOf(profiles)) {
        const { appli, callbackurl } = readAnswer(Subscribed, one)
        if (callbackurl === url) await call(http, '/notify', 'revoke', { callbackurl, appli })
      }
    },
  },
}

const Subscribed = z.object({ appli: z.number(), callbackurl: z.string() })

const formOf = ({ body }: HookRequest) =>
  Form.safeParse(Object.fromEntries(new URLSearchParams(new TextDecoder().decode(body))))

function windowOf({ startdate, enddate, date }: z.infer<typeof Form>): { from: number; to: number } | undefined {
  if (startdate !== undefined && enddate !== undefined)
    return { from: startdate * 1_000 - dayMs, to: (enddate + 1) * 1_000 }
  if (!date) return undefined
  const start = Date.parse(date)
  return { from: start - dayMs, to: start + 2 * dayMs }
}
